//! Which parts of a chat line are links. Only `http://` and `https://` addresses count, so that no
//! other scheme can be smuggled behind a click; what they lead to is left to the reader.
//!
//! A peer chooses what stands in the line: however it is made, it is walked through once.

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
    while let Some((start, host)) = next_scheme(line, from) {
        let Some(end) = address_end(line, host) else {
            from = host;
            continue;
        };
        if text < start {
            pieces.push(Piece::Text(line[text..start].to_owned()));
        }
        pieces.push(Piece::Link(line[start..end].to_owned()));
        text = end;
        from = end;
    }
    if text < line.len() {
        pieces.push(Piece::Text(line[text..].to_owned()));
    }
    pieces
}

/// Where the next `http://` or `https://` begins that no letter or digit touches from the left, and
/// where it ends.
fn next_scheme(line: &str, from: usize) -> Option<(usize, usize)> {
    line[from..]
        .match_indices(['h', 'H'])
        .map(|(at, _)| from + at)
        .filter(|&at| !line[..at].ends_with(char::is_alphanumeric))
        .find_map(|at| Some((at, at + scheme(&line[at..])?)))
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

/// Where the address ends whose host would begin there; `None` where no host does.
fn address_end(line: &str, host: usize) -> Option<usize> {
    let rest = &line[host..];
    // Neither is ever trimmed: what begins so stays an address, and need not be looked at again.
    rest.chars()
        .next()
        .filter(|first| first.is_alphanumeric() || *first == '[')?;
    let end = rest
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(rest.len());
    Some(host + trimmed(&rest[..end]).len())
}

/// Without what belongs to the sentence around it: closing marks, and brackets that it did not open.
fn trimmed(mut address: &str) -> &str {
    let unopened = |open, close| {
        let count = |bracket: char| address.matches(bracket).count();
        count(close).saturating_sub(count(open))
    };
    let mut unopened =
        [('(', ')'), ('[', ']'), ('{', '}')].map(|(open, close)| unopened(open, close));
    while let Some(last) = address.chars().next_back() {
        let left = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '”' | '’' | '。' | '、' => None,
            ')' => Some(&mut unopened[0]),
            ']' => Some(&mut unopened[1]),
            '}' => Some(&mut unopened[2]),
            _ => break,
        };
        match left {
            Some(0) => break,
            Some(left) => *left -= 1,
            None => {}
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
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

    /// Anything but one walk through the line would not come to an end here.
    #[wasm_bindgen_test]
    fn a_line_made_to_keep_the_page_busy_is_cut_in_one_walk() {
        let refused = "http://)".repeat(50_000) + &")".repeat(200_000);
        assert_eq!(pieces(&refused), [Piece::Text(refused)]);

        let unopened = ")]}".repeat(200_000);
        let line = format!("http://a{unopened}");
        assert_eq!(
            pieces(&line),
            [Piece::Link("http://a".to_owned()), Piece::Text(unopened)]
        );

        let opened = format!("http://a{}{}", "(".repeat(200_000), ")".repeat(200_000));
        assert_eq!(pieces(&opened), [Piece::Link(opened)]);

        let many = "http://a ".repeat(50_000);
        assert_eq!(links(&many).len(), 50_000);
    }

    /// The same said plainly, and slowly.
    fn plainly(line: &str) -> Vec<String> {
        let mut links = Vec::new();
        let mut from = 0;
        while let Some(start) = line[from..].find("http://").map(|at| at + from) {
            let host = start + "http://".len();
            from = host;
            let first = line[host..].chars().next();
            if line[..start].ends_with(char::is_alphanumeric)
                || !first.is_some_and(|c| c.is_alphanumeric() || c == '[')
            {
                continue;
            }
            let end = line[host..].find(' ').map_or(line.len(), |at| at + host);
            let mut link = &line[start..end];
            while let Some(last) = link.chars().next_back().filter(|last| {
                let of = |bracket| link.matches(bracket).count();
                match last {
                    '.' => true,
                    ')' => of(')') > of('('),
                    ']' => of(']') > of('['),
                    _ => false,
                }
            }) {
                link = &link[..link.len() - last.len_utf8()];
            }
            links.push(link.to_owned());
            from = start + link.len();
        }
        links
    }

    #[wasm_bindgen_test]
    fn every_short_line_has_the_links_that_one_would_find_plainly() {
        const PARTS: [&str; 8] = ["http://", "(", ")", "[", "]", ".", "한", " "];
        for number in 0..PARTS.len().pow(5) {
            let line: String = (0..5)
                .map(|place| PARTS[number / PARTS.len().pow(place) % PARTS.len()])
                .collect();
            assert_eq!(links(&line), plainly(&line), "{line}");
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
