//! Which parts of a chat line are links. Only `http://` and `https://` addresses count, so that no
//! other scheme can be smuggled behind a click; what they lead to is left to the reader.

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Link(String),
}

/// Cuts a line into text and links; put together again, the pieces are the line.
pub fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = 0;
    let mut from = 0;
    while let Some(start) = next_scheme(line, from) {
        let address = address(&line[start..]);
        if address.is_empty() {
            from = start + 1;
            continue;
        }
        if text < start {
            pieces.push(Piece::Text(line[text..start].to_owned()));
        }
        pieces.push(Piece::Link(address.to_owned()));
        text = start + address.len();
        from = text;
    }
    if text < line.len() {
        pieces.push(Piece::Text(line[text..].to_owned()));
    }
    pieces
}

/// Where the next `http://` or `https://` begins that no letter or digit touches from the left.
fn next_scheme(line: &str, from: usize) -> Option<usize> {
    line.char_indices()
        .filter(|&(at, c)| at >= from && matches!(c, 'h' | 'H'))
        .map(|(at, _)| at)
        .find(|&at| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(char::is_alphanumeric) && scheme(&line[at..]).is_some()
        })
}

/// How long the scheme is that the text begins with.
fn scheme(text: &str) -> Option<usize> {
    ["http://", "https://"]
        .into_iter()
        .find(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
        .map(str::len)
}

/// The address that the text begins with; empty when nothing follows the scheme.
fn address(text: &str) -> &str {
    let end = text
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(text.len());
    let address = trimmed(&text[..end]);
    let host = scheme(text).and_then(|scheme| address.get(scheme..));
    match host.and_then(|host| host.chars().next()) {
        Some(first) if first.is_alphanumeric() || first == '[' => address,
        Some(_) | None => "",
    }
}

/// Without what belongs to the sentence around it: closing marks, and brackets that it did not open.
fn trimmed(mut address: &str) -> &str {
    while let Some(last) = address.chars().next_back() {
        let stray = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '”' | '’' | '。' | '、' => true,
            ')' => unopened(address, '(', ')'),
            ']' => unopened(address, '[', ']'),
            '}' => unopened(address, '{', '}'),
            _ => false,
        };
        if !stray {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

fn unopened(address: &str, open: char, close: char) -> bool {
    address.matches(close).count() > address.matches(open).count()
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn links(line: &str) -> Vec<String> {
        pieces(line)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[wasm_bindgen_test]
    fn addresses_are_found_without_the_sentence_around_them() {
        for (line, expected) in [
            (
                "see https://example.org/a?b=c#d.",
                "https://example.org/a?b=c#d",
            ),
            ("(http://example.org)", "http://example.org"),
            (
                "https://en.wikipedia.org/wiki/Rust_(language)",
                "https://en.wikipedia.org/wiki/Rust_(language)",
            ),
            ("HTTPS://EXAMPLE.ORG!", "HTTPS://EXAMPLE.ORG"),
            ("<https://example.org/x>", "https://example.org/x"),
            ("봐 https://예.한국/방 !", "https://예.한국/방"),
            ("http://[::1]:3000/room", "http://[::1]:3000/room"),
        ] {
            assert_eq!(links(line), [expected], "{line}");
        }
        assert_eq!(
            links("http://a.example, http://b.example"),
            ["http://a.example", "http://b.example"]
        );
    }

    #[wasm_bindgen_test]
    fn nothing_else_is_a_link() {
        for line in [
            "javascript:alert(1)",
            "data:text/html,<script>",
            "http://",
            "https:// example.org",
            "xhttp://example.org",
            "http://\"onmouseover=alert(1)",
            "www.example.org",
            "",
        ] {
            assert_eq!(links(line), Vec::<String>::new(), "{line}");
        }
    }

    #[wasm_bindgen_test]
    fn no_character_is_lost() {
        for line in [
            "a http://b.c d",
            "https://x.y",
            "h",
            "한 http://b.c, http:// 글\n",
        ] {
            let whole: String = pieces(line)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => text,
                })
                .collect();
            assert_eq!(whole, line);
        }
    }
}
