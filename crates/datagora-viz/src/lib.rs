//! Maps and charts for citizens: one scene to SVG, PNG and HTML, exact classes, computed credits, alternative text.
//!
//! | module | what |
//! |---|---|
//! | charts | [`LineChart`], [`BarChart`], [`SeasonalChart`], [`SmallMultiples`], [`StateChart`], [`StackedChart`], [`Histogram`], [`HeatMap`], [`StateTimeline`], [`Waterfall`], [`SlopeChart`], [`QuantileDotPlot`], [`Tornado`], [`Sankey`], [`Ridgelines`], [`StripChart`], [`Scatter`], [`MoranScatter`], [`LisaClass`]; [`Axis`], [`ChartError`] |
//! | maps (feature `maps`) | `Choropleth`, `ProportionalSymbols`, `GraduatedSymbols`, `Typology`, `PointMap`, `DotDensity`, `GridMap`, `density_grid`, `hexagon_grid`, `PotentialMap`, `BivariateMap`, `DifferenceMap`, `ValueSuppressingMap`, `Discontinuities`, `MapMultiples`; cartograms: `Dorling`, `ContiguousCartogram`; `MapOptions`, `Context`, `Inset`, `suited_crs` |
//! | flows on maps (feature `maps`) | `FlowMap` of `Flows`; `cluster_flows` |
//! | classes, colours, rules | [`classify`], [`Palette`], [`check_palette`], [`lint_design`], [`lint_chart`], [`Statistic`] |
//! | what stands beside a picture | [`Captions`], [`View`], [`DataTable`], [`Extreme`] rows of it, [`describe_measured`] |
//! | what every renderer draws | [`Scene`], [`Mark`], [`Shape`], [`Text`]; [`Scene::flaws`] finds text that cannot be read |
//! | scales, numbers, widths of text | [`LinearScale`], [`LogScale`], [`ticks`], [`format_number`], [`format_short`], [`text_width`], [`wrap_text`] |
//! | vector tiles (feature `tiles`) | `TileSet` of `TileLayer`s and `GridLayer`s to a `TileArchive`; `Thinning`, `LayerThinning` |
//! | a page of HTML | [`Page`], [`Chapter`], [`Plate`], [`Section`] |
//! | tagged PDF of a view or a page (feature `pdf`) | `View::to_pdf`, `Page::to_pdf`; `PdfOptions`, `PdfError` |
//! | an interactive map in one file (feature `web`) | `WebMap`, `WebSource`, `WebLayer`, `Field`, `Contributions`, `CircleSizes`, `LineWidths`, `Filter`, `TimeAxis`, `StepValues`, `Comparison`, `Ground` |
//! | a story told step by step on such a map (feature `web`) | `Story`, `StoryStep`, `StoryScene`, `WebMap::to_story` |
//! | one page per territory (feature `maps`) | `Atlas` of `Indicator`s, as one file or as a folder of `WebFile`s |
//!
//! [The gallery](pictures/index.html) shows an example of each view; `scripts/docs.sh` draws it beside these pages.
#![doc = ""]
#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests do not write what must be the same everywhere")
)]
#[cfg(feature = "maps")]
mod atlas;
mod chart;
mod classify;
mod colour;
#[cfg(feature = "maps")]
mod flow;
mod format;
mod frame;
mod label;
#[cfg(feature = "maps")]
mod legend;
#[cfg(feature = "maps")]
mod map;
mod page;
mod palette;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(any(feature = "tiles", feature = "web"))]
mod pmtiles;
#[cfg(feature = "maps")]
mod random;
mod render;
mod scale;
mod scene;
mod semiology;
mod table;
mod text;
#[cfg(feature = "tiles")]
mod tiles;
mod view;
#[cfg(feature = "web")]
mod web;

#[cfg(feature = "maps")]
pub use atlas::{Atlas, AtlasError, Indicator};
pub use chart::{
    Axis, Bandwidth, BarChart, CATEGORIES, ChartError, Direction, Event, Fan, HeatMap, Histogram, Layer,
    Line, LineChart, LisaClass, MoranScatter, QuantileDotPlot, Ridgelines, Sankey, Scatter, SeasonalChart,
    SlopeChart, SmallMultiples, StackedChart, Standing, StateChart, StateTimeline, Strip, StripChart,
    Tornado, Waterfall,
};
pub use classify::{Classes, ClassifyError, Method, RoundedBounds, classify};
pub use colour::Colour;
#[cfg(feature = "maps")]
pub use flow::{FlowClusters, FlowError, Flows, cluster_flows};
pub use format::{format_change, format_number, format_percent, format_short};
pub use frame::Captions;
#[cfg(feature = "maps")]
pub use map::{
    BivariateMap, CartogramZones, Choropleth, Clustering, Context, ContiguousCartogram, Contrast,
    DensityGrid, DifferenceMap, Discontinuities, Dorling, DotDensity, FlowDirection, FlowMap,
    GraduatedSymbols, GridMap, Inset, MapError, MapMultiples, MapOptions, PointMap, PotentialMap,
    ProportionalSymbols, SymbolRates, Typology, ValueSuppressingMap, density_grid, hexagon_grid, suited_crs,
};
#[cfg(feature = "maps")]
pub use page::WebFile;
pub use page::{Chapter, Page, Plate, Section};
pub use palette::{
    ColourVision, Confusion, Diverging, Palette, PaletteError, Qualitative, Sequential, check_palette,
    colour_difference,
};
#[cfg(feature = "pdf")]
pub use pdf::{PdfError, PdfOptions};
#[cfg(feature = "web")]
pub use pmtiles::PmtilesError;
#[cfg(feature = "png")]
pub use render::PngError;
pub use scale::{LinearScale, LogScale, nice_domain, tick_decimals, ticks};
pub use scene::{Anchor, Extent, Fill, Flaw, Mark, Path, Scene, Shape, Stroke, Text};
pub use semiology::{ChartDesign, Design, Exception, Finding, Statistic, Variable, lint_chart, lint_design};
pub use table::{Column, DataTable, Extreme, Values, describe_measured};
pub use text::{BOLD, REGULAR, shorten_text, text_width, wrap_text};
#[cfg(feature = "tiles")]
pub use tiles::{
    AttributeValues, CellAggregate, GridLayer, LayerThinning, Thinning, TileArchive, TileError, TileLayer,
    TileSet,
};
pub use view::View;
#[cfg(feature = "web")]
pub use web::{
    Category, CircleSizes, Comparison, Contributions, Field, Filter, Ground, LineWidths, StepValues, Story,
    StoryChoice, StoryFeature, StoryScene, StoryStep, TimeAxis, WebLayer, WebMap, WebMapError, WebSource,
};
