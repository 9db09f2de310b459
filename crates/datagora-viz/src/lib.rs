//! Pictures that people trust: maps and charts for citizens, from typed data.
mod chart;
mod classify;
mod colour;
mod format;
mod frame;
#[cfg(feature = "maps")]
mod label;
#[cfg(feature = "maps")]
mod legend;
#[cfg(feature = "maps")]
mod map;
mod page;
mod palette;
mod render;
mod scale;
mod scene;
mod semiology;
mod table;
mod text;
mod view;

pub use chart::{
    Axis, BarChart, CATEGORIES, ChartError, Fan, Histogram, Layer, Line, LineChart, SeasonalChart,
    SmallMultiples, StackedChart, StateChart,
};
pub use classify::{Classes, ClassifyError, Method, RoundedBounds, classify};
pub use colour::Colour;
pub use format::{format_change, format_number, format_percent, format_short};
pub use frame::Captions;
#[cfg(feature = "maps")]
pub use map::{
    Choropleth, Context, DensityGrid, MapError, MapOptions, PointMap, ProportionalSymbols, Typology,
    density_grid,
};
pub use page::{Chapter, Page, Plate, Section};
pub use palette::{
    ColourVision, Confusion, Diverging, Palette, PaletteError, Qualitative, Sequential, check_palette,
    colour_difference,
};
#[cfg(feature = "png")]
pub use render::PngError;
pub use scale::{LinearScale, LogScale, nice_domain, tick_decimals, ticks};
pub use scene::{Anchor, Extent, Fill, Flaw, Mark, Path, Scene, Shape, Stroke, Text};
pub use semiology::{Design, Exception, Finding, Variable, lint_design};
pub use table::{Column, DataTable, Values, describe_measured};
pub use text::{BOLD, REGULAR, shorten_text, text_width, wrap_text};
pub use view::View;
