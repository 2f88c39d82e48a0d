//! One style sheet out of many: what `frontend/styles/index.css` imports, joined in its order, so that the page asks
//! for one file. Shrinking it is left to trunk; what it says, to the style sheets.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{fingerprint, project};

/// Writes `target/styles/moim.css`, which index.html names. trunk calls this before each build.
pub fn join() -> Result<()> {
    let folder = project::root().join("frontend/styles");
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let index = read("index.css")?;
    for file in fingerprint::files(&folder)? {
        let name = file.strip_prefix(&folder)?.to_string_lossy().into_owned();
        if name.ends_with(".css")
            && name != "index.css"
            && !imports(&index).any(|import| import == name)
        {
            bail!("frontend/styles/{name} is in the folder, but index.css does not import it");
        }
    }
    let joined = inline(&index, read)?;
    let target = project::root().join("target/styles");
    fs::create_dir_all(&target)?;
    fs::write(target.join("moim.css"), joined).context("target/styles/moim.css cannot be written")
}

/// The index with every `@import "name.css";` replaced by that file.
fn inline(index: &str, read: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut joined = String::new();
    for line in index.lines() {
        match import(line) {
            Some(name) => {
                let sheet = read(name)?;
                if let Some(nested) = sheet
                    .lines()
                    .find(|line| line.trim_start().starts_with("@import"))
                {
                    bail!("{name} has an import of its own ({nested}): only index.css may import");
                }
                joined.push_str(&sheet);
            }
            None if line.trim_start().starts_with("@import") => {
                bail!("index.css: `{line}` is not of the form @import \"name.css\";");
            }
            None => joined.push_str(line),
        }
        joined.push('\n');
    }
    Ok(joined)
}

fn imports(index: &str) -> impl Iterator<Item = &str> {
    index.lines().filter_map(import)
}

/// The file that a line imports: `@import "name.css";`, with or without `url(…)` and `./`.
fn import(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim_start();
    let rest = rest.strip_prefix("url(").unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, end) = rest[1..].split_once(quote)?;
    matches!(end.trim_start_matches(')').trim(), ";")
        .then(|| name.strip_prefix("./").unwrap_or(name))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::{import, inline};
    use anyhow::bail;

    #[test]
    fn the_imported_sheets_take_the_place_of_their_imports() {
        let joined = inline(
            "/* all */\n@import \"a.css\";\n@import './b.css';\nbody {}\n",
            |name| match name {
                "a.css" => Ok("a {}".to_owned()),
                "b.css" => Ok("b {}".to_owned()),
                other => bail!("no {other}"),
            },
        );
        assert_eq!(joined.unwrap(), "/* all */\na {}\nb {}\nbody {}\n");
    }

    #[test]
    fn what_would_be_left_to_the_browser_is_refused() {
        let read = |_: &str| Ok("@import \"deep.css\";".to_owned());
        assert!(inline("@import \"a.css\";", read).is_err());
        assert!(inline("@import \"a.css\" screen;", read).is_err());
    }

    #[test]
    fn imports_are_read_in_their_usual_spellings() {
        assert_eq!(import("@import url(\"x.css\");"), Some("x.css"));
        assert_eq!(import("  @import 'x.css' ;"), Some("x.css"));
        assert_eq!(import("body { color: red; }"), None);
    }
}
