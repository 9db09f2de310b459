//! Charts, each drawn for wide and for narrow screens.
mod axis;
mod bar;
mod heat;
mod histogram;
mod key;
mod line;
mod multiples;
mod plot;
mod rows;
mod season;
mod stack;
mod states;
mod timeline;
mod waterfall;
mod words;

pub use axis::Axis;
pub use bar::BarChart;
pub use heat::HeatMap;
pub use histogram::Histogram;
pub use line::{Fan, Line, LineChart};
pub use multiples::SmallMultiples;
pub use season::SeasonalChart;
pub use stack::{Layer, StackedChart};
pub use states::StateChart;
pub use timeline::StateTimeline;
pub use waterfall::Waterfall;
#[cfg(feature = "maps")]
pub(crate) use words::quantity;

use crate::{ClassifyError, Colour, PaletteError};

/// A chart that cannot be drawn.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum ChartError {
    /// Nothing to show.
    #[error("“{title}” has no value to show; leave the chart out, and say why")]
    Empty {
        /// Title of the chart.
        title: String,
    },
    /// Lengths that should agree do not.
    #[error("“{name}” has {found} values, but {needed} are needed: one for each position")]
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
    /// Bounds in the wrong order.
    #[error("“{name}” has the lower bound {lower} above the upper bound {upper} at position {step}")]
    Bounds {
        /// Name of the series.
        name: String,
        /// Position, from 0.
        step: usize,
        /// Lower bound found.
        lower: f64,
        /// Upper bound found.
        upper: f64,
    },
    /// A part below zero.
    #[error(
        "“{name}” has the value {found} at position {step}; parts of a whole cannot be below zero, draw lines instead"
    )]
    Negative {
        /// Name of the series.
        name: String,
        /// Position, from 0.
        step: usize,
        /// Value found.
        found: f64,
    },
    /// A state that was not declared.
    #[error(
        "“{name}” is in state {found} at position {step}, but {known} are known; declare states before rows use them"
    )]
    State {
        /// Name of the row.
        name: String,
        /// Position, from 0.
        step: usize,
        /// State found, from 0.
        found: usize,
        /// Number of states.
        known: usize,
    },
    /// A step of a sum that has no value.
    #[error("“{name}” has no value; a sum cannot go on without it, leave the chart out, and say why")]
    Unknown {
        /// Name of the step.
        name: String,
    },
    /// A total that is not what its parts add up to.
    #[error("“{name}” is {found}, but the steps before add up to {sum}; give every part of the difference")]
    Sum {
        /// Name of the total.
        name: String,
        /// Total found.
        found: f64,
        /// What the steps before it make.
        sum: f64,
    },
    /// Values that cannot be put into classes.
    #[error(transparent)]
    Classes(#[from] ClassifyError),
    /// Too few colours.
    #[error(transparent)]
    Palette(#[from] PaletteError),
    /// Positions that do not rise.
    #[error("“{title}” has positions that do not rise at {step}; sort them and leave out repetitions")]
    Order {
        /// Title of the chart.
        title: String,
        /// First position that is not above the one before.
        step: usize,
    },
    /// Parts that make up more than the whole.
    #[error("the states make up {sum} of {total} at position {step}; count each thing in one state")]
    Total {
        /// Position, from 0.
        step: usize,
        /// Sum of the states.
        sum: f64,
        /// What they should not exceed.
        total: f64,
    },
}

/// Colours for categories that people with any colour vision tell apart, each 3:1 and more on white except the last two.
///
/// # References
///
/// Okabe, M. and Ito, K. (2008). Color universal design; the yellow and the black are left out. Any two are at least 0.06
/// apart in OKLab for every colour vision: see [`check_palette`](crate::check_palette).
pub const CATEGORIES: [Colour; 6] = [
    Colour::rgb(0, 114, 178),
    Colour::rgb(213, 94, 0),
    Colour::rgb(0, 158, 115),
    Colour::rgb(204, 121, 167),
    Colour::rgb(86, 180, 233),
    Colour::rgb(230, 159, 0),
];

/// The colour of a series by its place.
fn category(index: usize) -> Colour {
    CATEGORIES[index % CATEGORIES.len()]
}

/// Whether a width is that of narrow screens.
fn is_narrow(width: f64) -> bool {
    width < 500.0
}
