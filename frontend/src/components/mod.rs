//! The parts that pages are made of. They read the call through signals and send wishes through one
//! callback; what they keep themselves is purely visual. The browser is reached through
//! [`browser`](crate::browser), words come from [`words`](crate::words).

pub mod chat;
pub mod chat_text;
pub mod companion;
pub mod compose;
pub mod connection;
pub mod connections;
pub mod controls;
pub mod conversation;
pub mod device_select;
pub mod device_toggle;
pub mod following;
pub mod gathering;
pub mod hide_address;
pub mod icon;
pub mod initials;
pub mod invite;
pub mod level_meter;
pub mod linkify;
pub mod mark;
pub mod notices;
pub mod open_rooms;
pub mod own_tile;
pub mod pair;
pub mod pair_row;
pub mod panel;
pub mod panel_opener;
pub mod people;
pub mod person_tile;
pub mod problems;
pub mod roster_row;
pub mod seen;
pub mod show;
pub mod sound_only;
pub mod spotlight;
#[cfg(test)]
pub mod testing;
pub mod text_field;
pub mod tile;
pub mod title;
pub mod ways;
