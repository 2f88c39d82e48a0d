//! The tools that build the page, the wasm target, trunk, wasm-bindgen, wasm-opt, and Firefox's driver. Each is taken from the
//! PATH when its version is right, else from a folder that all checkouts of one user share, where it is put when missing.
//! Building with them is left to `bundle`; the browser to `browser`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    process::{cargo, command, find, output, run, step},
    project,
};

/// The newest trunk that the workspace's `rust-version` builds.
const TRUNK: &str = "0.21.14";
/// Drives Firefox 153, which Debian has now.
const GECKODRIVER: &str = "0.37.1";
/// npm's package of wasm-opt, for when there is none on the PATH.
const BINARYEN: &str = "132.0.0";
/// Older ones don't know the features that rustc takes for granted today.
const OLDEST_WASM_OPT: u32 = 117;
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The tools, ready to use.
pub struct Tools {
    folders: Vec<PathBuf>,
    /// Whether the bundle can be shrunk.
    pub wasm_opt: WasmOpt,
    wasm_bindgen: String,
}

/// wasm-opt makes the page smaller, but it works without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmOpt {
    /// There is one of this version.
    Ready(u32),
    /// There is none, and no way to get one.
    Missing,
}

impl Tools {
    /// Gets what is missing. Takes minutes on a new machine, milliseconds later.
    pub fn prepare() -> Result<Self> {
        wasm_target()?;
        let wasm_bindgen = locked_version("wasm-bindgen")?;
        let (wasm_opt, wasm_opt_folder) = wasm_opt()?;
        let folders = [
            cargo_tool("trunk", "trunk", TRUNK)?,
            cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &wasm_bindgen)?,
            wasm_opt_folder,
        ];
        let tools = Self {
            folders: folders.into_iter().flatten().collect(),
            wasm_opt,
            wasm_bindgen,
        };
        println!("    {tools}");
        Ok(tools)
    }

    /// Makes a command find these tools before all others.
    pub fn announce_to<'a>(&self, command: &'a mut Command) -> Result<&'a mut Command> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&path));
        Ok(command.env("PATH", env::join_paths(folders)?))
    }

    /// trunk, kept from asking for newer versions of itself.
    pub fn trunk(&self, arguments: &[&str]) -> Result<Command> {
        let mut trunk = command("trunk");
        self.announce_to(&mut trunk)?
            .args(arguments)
            .env("TRUNK_SKIP_VERSION_CHECK", "true");
        // trunk insists on `true` or `false` where everyone else takes any value.
        if env::var_os("NO_COLOR").is_some() {
            trunk.env("NO_COLOR", "true");
        }
        Ok(trunk)
    }
}

impl std::fmt::Display for Tools {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "trunk {TRUNK}, wasm-bindgen {}", self.wasm_bindgen)?;
        match self.wasm_opt {
            WasmOpt::Ready(version) => write!(f, ", wasm-opt {version}"),
            WasmOpt::Missing => write!(
                f,
                ", no wasm-opt (nor a way to get it: npm would be one): the page will be larger"
            ),
        }
    }
}

/// Makes rustc able to compile for the browser.
pub fn wasm_target() -> Result<()> {
    let library =
        output(command("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!(
            "Rust's {WASM_TARGET} target is missing and there is no rustup to add it: install Rust from https://rustup.rs"
        );
    }
    step("Adding Rust's wasm target", || {
        run(command("rustup").args(["target", "add", WASM_TARGET]))
    })
}

/// Makes `cargo fmt` and `cargo clippy` available, which rustup's minimal profile leaves out.
pub fn rust_component(subcommand: &str, component: &str) -> Result<()> {
    if output(&mut cargo(&format!("{subcommand} --version"))).is_ok() {
        return Ok(());
    }
    step(&format!("Adding Rust's {component}"), || {
        run(command("rustup").args(["component", "add", component]))
    })
}

/// Firefox's driver.
pub fn geckodriver() -> Result<PathBuf> {
    let tool = "geckodriver";
    let folder = cargo_tool(tool, tool, GECKODRIVER)?;
    folder
        .map(|folder| folder.join(tool))
        .or_else(|| find(tool))
        .context("geckodriver is not on the PATH any more")
}

/// A tool that `cargo install` makes of `package`: `None` when the PATH has it, else the folder it is in.
fn cargo_tool(tool: &str, package: &str, version: &str) -> Result<Option<PathBuf>> {
    if version_of(Path::new(tool)).as_deref() == Some(version) {
        return Ok(None);
    }
    let home = cache()?.join(format!("{package}-{version}"));
    let folder = home.join("bin");
    if version_of(&folder.join(tool)).as_deref() != Some(version) {
        let title = format!(
            "Installing {package} {version} into {} (some minutes, once)",
            home.display()
        );
        step(&title, || {
            run(cargo("install --locked --force --root")
                .arg(&home)
                .arg(format!("{package}@{version}"))
                // Not the checkout: its cargo configuration is not meant for tools.
                .current_dir(home_made(&home)?)
                // A fat LTO, as trunk's manifest asks for, takes longer than it would ever save here.
                .env("CARGO_PROFILE_RELEASE_LTO", "false")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"))
        })?;
    }
    Ok(Some(folder))
}

/// wasm-opt from the PATH or from npm, and the folder to find it in where that is not on the PATH.
fn wasm_opt() -> Result<(WasmOpt, Option<PathBuf>)> {
    let recent = |tool: &Path| {
        let version = version_of(tool)?.parse().ok()?;
        (version >= OLDEST_WASM_OPT).then_some(WasmOpt::Ready(version))
    };
    if let Some(ready) = recent(Path::new("wasm-opt")) {
        return Ok((ready, None));
    }
    let home = cache()?.join(format!("binaryen-{BINARYEN}"));
    let folder = home.join("node_modules/.bin");
    let tool = folder.join("wasm-opt");
    if let Some(ready) = recent(&tool) {
        return Ok((ready, Some(folder)));
    }
    if find("npm").is_none() {
        return Ok((WasmOpt::Missing, None));
    }
    let title = format!(
        "Installing wasm-opt (npm's binaryen {BINARYEN}) into {}",
        home.display()
    );
    let installed = step(&title, || {
        let quietly = "--no-audit --no-fund --no-save --ignore-scripts --loglevel=error --prefix .";
        run(command("npm")
            .arg("install")
            .args(quietly.split(' '))
            .arg(format!("binaryen@{BINARYEN}"))
            .current_dir(home_made(&home)?))?;
        recent(&tool).with_context(|| format!("{} does not run", tool.display()))
    });
    match installed {
        Ok(ready) => Ok((ready, Some(folder))),
        Err(error) => {
            println!("    going on without: {error:#}");
            Ok((WasmOpt::Missing, None))
        }
    }
}

/// What `tool --version` says: the first word that begins with a digit.
fn version_of(tool: &Path) -> Option<String> {
    // A tool that cannot be run is as good as missing.
    let said = output(command(tool).arg("--version")).ok()?;
    version_in(&said).map(str::to_owned)
}

fn version_in(said: &str) -> Option<&str> {
    said.split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(project::root().join("Cargo.lock"))
        .context("Cargo.lock cannot be read")?;
    locked_version_in(&lock, package).with_context(|| format!("Cargo.lock has no {package}"))
}

fn locked_version_in(lock: &str, package: &str) -> Option<String> {
    let entry = lock
        .split("[[package]]")
        .find(|entry| entry.contains(&format!("\nname = \"{package}\"\n")))?;
    let version = entry
        .lines()
        .find_map(|line| line.strip_prefix("version = "))?;
    Some(version.trim_matches('"').to_owned())
}

/// The folder that all of a user's checkouts share.
fn cache() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").map(PathBuf::from) {
        Some(folder) if folder.is_absolute() => folder,
        Some(_) | None => env::home_dir()
            .context("neither XDG_CACHE_HOME nor HOME is set")?
            .join(".cache"),
    };
    Ok(base.join("moim/tools"))
}

fn home_made(home: &Path) -> Result<&Path> {
    fs::create_dir_all(home).with_context(|| format!("{} cannot be made", home.display()))?;
    Ok(home)
}

#[cfg(test)]
mod tests {
    use super::{locked_version_in, version_in};

    #[test]
    fn the_version_is_found_in_what_each_tool_says_of_itself() {
        assert_eq!(version_in("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(
            version_in("wasm-opt version 132 (version_132)"),
            Some("132")
        );
        assert_eq!(version_in("no number here"), None);
    }

    #[test]
    fn a_locked_version_is_that_of_the_very_package() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\ndependencies = [\n \"wasm-bindgen\",\n]\n";
        assert_eq!(
            locked_version_in(lock, "wasm-bindgen").as_deref(),
            Some("0.2.126")
        );
        assert_eq!(locked_version_in(lock, "trunk"), None);
    }
}
