//! Puts trunk's bundle (`../dist`) into release builds, with a Brotli form of what gets smaller by it.
//! Debug builds read the folder whenever they are asked, so that it may change under them.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let release = env::var("PROFILE")? == "release";
    let code = if release {
        let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        format!("Some(&[{}])", entries(&dist, &out)?)
    } else {
        "None".to_owned()
    };
    fs::write(out.join("built_in.rs"), code)?;
    Ok(())
}

/// The elements of the list of `web::bundle::BuiltIn`.
fn entries(dist: &Path, out: &Path) -> Result<String> {
    let mut paths = Vec::new();
    if dist.is_dir() {
        collect(dist, &mut paths)?;
    }
    paths.sort();
    let mut code = String::new();
    for (index, path) in paths.iter().enumerate() {
        let path = path.canonicalize()?;
        let name = path.strip_prefix(dist.canonicalize()?)?;
        let content = fs::read(&path)?;
        let brotli = compress(&content)?;
        let brotli = if brotli.len() < content.len() * 9 / 10 {
            let file = out.join(format!("{index}.br"));
            fs::write(&file, brotli)?;
            format!("Some(include_bytes!({file:?}))")
        } else {
            "None".to_owned()
        };
        write!(
            code,
            "BuiltIn {{ name: {name:?}, content: include_bytes!({path:?}), brotli: {brotli} }},",
        )?;
    }
    Ok(code)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

fn compress(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressor = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 24);
    compressor.write_all(content)?;
    compressor.flush()?;
    Ok(compressor.into_inner())
}
