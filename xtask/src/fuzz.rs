//! `cargo xtask fuzz`: the fuzz targets of `turn`, by libFuzzer and with the compiler that builds everything else. What the
//! targets hold true is in `turn/fuzz`.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result, bail};

use crate::{
    debian,
    process::{cargo, command, find, output, run, step},
    project,
};

const MANIFEST: &str = "turn/fuzz/Cargo.toml";

const TARGETS: [&str; 2] = ["decoder", "client_says"];

/// What tells libFuzzer which way the code took: LLVM's coverage of edges, and what is compared with what.
const COVERAGE: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // Debug builds would be slow, release builds would pass over what overflows.
    "-Cdebug-assertions",
];

/// Runs each target for so long. What it has found out about the ways through the code is kept for the next time.
pub fn fuzz(time: Duration) -> Result<()> {
    let host = output(command("rustc").arg("-vV"))?;
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not say what it compiles for")?;
    step("Building the fuzz targets", || {
        compiler()?;
        run(in_own_folder("build --release")?
            // Named, so that what runs while compiling is compiled as ever.
            .args(["--target", host])
            .env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}")))
    })?;
    for target in TARGETS {
        let title = format!("Fuzzing {target} for {} s", time.as_secs());
        step(&title, || {
            let corpus = folder()?.join("corpus").join(target);
            fs::create_dir_all(&corpus)?;
            let program = folder()?.join(host).join("release").join(target);
            run(command(program)
                .arg(format!("-max_total_time={}", time.as_secs()))
                // Twice what passes as a datagram.
                .args(["-max_len=8192", "-print_final_stats=1", "-verbosity=0"])
                .arg(format!("-artifact_prefix={}/", folder()?.display()))
                .arg(corpus))
        })?;
    }
    Ok(())
}

/// So that they keep compiling while nobody runs them.
pub fn lint() -> Result<()> {
    compiler()?;
    run(in_own_folder("clippy")?.args(["--", "-D", "warnings"]))
}

fn in_own_folder(subcommand: &str) -> Result<Command> {
    let mut cargo = cargo(subcommand);
    cargo
        .args(["--manifest-path", MANIFEST, "--locked", "--target-dir"])
        .arg(folder()?);
    Ok(cargo)
}

/// Beside what else is built.
fn folder() -> Result<PathBuf> {
    Ok(project::target()?.join("fuzz"))
}

/// libFuzzer is C++.
fn compiler() -> Result<()> {
    if find("c++").is_some() {
        return Ok(());
    }
    debian::install("a C++ compiler, for libFuzzer, is", &["g++"])?;
    match find("c++") {
        Some(_) => Ok(()),
        None => bail!("g++ is installed, but c++ is not on the PATH"),
    }
}
