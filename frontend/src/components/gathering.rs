//! Everyone's tiles, in a grid that uses the space well, or as a strip beside the shared screen that
//! has the stage.

use call::CallView;
use call::view::LocalScreen;
use leptos::html;
use leptos::prelude::*;
use shared::PeerId;

use super::invite::Alone;
use super::own_tile::{OwnScreenTile, OwnTile};
use super::person_tile::{PersonTile, ScreenTile};
use super::seen::seen;
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
    let alone = seen(|view| view.people.is_empty());
    let tiles = seen(tiles_beside_the_stage);
    let container = NodeRef::<html::Div>::new();
    let size = element_size(container);
    let layout = Memo::new(move |_| {
        let (width, height) = size.get();
        best_grid(width, height, tiles.with(Vec::len))
    });
    view! {
        <div class="gathering" class:has-stage=move || stage.get().is_some()>
            {move || stage.get().map(|id| view! { <Spotlight id /> })}
            <div
                class="tiles"
                node_ref=container
                style=("--tile-width", move || pixels(layout.with(|grid| grid.tile_width)))
                style=("--tile-height", move || pixels(layout.with(|grid| grid.tile_height)))
            >
                <For each=move || tiles.get() key=|tile| *tile let:tile>
                    {match tile {
                        TileKey::Person(id) => view! { <PersonTile id /> }.into_any(),
                        TileKey::Screen(id) => view! { <ScreenTile id /> }.into_any(),
                        TileKey::You => view! { <OwnTile /> }.into_any(),
                        TileKey::YourScreen => view! { <OwnScreenTile /> }.into_any(),
                    }}
                </For>
            </div>
            <Show when=move || alone.get()>
                <Alone />
            </Show>
        </div>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum TileKey {
    Person(PeerId),
    Screen(PeerId),
    You,
    YourScreen,
}

fn tiles_beside_the_stage(view: &CallView) -> Vec<TileKey> {
    let mut tiles = Vec::new();
    for person in &view.people {
        tiles.push(TileKey::Person(person.id));
        if person.screen && view.stage != Some(person.id) {
            tiles.push(TileKey::Screen(person.id));
        }
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

fn pixels(length: f64) -> String {
    format!("{}px", length.floor())
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Grid {
    tile_width: f64,
    tile_height: f64,
}

/// The largest tiles of that shape that fit.
fn grid(width: f64, height: f64, gap: f64, tiles: usize, aspect: f64) -> Grid {
    let mut best = Grid {
        tile_width: 0.0,
        tile_height: 0.0,
    };
    for columns in 1..=tiles {
        let rows = tiles.div_ceil(columns);
        let share = |length: f64, parts: usize| {
            ((length - gap * (parts as f64 - 1.0)) / parts as f64).max(0.0)
        };
        let tile_width = share(width, columns).min(share(height, rows) * aspect);
        if tile_width > best.tile_width {
            best = Grid {
                tile_width,
                tile_height: tile_width / aspect,
            };
        }
    }
    best
}
