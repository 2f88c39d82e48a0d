//! Everyone's tiles, in a grid that uses the space well, or as a strip beside the shared screen that
//! has the stage.

use std::fmt;

use call::CallView;
use call::layout::{Grid, grid};
use call::view::LocalScreen;
use leptos::html;
use leptos::prelude::*;
use shared::PeerId;

use super::companion::Companion;
use super::invite::Invitation;
use super::own_tile::{OwnScreenTile, OwnTile};
use super::person_tile::{PersonTile, ScreenTile};
use super::seen::seen;
use super::show::Each;
use super::spotlight::Spotlight;
use crate::browser::element_size;

/// The gap between tiles, in pixels: `--1` of the style sheet.
const GAP: f64 = 8.0;

/// Shapes that a tile may take, as width by height. In a window higher than wide, a face may be too.
const WIDE: &[f64] = &[16.0 / 9.0, 4.0 / 3.0];
const HIGH: &[f64] = &[16.0 / 9.0, 4.0 / 3.0, 1.0, 4.0 / 5.0];

/// All tiles.
#[component]
pub fn Gathering() -> impl IntoView {
    let stage = seen(|view| view.stage);
    let tiles = seen(tiles_beside_the_stage);
    let container = NodeRef::<html::Div>::new();
    let size = element_size(container);
    let layout = Memo::new(move |_| {
        let (width, height) = size.get();
        best_grid(width, height, tiles.with(Vec::len))
    });
    view! {
        <div class="gathering" class:has-stage=move || stage.get().is_some()>
            {move || stage.get().map(|id| view! { <Spotlight id /> }.into_any())}
            <div
                class="tiles"
                node_ref=container
                style=("--tile-width", move || pixels(layout.with(|grid| grid.tile_width)))
                style=("--tile-height", move || pixels(layout.with(|grid| grid.tile_height)))
            >
                <Each of=move || tiles.get() key=TileKey::to_string let:tile>
                    {match tile {
                        TileKey::Person(id) => view! { <PersonTile id /> }.into_any(),
                        TileKey::Screen(id) => view! { <ScreenTile id /> }.into_any(),
                        TileKey::You => view! { <OwnTile /> }.into_any(),
                        TileKey::YourScreen => view! { <OwnScreenTile /> }.into_any(),
                        TileKey::Invitation => view! { <Invitation /> }.into_any(),
                        TileKey::Companion => view! { <Companion /> }.into_any(),
                    }}
                </Each>
            </div>
        </div>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TileKey {
    Person(PeerId),
    Screen(PeerId),
    You,
    YourScreen,
    Invitation,
    Companion,
}

impl fmt::Display for TileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "{id}"),
            Self::Screen(id) => write!(f, "{id}'s screen"),
            Self::You => f.write_str("you"),
            Self::YourScreen => f.write_str("your screen"),
            Self::Invitation => f.write_str("invitation"),
            Self::Companion => f.write_str("companion"),
        }
    }
}

fn tiles_beside_the_stage(view: &CallView) -> Vec<TileKey> {
    let mut tiles = Vec::new();
    for person in &view.people {
        tiles.push(TileKey::Person(person.id));
        if person.screen && view.stage != Some(person.id) {
            tiles.push(TileKey::Screen(person.id));
        }
    }
    // Where the first to come will be.
    if view.people.is_empty() {
        tiles.push(match view.meeting {
            Some(_) => TileKey::Companion,
            None => TileKey::Invitation,
        });
    }
    tiles.push(TileKey::You);
    if view.local.screen == LocalScreen::Shared {
        tiles.push(TileKey::YourScreen);
    }
    tiles
}

/// The grid whose tiles are largest, over the shapes that a tile may take.
fn best_grid(width: f64, height: f64, tiles: usize) -> Grid {
    let shapes = if width < height { HIGH } else { WIDE };
    let first = grid(width, height, GAP, tiles, shapes[0]);
    shapes[1..]
        .iter()
        .map(|&aspect| grid(width, height, GAP, tiles, aspect))
        .fold(first, |best, other| {
            if area(&other) > area(&best) {
                other
            } else {
                best
            }
        })
}

fn area(grid: &Grid) -> f64 {
    grid.tile_width * grid.tile_height
}

/// Whole ones: a fraction more would break the line.
fn pixels(length: f64) -> String {
    format!("{}px", length as u32)
}
