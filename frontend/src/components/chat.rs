//! The chat: what was said while this page was here, and the field for saying more.

use std::sync::Arc;

use call::CallView;
use call::view::{ChatAuthor, ChatLine};
use leptos::html;
use leptos::prelude::*;
use shared::PeerId;

use super::chat_text::ChatText;
use super::compose::Compose;
use super::following::Following;
use super::seen::seen;
use super::show::{Each, Show};
use crate::browser::{element_size, scroll_position, scroll_to_end, time_of_day};
use crate::words::chat;

/// The panel's content.
#[component]
pub fn Chat() -> impl IntoView {
    let rows = seen(|view| rows(&view.chat.lines));
    let reaches_someone = seen(|view| view.you.is_some());
    let forgotten = seen(|view| view.chat.forgotten);
    let log = NodeRef::<html::Div>::new();
    let following = StoredValue::new(Following::default());
    Effect::new(move || {
        let own = rows.with(|rows| rows.last().is_some_and(|row| row.author.is_none()));
        if own || following.get_value().follows() {
            // Once the new line is in the document.
            request_animation_frame(move || scroll_to_end(log));
        }
    });
    // A phone's keyboard takes half of it.
    let size = element_size(log);
    Effect::new(move || {
        size.track();
        if following.get_value().follows() {
            scroll_to_end(log);
        }
    });
    view! {
        <div class="chat">
            <div
                class="log"
                role="log"
                aria-label=chat::LOG
                tabindex="0"
                node_ref=log
                on:scroll=move |_| {
                    if let Some(position) = scroll_position(log) {
                        following.update_value(|following| following.scrolled(position));
                    }
                }
            >
                <p class="chat-empty quiet small-text">{chat::WHO_SEES}</p>
                <Show when=move || forgotten.get()>
                    <p class="chat-forgotten quiet small-text">{chat::FORGOTTEN}</p>
                </Show>
                <Each of=move || rows.get() key=|row| row.key.to_string() let:row>
                    <Line row />
                </Each>
            </div>
            <Show when=move || reaches_someone.get()>
                <Compose />
            </Show>
        </div>
    }
}

/// What of a line never changes: all but how far one's own has come.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    key: u64,
    /// `None` for the person at this page.
    author: Option<(PeerId, String)>,
    /// Whether another spoke before, so that this line names its author again.
    opens: bool,
    at: call::Time,
    text: Arc<str>,
}

fn rows(lines: &[ChatLine]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(lines.len());
    for line in lines {
        let author = match &line.author {
            ChatAuthor::You { .. } => None,
            ChatAuthor::Peer { id, name } => Some((*id, name.clone())),
        };
        let minute = |at: call::Time| at.as_millis() / 60_000;
        let opens = rows
            .last()
            .is_none_or(|last| last.author != author || minute(last.at) != minute(line.at));
        rows.push(Row {
            key: line.key,
            author,
            opens,
            at: line.at,
            text: line.text.clone(),
        });
    }
    rows
}

#[component]
fn Line(row: Row) -> impl IntoView {
    let own = row.author.is_none();
    let author = row
        .author
        .map_or_else(|| chat::YOU.to_owned(), |(_, name)| name);
    view! {
        <article class="line" class:own=own class:opens=row.opens>
            // For the ear at each line; for the eye where another begins.
            <p class="line-head">
                <bdi class="line-author">{author}</bdi>
                " "
                <time class="quiet">{time_of_day(row.at)}</time>
            </p>
            <ChatText text=row.text />
            {own.then(|| view! { <Delivery key=row.key /> })}
        </article>
    }
}

/// How far one's own line has come.
#[component]
fn Delivery(key: u64) -> impl IntoView {
    let state = seen(move |view| delivery(view, key));
    view! {
        {move || {
            state.get().map(|(sentence, failed)| {
                view! { <p class="delivery" class:failed=failed>{sentence}</p> }.into_any()
            })
        }}
    }
}

/// The sentence, and whether it tells of a failure.
fn delivery(view: &CallView, key: u64) -> Option<(String, bool)> {
    let lines = &view.chat.lines;
    // Keys number the lines in their order.
    let at = lines.binary_search_by_key(&key, |line| line.key).ok()?;
    match &lines[at].author {
        ChatAuthor::You { undelivered, .. } if !undelivered.is_empty() => {
            Some((chat::undelivered(undelivered), true))
        }
        ChatAuthor::You { pending: true, .. } => Some((chat::PENDING.to_owned(), false)),
        ChatAuthor::You { .. } | ChatAuthor::Peer { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn opening(authors: &[(u8, &str)]) -> Vec<bool> {
        let lines: Vec<ChatLine> = (0..)
            .zip(authors)
            .map(|(key, (id, name))| ChatLine {
                key,
                author: ChatAuthor::Peer {
                    id: PeerId::from_bytes([*id; 16]),
                    name: (*name).to_owned(),
                },
                at: call::Time::since_unix_epoch(std::time::Duration::ZERO),
                text: "hello".into(),
            })
            .collect();
        rows(&lines).into_iter().map(|row| row.opens).collect()
    }

    #[wasm_bindgen_test]
    fn who_bears_the_name_of_another_is_not_taken_for_them() {
        assert_eq!(opening(&[(1, "Kim"), (1, "Kim")]), [true, false]);
        assert_eq!(opening(&[(1, "Kim"), (2, "Kim")]), [true, true]);
        assert_eq!(opening(&[(1, "Kim"), (1, "Kim (2)")]), [true, true]);
    }
}
