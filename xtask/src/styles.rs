//! One style sheet out of many: what `frontend/styles/index.css` imports, joined in its order, so that the page asks
//! for one file, without comments where it is to be shipped. What it says, is left to the style sheets.

use std::{env, fs};

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
    let mut joined = inline(&index, read)?;
    if env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release") {
        joined = shorten(&joined);
    }
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

/// The same rules without comments, indentation and empty lines. What else a minifier does, Brotli makes up for.
fn shorten(css: &str) -> String {
    let mut kept = String::new();
    let mut rest = css;
    while let Some(start) = rest.find(['"', '\'', '/']) {
        let (before, from) = rest.split_at(start);
        kept.push_str(before);
        if let Some(comment) = from.strip_prefix("/*") {
            // An open comment goes on to the end, as in CSS.
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            let (whole, after) = from.split_at(if from.starts_with('/') {
                1
            } else {
                string_length(from)
            });
            kept.push_str(whole);
            rest = after;
        }
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The bytes of the string that `text` begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if Some(character) == quote {
            return at + character.len_utf8();
        }
    }
    text.len()
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
    use super::{import, inline, shorten};
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

    #[test]
    fn what_is_shipped_has_no_comments_but_every_string() {
        let css = "/* a */\n.x {\n  /* b\n */ color: red;\n\n  content: \"/* \\\" */\";\n  width: calc(1px / 2); }\n";
        let short = ".x {\ncolor: red;\ncontent: \"/* \\\" */\";\nwidth: calc(1px / 2); }\n";
        assert_eq!(shorten(css), short);
        assert_eq!(shorten("a {} /* open"), "a {}\n");
    }
}
