//! Every word that a person reads, in English, in one place: what components show comes from here.
//! Which of them applies is decided by those who call; the words are also the accessible names by
//! which screen readers and tests find things.

pub mod call;
pub mod chat;
pub mod check;
pub mod check_results;
pub mod connections;
pub mod devices;
pub mod endings;
pub mod figures;
pub mod hiding;
pub mod meeting;
pub mod names;
pub mod notices;
pub mod people;
pub mod preview;
pub mod sound_only;
pub mod suggestions;
pub mod welcome;

/// The app's name.
pub const MOIM: &str = "Moim";

/// The document's title: where one is, then the app.
pub fn title(place: Option<&str>) -> String {
    place.map_or_else(|| MOIM.to_owned(), |place| format!("{place} · {MOIM}"))
}

/// How many people: `1 person`, `3 people`.
pub fn head_count(people: usize) -> String {
    match people {
        1 => "1 person".to_owned(),
        _ => format!("{people} people"),
    }
}
