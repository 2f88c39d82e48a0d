//! Where things lie in this checkout. What is done with them is left to the other modules.

use std::{
    env,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// The crates whose sources end up in the page.
pub const PAGE_CRATES: [&str; 4] = ["frontend", "call", "shared", "socketio"];

/// The workspace's root folder.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        // At run time, so that a checkout can be moved without a rebuild.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        manifest
            .parent()
            .map_or_else(|| manifest.clone(), Path::to_path_buf)
    });
    &ROOT
}

/// The bundle that trunk writes and the server serves.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// A place for what xtask itself notes down between two runs.
pub fn notes() -> PathBuf {
    root().join("target/xtask")
}

/// Cargo's target folder, which may be set anywhere: the one this very program was built in.
pub fn target() -> anyhow::Result<PathBuf> {
    let xtask = env::current_exe()?;
    Ok(xtask.ancestors().nth(2).unwrap_or(root()).to_owned())
}

/// The server binary that cargo has built with `profile` (`debug` or `release`).
pub fn server_binary(profile: &str) -> anyhow::Result<PathBuf> {
    Ok(target()?.join(profile).join("moim"))
}
