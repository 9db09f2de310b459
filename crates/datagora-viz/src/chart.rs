//! Charts, each drawn for wide and for narrow screens.
mod axis;
mod line;

use datagora_core::Language;

pub use axis::Axis;
pub use line::{Fan, Line, LineChart};

use crate::Colour;
use crate::format::format_short;

/// A chart that cannot be drawn.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum ChartError {
    /// Nothing to show.
    #[error("“{title}” has no value to show; leave the chart out, and say why")]
    Empty {
        /// Title of the chart.
        title: String,
    },
    /// Lengths that should agree do not.
    #[error("“{name}” has {found} values, the axis has {needed} positions")]
    Length {
        /// Name of the series.
        name: String,
        /// Its length.
        found: usize,
        /// Length of the axis.
        needed: usize,
    },
    /// A forecast without bounds.
    #[error("the forecast of “{name}” has no interval; a forecast is shown with one, or not at all")]
    NoInterval {
        /// Name of the series.
        name: String,
    },
}

/// Colours for categories that people with any colour vision tell apart, each 3:1 and more on white except the last two.
///
/// # References
///
/// Okabe, M. and Ito, K. (2008). Color universal design; the yellow is left out, and the colours are in the order in
/// which their nearest pair is farthest.
pub const CATEGORIES: [Colour; 6] = [
    Colour::rgb(0, 114, 178),
    Colour::rgb(213, 94, 0),
    Colour::rgb(0, 130, 95),
    Colour::rgb(160, 80, 130),
    Colour::rgb(86, 180, 233),
    Colour::rgb(230, 159, 0),
];

/// A number and its unit.
fn with_unit(value: f64, unit: &str, language: Language) -> String {
    let number = format_short(value, language);
    if unit.is_empty() { number } else { format!("{number}\u{a0}{unit}") }
}
