//! Whether files have changed: one number for the paths and contents of many. What follows from a change is left to
//! the callers.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

/// The fingerprint of everything under these paths; a path that does not exist counts as such.
pub fn of(paths: impl IntoIterator<Item = PathBuf>) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        path.hash(&mut hasher);
        for file in files(&path)? {
            file.hash(&mut hasher);
            match fs::read(&file) {
                Ok(bytes) => bytes.hash(&mut hasher),
                // Gone since it was listed, as editors' temporary files are.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(hasher.finish())
}

/// Every file under a path, sorted; the path itself when it is a file.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}
