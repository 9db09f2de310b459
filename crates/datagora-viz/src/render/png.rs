//! A scene as PNG, with the embedded fonts only.
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::text::{BOLD, REGULAR};

/// A picture that cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// No pixels, or too many.
    #[error(
        "a picture of {width} × {height} pixels cannot be made; choose a scale that gives 1 to 20,000 pixels each way"
    )]
    Size {
        /// Asked for.
        width: f64,
        /// Asked for.
        height: f64,
    },
    /// The renderer refused.
    #[error("the picture could not be rendered")]
    Render(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub(crate) fn scene_to_png(svg: &str, width: f64, height: f64, scale: f64) -> Result<Vec<u8>, PngError> {
    let (w, h) = ((width * scale).ceil(), (height * scale).ceil());
    let size = || PngError::Size { width: w, height: h };
    if !(1.0..=20_000.0).contains(&w) || !(1.0..=20_000.0).contains(&h) {
        return Err(size());
    }
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        fonts.set_sans_serif_family("Noto Sans");
        Arc::new(fonts)
    });
    let options =
        Options { fontdb: fonts.clone(), font_family: "Noto Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| PngError::Render(error.into()))?;
    let mut pixels = Pixmap::new(w as u32, h as u32).ok_or_else(size)?;
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Render(error.into()))
}
