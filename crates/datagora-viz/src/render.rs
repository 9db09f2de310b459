//! Scenes as pictures.
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "png")]
mod png;
mod svg;

#[cfg(feature = "pdf")]
pub(crate) use pdf::Pen;
#[cfg(feature = "png")]
pub use png::PngError;
#[cfg(feature = "png")]
pub(crate) use png::scene_to_png;
pub(crate) use svg::{Caption, Form, SharedBackdrops, escape, scene_to_svg};
