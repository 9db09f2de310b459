//! Scenes as pictures.
#[cfg(feature = "png")]
mod png;
mod svg;

#[cfg(feature = "png")]
pub use png::PngError;
#[cfg(feature = "png")]
pub(crate) use png::scene_to_png;
pub(crate) use svg::{Caption, escape, scene_to_svg};
