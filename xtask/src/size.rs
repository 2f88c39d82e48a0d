//! `cargo xtask size`: what a visitor downloads. Making it smaller is left to the profile `wasm` and trunk.

use std::{fs, io::Write};

use anyhow::Result;

use crate::{bundle, fingerprint, process::step, project, tools::Tools};

/// Prints every file of the release bundle with its bytes, raw and compressed, and the totals.
pub fn size() -> Result<()> {
    bundle::build(&step("Looking for the tools", Tools::prepare)?)?;
    println!("\n{:>10} {:>10}  file", "raw", "brotli");
    let (mut raw_total, mut small_total) = (0, 0);
    for file in fingerprint::files(&project::dist())? {
        let bytes = fs::read(&file)?;
        let small = brotli_size(&bytes)?;
        raw_total += bytes.len();
        small_total += small;
        println!(
            "{:>10} {small:>10}  {}",
            bytes.len(),
            file.strip_prefix(project::dist())?.display()
        );
    }
    println!("{raw_total:>10} {small_total:>10}  total, in bytes");
    Ok(())
}

/// The bytes that Brotli at its best (quality 11, window 22) leaves.
fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let mut small = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut small, 4096, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(small.len())
}
