//! Leptos' `Show` and `For`, compiled once: its own are compiled anew wherever they are used, and
//! weigh a tenth of the page.

use std::sync::Arc;

use leptos::prelude::*;

/// Its children, while a condition holds. They keep standing while it does.
#[component]
pub fn Show(
    /// The condition.
    when: impl Fn() -> bool + Send + Sync + 'static,
    children: ChildrenFn,
) -> impl IntoView {
    show(Box::new(when), children)
}

/// A view for each item. It keeps standing while there is an item with its key.
#[component]
pub fn Each<T, V>(
    /// The items.
    of: impl Fn() -> Vec<T> + Send + 'static,
    /// What tells an item from the others.
    key: fn(&T) -> String,
    /// An item's view.
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let entry = move |item| {
        let key = key(&item);
        let children = children.clone();
        Entry {
            key,
            view: Box::new(move || children(item).into_any()),
        }
    };
    each(Box::new(move || of().into_iter().map(&entry).collect()))
}

struct Entry {
    key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

fn show(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn) -> AnyView {
    let holds = Memo::new(move |_| when());
    view! { {move || holds.get().then(|| children())} }.into_any()
}

fn each(entries: Box<dyn Fn() -> Vec<Entry> + Send>) -> AnyView {
    view! { <For each=entries key=|entry| entry.key.clone() children=|entry| (entry.view)() /> }
        .into_any()
}
