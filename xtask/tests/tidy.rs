//! The promises that the source tree makes, kept by a test: what is pure stays pure, the browser stays behind
//! `frontend/src/browser/`, event names stay in `shared`. What the compiler and clippy can check is left to them.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    fs,
    path::{Path, PathBuf},
};

const CRATES: [&str; 8] = [
    "shared", "call", "turn", "socketio", "frontend", "backend", "e2e", "xtask",
];

/// What does IO or draws random numbers. The addresses in `core::net` are harmless.
const IMPURE: [&str; 14] = [
    "tokio",
    "axum",
    "socketioxide",
    "web_sys",
    "web-sys",
    "js_sys",
    "js-sys",
    "wasm_bindgen",
    "wasm-bindgen",
    "gloo",
    "getrandom",
    "std::fs",
    "std::net",
    "std::thread",
];

/// What reads a clock.
const CLOCKS: [&str; 2] = ["Instant::now", "SystemTime::now"];

/// A file that belongs to us: its path from the root, and its text.
struct Source {
    path: String,
    text: String,
}

#[test]
fn every_file_says_what_it_is_in_its_first_line() {
    keep(&["rs"], &CRATES, |source| {
        let first = source.text.lines().next().unwrap_or_default();
        (!first.starts_with("//! "))
            .then(|| (1, "the file does not open with `//!`".to_owned()))
            .into_iter()
            .collect()
    });
}

#[test]
fn no_file_has_taken_a_second_job() {
    keep(&["rs"], &CRATES, |source| {
        match source.text.lines().count() {
            0..=500 => vec![],
            lines => vec![(lines, "more than 500 lines".to_owned())],
        }
    });
}

#[test]
fn only_the_browser_folder_and_the_socket_know_the_browser() {
    keep(
        &["rs"],
        &["shared", "call", "frontend", "backend"],
        |source| match source.path.starts_with("frontend/src/browser/")
            || source.path.starts_with("frontend/tests/")
        {
            true => vec![],
            false => source.mentions(&["web_sys", "js_sys"]),
        },
    );
}

#[test]
fn the_pure_crates_do_no_io_and_read_no_clock() {
    keep(&["rs", "toml"], &["shared", "call", "turn"], |source| {
        source.mentions(&IMPURE)
    });
    keep(&["rs"], &["shared", "call"], |source| {
        source.mentions(&CLOCKS)
    });
    // An `Instant` has no other beginning than now: the tests of `turn` take one, and count on from there.
    keep(&["rs"], &["turn"], |source| {
        let is_test = source.path.starts_with("turn/tests/")
            || source.path.starts_with("turn/fuzz/")
            || source.path.ends_with("_tests.rs");
        let code = Source {
            path: source.path.clone(),
            text: source.without_tests().to_owned(),
        };
        if is_test {
            vec![]
        } else {
            code.mentions(&CLOCKS)
        }
    });
}

#[test]
fn event_names_are_written_in_shared_alone() {
    let names: Vec<&str> = shared::to_server::NAMES
        .iter()
        .chain(shared::to_browser::NAMES)
        .copied()
        .collect();
    assert!(
        names.contains(&"join_room") && names.contains(&"bye"),
        "{names:?}"
    );
    keep(&["rs"], &["call", "frontend", "backend"], |source| {
        let tests = source.path.contains("/tests/") || source.path.ends_with("tests.rs");
        // The tutorials' vocabularies are not ours, even where a word is the same.
        let foreign = source.path.starts_with("backend/src/tutorials/");
        if tests || foreign {
            vec![]
        } else {
            event_names(source.without_tests(), &names)
        }
    });
}

#[test]
fn words_have_typographic_apostrophes() {
    keep(&["rs"], &["frontend"], |source| {
        let is_words = source.path.starts_with("frontend/src/words/");
        let lines = (1..).zip(source.without_tests().lines());
        let straight = |line: &str| {
            let mut marks = line.match_indices('\'');
            // Lifetimes and characters have something else before them.
            marks.any(|(at, _)| line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '}'))
        };
        lines
            .filter(|(_, line)| is_words && !is_comment(line) && straight(line))
            .map(|(number, _)| (number, "' where ’ should stand".to_owned()))
            .collect()
    });
}

#[test]
fn no_closure_is_leaked() {
    // Only these two hand closures to the browser; elsewhere the word is free.
    keep(&["rs"], &["socketio", "frontend"], |source| {
        source.mentions(&[".forget()"])
    });
}

#[test]
fn an_event_name_is_told_from_a_word() {
    let names = ["join_room", "bye"];
    let found = |code: &str| event_names(code, &names).len();
    assert_eq!(found("socket.emit(\"bye\", ())"), 1);
    assert_eq!(found("socket.on(\n    \"bye\",\n    handler)"), 1);
    assert_eq!(
        found("const JOIN: &str = \"join_room\";"),
        1,
        "nothing but an event is called so"
    );
    assert_eq!(found("view! { <p class=\"bye\">\"bye\"</p> }"), 0);
    assert_eq!(found("// socket.emit(\"bye\")"), 0);
}

#[test]
fn comments_and_tests_are_told_from_code() {
    let source = Source {
        path: "a.rs".to_owned(),
        text:
            "//! about tokio\nuse tokio::net; // tokio\n#[cfg(test)]\nmod tests { fn tokio() {} }\n"
                .to_owned(),
    };
    assert_eq!(source.mentions(&["tokio"]).len(), 2);
    assert_eq!(
        source.mentions(&["toki", "okio"]).len(),
        0,
        "whole words only"
    );
    assert!(!source.without_tests().contains("mod tests"));
    let declared = Source {
        path: "b.rs".to_owned(),
        text: "#[cfg(test)]\nmod tests;\nfn code() {}\n".to_owned(),
    };
    assert!(declared.without_tests().contains("fn code"));
}

/// Fails with every place where a rule is broken: line and reason.
fn keep(extensions: &[&str], crates: &[&str], rule: impl Fn(&Source) -> Vec<(usize, String)>) {
    let sources = sources(extensions, crates);
    assert!(!sources.is_empty(), "no sources found");
    let broken: Vec<String> = sources
        .iter()
        .flat_map(|source| {
            rule(source)
                .into_iter()
                .map(|(line, why)| format!("{}:{line}: {why}", source.path))
        })
        .collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn sources(extensions: &[&str], crates: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for name in crates {
        collect(&root.join(name), extensions, &mut found);
    }
    let source = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path
            .strip_prefix(root)
            .unwrap()
            .to_string_lossy()
            .into_owned(),
    };
    found.into_iter().map(source).collect()
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with("node_modules") {
                collect(&path, extensions, found);
            }
        } else if path
            .extension()
            .is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted))
        {
            found.push(path);
        }
    }
}

impl Source {
    /// The lines of code that have one of these words.
    fn mentions(&self, words: &[&str]) -> Vec<(usize, String)> {
        let code = (1..)
            .zip(self.text.lines())
            .filter(|(_, line)| !is_comment(line));
        code.flat_map(|(number, line)| {
            let found = words.iter().filter(move |word| has_word(line, word));
            found.map(move |word| (number, format!("`{word}` does not belong here")))
        })
        .collect()
    }

    /// The text up to the unit tests, where they close the file.
    fn without_tests(&self) -> &str {
        let inline = |attribute: usize| {
            let item = self.text[attribute..]
                .lines()
                .find(|line| line.starts_with("mod "));
            item.is_some_and(|item| item.ends_with('{') || item.ends_with('}'))
        };
        let mut attributes = self
            .text
            .match_indices("\n#[cfg(test)]\n")
            .map(|(at, _)| at);
        attributes
            .find(|at| inline(*at))
            .map_or(&self.text, |end| &self.text[..end])
    }
}

/// Where code writes out an event's name: as the first argument of a call that sends or receives or, when the name is
/// no common word, anywhere.
fn event_names(code: &str, names: &[&str]) -> Vec<(usize, String)> {
    const CALLS: [&str; 6] = ["emit", "emit_with_ack", "on", "send", "request", "event"];
    let mut found = Vec::new();
    for name in names {
        for (start, _) in code.match_indices(&format!("\"{name}\"")) {
            let before = &code[..start];
            let line = before
                .lines()
                .last()
                .filter(|_| !before.ends_with('\n'))
                .unwrap_or_default();
            let called = before.trim_end().strip_suffix('(').is_some_and(|before| {
                let word = before
                    .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or_default();
                CALLS.contains(&word)
            });
            if !is_comment(line) && (called || name.contains('_')) {
                found.push((
                    before.lines().count().max(1),
                    format!("the event name \"{name}\" is written in `shared` alone"),
                ));
            }
        }
    }
    found
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
        || line.trim_start().starts_with('#') && !line.trim_start().starts_with("#[")
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let joined = |near: Option<char>| near.is_some_and(part_of_word);
        (!word.starts_with(part_of_word) || !joined(before))
            && (!word.ends_with(part_of_word) || !joined(after))
    })
}
