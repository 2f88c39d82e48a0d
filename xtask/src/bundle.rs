//! The release bundle: trunk's build into dist/, skipped when nothing that goes into it has changed. Getting the tools
//! is left to `tools`, serving the bundle to the server.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    fingerprint,
    process::{command, output, run, step},
    project,
    tools::{Tools, WasmOpt},
};

/// Makes dist/ hold the release bundle of the present sources.
pub fn build(tools: &Tools) -> Result<()> {
    let stamp = project::notes().join("bundle");
    let inputs = inputs(tools)?;
    // A stamp that cannot be read is no stamp: the first build.
    if fs::read_to_string(&stamp)
        .is_ok_and(|stamp| dist().is_ok_and(|dist| stamp == format!("{inputs} {dist}")))
    {
        println!("==> The page is up to date");
        return Ok(());
    }
    let title = "Building the page (trunk, release; a few minutes the first time)";
    step(title, || {
        // The page first: trunk would take it for the value of `--release`.
        run(tools
            .trunk(&["build"])?
            .arg(page(&tools.wasm_opt)?)
            .arg("--release"))
    })?;
    fs::create_dir_all(project::notes())?;
    fs::write(&stamp, format!("{inputs} {}", dist()?))
        .with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Everything that decides what the bundle becomes.
fn inputs(tools: &Tools) -> Result<String> {
    let files = ["index.html", "Trunk.toml", "Cargo.toml", "Cargo.lock"];
    let paths = files
        .iter()
        .chain(&project::PAGE_CRATES)
        .map(|path| project::root().join(path));
    let sources = fingerprint::of(paths)?;
    let rustc = output(command("rustc").arg("--version"))?;
    Ok(format!("{sources:x}, {rustc}, {tools}"))
}

/// What lies in dist/: `trunk serve` puts its debug build there too.
fn dist() -> Result<String> {
    Ok(format!("{:x}", fingerprint::of([project::dist()])?))
}

/// The page's source for trunk: index.html or, without wasm-opt, a copy that does not ask for it, since trunk would
/// download one or fail.
fn page(wasm_opt: &WasmOpt) -> Result<PathBuf> {
    let page = project::root().join("index.html");
    match wasm_opt {
        WasmOpt::Ready(_) => Ok(page),
        WasmOpt::Missing => {
            fs::create_dir_all(project::notes())?;
            let copy = project::notes().join("index.html");
            fs::write(&copy, without_wasm_opt(&fs::read_to_string(page)?))?;
            Ok(copy)
        }
    }
}

/// The page moved to `target/xtask/`, with wasm-opt off.
fn without_wasm_opt(page: &str) -> String {
    page.replace("data-wasm-opt=\"z\"", "data-wasm-opt=\"0\"")
        .replace("href=\"", "href=\"../../")
}

#[cfg(test)]
mod tests {
    use super::without_wasm_opt;

    #[test]
    fn without_wasm_opt_trunk_is_told_so_and_finds_the_same_files() {
        let page = include_str!("../../index.html");
        let without = without_wasm_opt(page);
        assert!(
            page.contains("data-wasm-opt") && !without.contains("data-wasm-opt=\"z\""),
            "{without}"
        );
        assert!(
            without.contains("data-wasm-opt=\"0\"")
                && without.contains("href=\"../../frontend/Cargo.toml\"")
        );
    }
}
