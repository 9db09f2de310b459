//! Charts, each drawn for wide and for narrow screens.
mod axis;
mod bar;
mod declutter;
mod dots;
mod heat;
mod histogram;
mod key;
mod line;
mod multiples;
mod plot;
mod quantile;
mod ridges;
mod rows;
mod sankey;
mod scatter;
mod season;
mod slope;
mod stack;
mod states;
mod strip;
mod timeline;
mod tornado;
mod waterfall;
mod words;

pub use axis::Axis;
pub use bar::BarChart;
pub use dots::{Event, QuantileDotPlot};
pub use heat::HeatMap;
pub use histogram::Histogram;
#[cfg(feature = "web")]
pub(crate) use histogram::round_edges;
pub use line::{Fan, Line, LineChart};
pub use multiples::SmallMultiples;
pub use ridges::{Bandwidth, Ridgelines};
pub use sankey::Sankey;
pub use scatter::{LisaClass, MoranScatter, Scatter};
pub use season::SeasonalChart;
pub use slope::SlopeChart;
pub use stack::{Layer, StackedChart};
pub use states::StateChart;
pub use strip::{Standing, Strip, StripChart};
pub use timeline::StateTimeline;
pub use tornado::Tornado;
pub use waterfall::{Direction, Waterfall};
#[cfg(feature = "maps")]
pub(crate) use words::{amount_or_reason, capitalised, colon, quantity};

use datagora_core::Unit;

use crate::semiology::explain_chart_findings;
use crate::{ClassifyError, Colour, Finding, PaletteError};

/// The method that allows what a rule refuses.
macro_rules! allow_exceptions {
    ($($chart:ty),* $(,)?) => {
        $(impl $chart {
            /// Allows what a rule of [`lint_chart`](crate::lint_chart) refuses, for a reason that is printed below the picture.
            pub fn with_exception(mut self, exception: crate::Exception, reason: impl Into<String>) -> Self {
                self.excuses.add(exception, reason);
                self
            }
        })*
    };
}
allow_exceptions!(
    BarChart,
    HeatMap,
    LineChart,
    Sankey,
    Scatter,
    SeasonalChart,
    SlopeChart,
    StackedChart,
    StateChart,
    StateTimeline,
    StripChart<'_>,
    Waterfall
);

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
    /// The chart breaks rules for which no exception was named.
    #[error("{}", explain_chart_findings(findings))]
    Semiology {
        /// The rules broken.
        findings: Vec<Finding>,
    },
    /// Not a probability.
    #[error("“{name}” has the level {found}; a probability from 0 to 1 is needed")]
    Level {
        /// Name of the series.
        name: String,
        /// Level found.
        found: f64,
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
    /// A sample too small for what is drawn of it.
    #[error(
        "“{name}” has {found} values, but {needed} are needed; ask for fewer dots, or show the values themselves"
    )]
    TooFew {
        /// Name of the sample.
        name: String,
        /// Finite values found.
        found: usize,
        /// Values needed.
        needed: usize,
    },
    /// A value where none can be.
    #[error(
        "“{name}” has the value {found}, beyond the limits {low} to {high}; widen them, or mend the value"
    )]
    Limits {
        /// Name of the group.
        name: String,
        /// Value found.
        found: f64,
        /// Lower limit.
        low: f64,
        /// Upper limit.
        high: f64,
    },
    /// Quantiles that say nothing of the tails that are drawn.
    #[error(
        "the quantiles of “{name}” do not reach from level {lower} to {upper}; give them, or ask for fewer dots"
    )]
    Tails {
        /// Name of the distribution.
        name: String,
        /// Lowest level drawn.
        lower: f64,
        /// Highest level drawn.
        upper: f64,
    },
    /// An amount that cannot flow.
    #[error("{found} flows from “{from}” to “{to}”; what flows is finite and at least 0")]
    Flow {
        /// Where it begins.
        from: String,
        /// Where it ends.
        to: String,
        /// Amount found.
        found: f64,
    },
    /// Something flows back to where it came from.
    #[error(
        "there is a way back: {}; draw stages (Sankey::with_stages), in which a name is a node of its own in each, or net \
         amounts", names.join(" → ")
    )]
    Cycle {
        /// The nodes on the way, the first again at the end.
        names: Vec<String>,
    },
    /// A stage without name.
    #[error("“{name}” is in stage {found}, counted from 0, but {known} stages have names; name every stage")]
    Stage {
        /// Name of the node.
        name: String,
        /// Stage found.
        found: usize,
        /// Number of stages.
        known: usize,
    },
    /// Values in more than one unit.
    #[error("“{name}” is in {found}, the chart in {needed}; convert it")]
    Units {
        /// What differs.
        name: String,
        /// Its unit.
        found: Unit,
        /// Unit of the chart.
        needed: Unit,
    },
    /// A row that is not there.
    #[error("row {row} is asked for, but there are {rows}; rows are counted from 0")]
    Row {
        /// Row asked for, from 0.
        row: usize,
        /// Number of rows.
        rows: usize,
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
