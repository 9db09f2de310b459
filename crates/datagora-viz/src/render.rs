//! Scenes as pictures.
#[cfg(feature = "png")]
mod borders;
#[cfg(feature = "png")]
mod coverage;
#[cfg(feature = "png")]
mod deflate;
#[cfg(feature = "png")]
mod edges;
#[cfg(feature = "png")]
mod outline;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "png")]
mod png;
#[cfg(feature = "png")]
mod stroke;
mod svg;
#[cfg(any(feature = "pdf", feature = "png"))]
mod typeface;

#[cfg(feature = "pdf")]
pub(crate) use pdf::Pen;
#[cfg(feature = "png")]
pub use png::PngError;
#[cfg(feature = "png")]
pub(crate) use png::scene_to_png;
pub(crate) use svg::{Caption, Form, SharedBackdrops, escape, scene_to_svg, write_tenths};

/// Distance of the lines of a hatch, and their width, px.
const HATCH: (f64, f64) = (6.0, 1.6);
/// Width of the white line around names on maps, half of it hidden by the letters, px.
const HALO: f64 = 3.0;
