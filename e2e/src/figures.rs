//! Figures of repeated measurements, as they are reported.

use std::fmt;

/// Measurements in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Adds one.
    pub fn add(&mut self, milliseconds: f64) {
        self.0.push(milliseconds);
        self.0.sort_by(f64::total_cmp);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The middle one; of an even number, the mean of the two in the middle. `NAN` for none.
    pub fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        match self.0.as_slice() {
            [] => f64::NAN,
            all if all.len() % 2 == 1 => all[middle],
            all => f64::midpoint(all[middle - 1], all[middle]),
        }
    }

    /// The largest. `NAN` for none.
    pub fn worst(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "median {:.0} ms, worst {:.0} ms of {}",
            self.median(),
            self.worst(),
            self.0.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Figures;

    fn figures(all: &[f64]) -> Figures {
        let mut figures = Figures::default();
        all.iter().for_each(|one| figures.add(*one));
        figures
    }

    #[test]
    fn the_median_is_the_one_in_the_middle_whatever_the_order() {
        assert_eq!(figures(&[9.0, 1.0, 2.0]).median(), 2.0);
        assert_eq!(figures(&[9.0, 1.0, 2.0, 4.0]).median(), 3.0);
        assert!(figures(&[]).median().is_nan());
    }

    #[test]
    fn the_worst_is_the_slowest() {
        assert_eq!(figures(&[1.0, 9.0, 2.0]).worst(), 9.0);
        assert_eq!(
            figures(&[1.0, 3.0]).to_string(),
            "median 2 ms, worst 3 ms of 2"
        );
    }
}
