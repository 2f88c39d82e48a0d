//! How tiles of equal size best fill a window. Drawing them is the page's.

/// A grid of equal tiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Tiles side by side.
    pub columns: usize,
    /// Tiles above each other; the last row may be short.
    pub rows: usize,
    /// Width of a tile, in the window's unit.
    pub tile_width: f64,
    /// Height of a tile.
    pub tile_height: f64,
}

/// How much smaller tiles may be, as a share of the largest possible, for the sake of a grid
/// without holes or a less stretched one.
const CONCESSION: f64 = 0.03;

/// The grid in which `tiles` tiles of the shape `aspect` (width by height) come out largest in a
/// window of that size, with `gap` between them. Of those that are about equally large, the one with
/// the fewest empty places, then the one closest to a square.
///
/// Numbers that make no sense (a window smaller than its gaps, say) give tiles of size zero.
#[must_use]
pub fn grid(width: f64, height: f64, gap: f64, tiles: usize, aspect: f64) -> Grid {
    let tiles = tiles.max(1);
    let grids =
        || (1..=tiles).map(move |columns| with_columns(width, height, gap, tiles, aspect, columns));
    let largest = grids().map(|grid| grid.tile_width).fold(0.0, f64::max);
    grids()
        .filter(|grid| grid.tile_width >= largest * (1.0 - CONCESSION))
        .min_by_key(|grid| {
            let holes = grid.columns * grid.rows - tiles;
            (holes, grid.columns.abs_diff(grid.rows))
        })
        .unwrap_or(Grid {
            columns: 1,
            rows: tiles,
            tile_width: 0.0,
            tile_height: 0.0,
        })
}

fn with_columns(
    width: f64,
    height: f64,
    gap: f64,
    tiles: usize,
    aspect: f64,
    columns: usize,
) -> Grid {
    let rows = tiles.div_ceil(columns);
    let room = |whole: f64, parts: usize| (whole - gap * (parts - 1) as f64) / parts as f64;
    let tile_width = room(width, columns).min(room(height, rows) * aspect);
    let tile_width = if tile_width.is_finite() {
        tile_width.max(0.0)
    } else {
        0.0
    };
    let tile_height = tile_width / aspect;
    Grid {
        columns,
        rows,
        tile_width,
        tile_height: if tile_height.is_finite() {
            tile_height
        } else {
            0.0
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WIDE: f64 = 16.0 / 9.0;

    fn shape(width: f64, height: f64, tiles: usize) -> (usize, usize) {
        let grid = grid(width, height, 8.0, tiles, WIDE);
        (grid.columns, grid.rows)
    }

    #[test]
    fn on_a_desktop_tiles_stand_side_by_side_first() {
        let shapes: Vec<_> = (1..=6).map(|tiles| shape(1_280.0, 640.0, tiles)).collect();
        assert_eq!(shapes, [(1, 1), (2, 1), (2, 2), (2, 2), (3, 2), (3, 2)]);
    }

    #[test]
    fn on_a_phone_upright_they_stand_above_each_other() {
        let shapes: Vec<_> = (1..=4).map(|tiles| shape(360.0, 640.0, tiles)).collect();
        assert_eq!(shapes, [(1, 1), (1, 2), (1, 3), (1, 4)]);
        assert_eq!(shape(360.0, 640.0, 6), (2, 3));
    }

    #[test]
    fn what_makes_no_sense_gives_nothing_to_draw() {
        assert_eq!(grid(0.0, 0.0, 8.0, 4, WIDE).tile_width, 0.0);
        assert_eq!(grid(100.0, 100.0, 8.0, 1, f64::NAN).tile_height, 0.0);
        assert_eq!(grid(100.0, 100.0, 8.0, 0, 1.0).columns, 1);
    }

    proptest! {
        #[test]
        fn the_tiles_fit_and_no_other_grid_has_much_larger_ones(
            width in 100.0..4_000.0_f64,
            height in 100.0..3_000.0_f64,
            tiles in 1..=16_usize,
            aspect in 0.5..2.0_f64,
        ) {
            let gap = 8.0;
            let best = grid(width, height, gap, tiles, aspect);
            let taken = |tile: f64, count: usize| tile * count as f64 + gap * (count - 1) as f64;
            prop_assert!(best.columns * best.rows >= tiles);
            prop_assert!(taken(best.tile_width, best.columns) <= width + 0.01);
            prop_assert!(taken(best.tile_height, best.rows) <= height + 0.01);
            for columns in 1..=tiles {
                let other = with_columns(width, height, gap, tiles, aspect, columns);
                prop_assert!(other.tile_width * (1.0 - CONCESSION) <= best.tile_width + 0.001);
            }
        }
    }
}
