//! Where the page's files come from: built into the binary (release), or a folder on disk that is read
//! at each request (debug, or `--page`). How they are sent is left to [`response`](super::response).

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

use axum::body::Bytes;
use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

use super::headers::content_security_policy;

const PAGE: &str = "index.html";

/// The folder of the bundle in which trunk puts everything but the page.
const FILES: &str = "-";

const ICON: &str = "icon.svg";

/// What the build script puts into release builds.
static BUILT_IN: Option<&[BuiltIn]> = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

struct BuiltIn {
    name: &'static str,
    content: &'static [u8],
    brotli: Option<&'static [u8]>,
}

/// The bundle that trunk has made.
pub enum Bundle {
    /// In memory.
    BuiltIn {
        /// By path, without a slash at the beginning.
        files: HashMap<&'static str, File>,
        /// The page's policy.
        policy: Option<HeaderValue>,
    },
    /// On disk.
    Folder(PathBuf),
}

/// A file of the bundle.
#[derive(Clone)]
pub struct File {
    /// Its path in the bundle.
    pub name: String,
    /// As it is.
    pub content: Bytes,
    /// In Brotli.
    pub brotli: Option<Bytes>,
    /// The beginning of the content's hash.
    pub hash: String,
}

/// A file, if there is one of that name.
pub type Found = io::Result<Option<File>>;

impl Bundle {
    /// The bundle in that folder; else the one that is built in; else, in debug builds, trunk's folder.
    #[must_use]
    pub fn open(folder: Option<&Path>) -> Self {
        if let Some(folder) = folder {
            return Self::Folder(folder.to_owned());
        }
        let Some(built_in) = BUILT_IN else {
            return Self::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist"));
        };
        let files: HashMap<_, _> = built_in
            .iter()
            .map(|file| {
                let content = Bytes::from_static(file.content);
                let brotli = file.brotli.map(Bytes::from_static);
                (file.name, File::new(file.name, content, brotli))
            })
            .collect();
        let policy = files
            .get(PAGE)
            .and_then(|page| content_security_policy(&page.content));
        Self::BuiltIn { files, policy }
    }

    /// The page, and the `Content-Security-Policy` that fits it.
    pub async fn page(&self) -> io::Result<Option<(File, Option<HeaderValue>)>> {
        Ok(self.read(PAGE).await?.map(|page| {
            let policy = match self {
                Self::BuiltIn { policy, .. } => policy.clone(),
                Self::Folder(_) => content_security_policy(&page.content),
            };
            (page, policy)
        }))
    }

    /// The file at that path.
    pub async fn file(&self, path: &str) -> Found {
        if path.split('/').all(is_plain) {
            self.read(path).await
        } else {
            Ok(None)
        }
    }

    /// The file at that path, whose safety is the caller's.
    pub async fn own_file(&self, path: &str) -> Found {
        self.read(path).await
    }

    /// The page's icon, whatever hash trunk has put into its name.
    pub async fn icon(&self) -> Found {
        let is_icon = |name: &str| name.starts_with("icon") && name.ends_with(".svg");
        let name = match self {
            Self::BuiltIn { files, .. } => files
                .keys()
                .find_map(|path| path.strip_prefix("-/").filter(|name| is_icon(name)))
                .map(str::to_owned),
            Self::Folder(folder) => match std::fs::read_dir(folder.join(FILES)) {
                Ok(entries) => entries
                    .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                    .find(|name| is_icon(name)),
                Err(error) if is_absent(&error) => None,
                Err(error) => return Err(error),
            },
        };
        let Some(name) = name else {
            return Ok(None);
        };
        let icon = self.read(&format!("{FILES}/{name}")).await?;
        // Under another address than its own, it may change while the address stays.
        let name = ICON.to_owned();
        Ok(icon.map(|file| File { name, ..file }))
    }

    async fn read(&self, path: &str) -> Found {
        match self {
            Self::BuiltIn { files, .. } => Ok(files.get(path).cloned()),
            Self::Folder(folder) => {
                let Some(content) = read(folder, path).await? else {
                    return Ok(None);
                };
                let brotli = read(folder, &format!("{path}.br")).await?;
                Ok(Some(File::new(path, content, brotli)))
            }
        }
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn { files, .. } if files.is_empty() => f.write_str("not built"),
            Self::BuiltIn { .. } => f.write_str("built in"),
            Self::Folder(folder) => write!(f, "read from {}", folder.display()),
        }
    }
}

impl File {
    fn new(name: &str, content: Bytes, brotli: Option<Bytes>) -> Self {
        let digest = Sha256::digest(&content);
        let hash = digest.iter().take(12).map(|byte| format!("{byte:02x}"));
        Self {
            name: name.to_owned(),
            hash: hash.collect(),
            content,
            brotli,
        }
    }
}

/// A file of the folder. What a link leads to out of it, or to something hidden in it, is not there, and
/// neither is what is no file: reading a pipe would never end.
async fn read(folder: &Path, path: &str) -> io::Result<Option<Bytes>> {
    match read_regular(folder, path).await {
        Err(error) if is_absent(&error) => Ok(None),
        read => read,
    }
}

async fn read_regular(folder: &Path, path: &str) -> io::Result<Option<Bytes>> {
    let file = tokio::fs::canonicalize(folder.join(path)).await?;
    let folder = tokio::fs::canonicalize(folder).await?;
    let is_visible = |part: Component<'_>| !part.as_os_str().as_encoded_bytes().starts_with(b".");
    let is_inside =
        (file.strip_prefix(&folder)).is_ok_and(|rest| rest.components().all(is_visible));
    if is_inside && tokio::fs::metadata(&file).await?.is_file() {
        Ok(Some(tokio::fs::read(&file).await?.into()))
    } else {
        Ok(None)
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
    )
}

/// Whether a part of a path can be a name that trunk gives; never one that leads out of the folder.
fn is_plain(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        || segment == FILES
}
