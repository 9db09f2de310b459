//! A scene as PNG: its marks on a grid of pixels, text as the outlines of the embedded fonts.
use std::sync::OnceLock;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter};
use tiny_skia::{
    Color, FillRule, GradientStop, LineJoin, LinearGradient, Paint, PathBuilder, Pixmap, Point, Rect, Shader,
    SpreadMode, StrokeDash, Transform,
};
use ttf_parser::OutlineBuilder;

use super::typeface::Typeface;
use super::{HALO, HATCH};
use crate::scene::{Backdrop, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::{BOLD, Colour, REGULAR};

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
    /// The picture could not be written.
    #[error("the picture could not be written")]
    Write(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The scene, `scale` pixels for each px, on white.
pub(crate) fn scene_to_png(scene: &Scene, scale: f64) -> Result<Vec<u8>, PngError> {
    let (w, h) = ((scene.width() * scale).ceil(), (scene.height() * scale).ceil());
    let size = || PngError::Size { width: w, height: h };
    if !(1.0..=20_000.0).contains(&w) || !(1.0..=20_000.0).contains(&h) {
        return Err(size());
    }
    let mut pixels = Pixmap::new(w as u32, h as u32).ok_or_else(size)?;
    pixels.fill(Color::WHITE);
    Brush { pixels: &mut pixels, scale: scale as f32, down: 0.0 }.draw_scene(scene);
    encode(&pixels).map_err(|error| PngError::Write(error.into()))
}

/// Nothing shows through white, so a pixel is three bytes. Flat colours repeat as they are: filters, made for photographs,
/// would make the file larger.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_filter(Filter::NoFilter);
    encoder.set_deflate_compression(DeflateCompression::Level(4));
    let mut rows = encoder.write_header()?;
    let mut colours = vec![0; pixels.data().len() / 4 * 3];
    for (colour, pixel) in colours.chunks_exact_mut(3).zip(pixels.data().chunks_exact(4)) {
        colour.copy_from_slice(&pixel[..3]);
    }
    rows.write_image_data(&colours)?;
    rows.finish()?;
    Ok(file)
}

/// What draws in the px of a scene.
struct Brush<'a> {
    pixels: &'a mut Pixmap,
    scale: f32,
    /// How far down the scene lies, px.
    down: f32,
}

impl Brush<'_> {
    fn draw_scene(&mut self, scene: &Scene) {
        if let Some(Backdrop { scene: below, down }) = scene.backdrop() {
            let own = self.down;
            self.down += *down as f32;
            self.draw_scene(below);
            self.down = own;
        }
        scene.marks().iter().for_each(|mark| self.draw(mark));
    }

    fn draw(&mut self, mark: &Mark) {
        let outline = match &mark.shape {
            Shape::Text(text) => return self.write(text),
            Shape::Path(path) => outline_of(path),
            Shape::Rect(extent) => {
                let (width, height) = (extent.width().max(0.0) as f32, extent.height().max(0.0) as f32);
                Rect::from_xywh(extent.left as f32, extent.top as f32, width, height)
                    .map(PathBuilder::from_rect)
            }
            Shape::Circle { x, y, radius } => PathBuilder::from_circle(*x as f32, *y as f32, *radius as f32),
        };
        let Some(outline) = outline else { return };
        let shader = match mark.fill {
            Fill::None => None,
            Fill::Solid(colour) => Some(solid(colour, 1.0)),
            Fill::Glass(colour, opacity) => Some(solid(colour, opacity)),
            Fill::Hatch(colour) => hatch(colour, self.scale),
        };
        if let Some(shader) = shader {
            self.fill(&outline, shader, FillRule::EvenOdd);
        }
        if let Some(stroke) = mark.stroke {
            self.stroke(&outline, stroke);
        }
    }

    fn write(&mut self, text: &Text) {
        let Some(typeface) = typeface(text.bold) else { return };
        let line = typeface.line(&text.content);
        let size = text.size as f32 / f32::from(typeface.face.units_per_em());
        let mut letters =
            Letters { size, x: line.left(text) as f32, y: text.y as f32, path: PathBuilder::new() };
        for glyph in &line.glyphs {
            typeface.face.outline_glyph(glyph.id, &mut letters);
            letters.x += (glyph.advance * text.size) as f32;
        }
        let Some(outline) = letters.path.finish() else { return };
        if text.halo {
            self.stroke(&outline, Stroke::new(Colour::WHITE, HALO));
        }
        self.fill(&outline, solid(text.colour, 1.0), FillRule::Winding);
    }

    fn fill(&mut self, outline: &tiny_skia::Path, shader: Shader<'static>, rule: FillRule) {
        let paint = Paint { shader, ..Paint::default() };
        self.pixels.fill_path(outline, &paint, rule, self.transform(), None);
    }

    fn stroke(&mut self, outline: &tiny_skia::Path, stroke: Stroke) {
        if !(stroke.width.is_finite() && stroke.width > 0.0) {
            return;
        }
        let paint = Paint { shader: solid(stroke.colour, 1.0), ..Paint::default() };
        let dash = (stroke.dash > 0.0).then(|| StrokeDash::new(vec![stroke.dash as f32; 2], 0.0)).flatten();
        let stroke = tiny_skia::Stroke {
            width: stroke.width as f32,
            line_join: LineJoin::Round,
            dash,
            ..tiny_skia::Stroke::default()
        };
        self.pixels.stroke_path(outline, &paint, &stroke, self.transform(), None);
    }

    fn transform(&self) -> Transform {
        Transform::from_row(self.scale, 0.0, 0.0, self.scale, 0.0, self.down * self.scale)
    }
}

fn typeface(bold: bool) -> Option<&'static Typeface> {
    static FONTS: OnceLock<[Option<Typeface>; 2]> = OnceLock::new();
    FONTS.get_or_init(|| [REGULAR, BOLD].map(Typeface::new))[usize::from(bold)].as_ref()
}

fn rgba(colour: Colour, opacity: f64) -> Color {
    let alpha = (255.0 * opacity.clamp(0.0, 1.0)).round() as u8;
    Color::from_rgba8(colour.red, colour.green, colour.blue, alpha)
}

fn solid(colour: Colour, opacity: f64) -> Shader<'static> {
    Shader::SolidColor(rgba(colour, opacity))
}

/// Diagonals on white, all on one grid: a gradient across them that repeats, as steep as one pixel at each edge.
fn hatch(colour: Colour, scale: f32) -> Option<Shader<'static>> {
    let (step, width) = (HATCH.0 as f32, HATCH.1 as f32);
    let edge = (0.5 / scale).min(0.45 * width) / step;
    let (line, white) = (rgba(colour, 1.0), Color::WHITE);
    let half = |part: fn(&Color) -> f32| 0.5 * (part(&line) + part(&white));
    let between = Color::from_rgba(half(Color::red), half(Color::green), half(Color::blue), 1.0)?;
    let stops = [
        (0.0, between),
        (edge, line),
        (width / step - edge, line),
        (width / step + edge, white),
        (1.0 - edge, white),
        (1.0, between),
    ];
    let stops = stops.map(|(at, colour)| GradientStop::new(at, colour)).to_vec();
    let end = step * std::f32::consts::FRAC_1_SQRT_2;
    LinearGradient::new(
        Point::zero(),
        Point::from_xy(end, end),
        stops,
        SpreadMode::Repeat,
        Transform::identity(),
    )
}

fn outline_of(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    for (positions, closed) in &path.parts {
        let mut positions = positions.iter().map(|position| position.map(|at| at as f32));
        let Some([x, y]) = positions.next() else { continue };
        builder.move_to(x, y);
        for [x, y] in positions {
            builder.line_to(x, y);
        }
        if *closed {
            builder.close();
        }
    }
    builder.finish()
}

/// The outlines of the letters of a line, one after the other.
struct Letters {
    /// Px for each unit of the font.
    size: f32,
    x: f32,
    y: f32,
    path: PathBuilder,
}

impl Letters {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.size, self.y - y * self.size)
    }
}

impl OutlineBuilder for Letters {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Extent;

    /// Width and colours, row by row.
    fn pixels(scene: &Scene, scale: f64) -> (usize, Vec<[u8; 3]>) {
        let file = scene_to_png(scene, scale).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        let colours = bytes.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
        (frame.width as usize, colours)
    }

    fn square(left: f64, top: f64, side: f64) -> Extent {
        Extent { left, top, right: left + side, bottom: top + side }
    }

    const WHITE: [u8; 3] = [255; 3];
    const RED: Colour = Colour { red: 200, green: 0, blue: 0 };

    #[test]
    fn shapes_cover_their_pixels() {
        let mut scene = Scene::new(10.0, 8.0);
        scene.rect(square(2.0, 2.0, 3.0), Fill::Solid(RED));
        scene.add(Mark::new(Shape::Circle { x: 8.0, y: 4.0, radius: 1.0 }).fill(Fill::Glass(RED, 0.5)));
        let (width, colours) = pixels(&scene, 2.0);
        assert_eq!((width, colours.len()), (20, 320));
        let reds = colours.iter().filter(|colour| **colour == [200, 0, 0]).count();
        assert_eq!(reds, 36);
        assert_eq!((colours[4 * 20 + 4], colours[3 * 20 + 4], colours[0]), ([200, 0, 0], WHITE, WHITE));
        let [red, green, blue] = colours[8 * 20 + 16];
        assert!((226..=228).contains(&red) && (126..=128).contains(&green) && green == blue, "half of red");
    }

    #[test]
    fn holes_are_left_out_and_lines_are_drawn() {
        let ring = |from: f64, side: f64| {
            let (a, b) = (from, from + side);
            (vec![[a, a], [b, a], [b, b], [a, b]], true)
        };
        let mut scene = Scene::new(12.0, 12.0);
        let path = Path { parts: vec![ring(1.0, 10.0), ring(4.0, 4.0)] };
        scene.add(Mark::new(Shape::Path(path)).fill(Fill::Solid(RED)));
        scene.line([4.0, 6.0], [8.0, 6.0], Stroke::new(Colour::INK, 2.0));
        let (_, colours) = pixels(&scene, 1.0);
        let count = |wanted: [u8; 3]| colours.iter().filter(|colour| **colour == wanted).count();
        let ink = [Colour::INK.red, Colour::INK.green, Colour::INK.blue];
        assert_eq!((count([200, 0, 0]), count(ink)), (100 - 16, 8));
    }

    #[test]
    fn hatches_have_the_share_of_their_lines() {
        let mut scene = Scene::new(120.0, 120.0);
        scene.rect(square(0.0, 0.0, 120.0), Fill::Hatch(RED));
        for scale in [1.0, 2.37] {
            let (_, colours) = pixels(&scene, scale);
            let dark: f64 =
                colours.iter().map(|c| 1.0 - f64::from(c[1]) / 255.0).sum::<f64>() / colours.len() as f64;
            assert!((dark - HATCH.1 / HATCH.0).abs() < 0.01, "{dark} at {scale}");
        }
    }

    #[test]
    fn letters_end_where_the_line_does() {
        let mut scene = Scene::new(100.0, 30.0);
        scene.text(Text::new("ATLAS", 80.0, 20.0).size(16.0).end());
        let (width, colours) = pixels(&scene, 4.0);
        let inked: Vec<usize> =
            (0..colours.len()).filter(|&at| colours[at] != WHITE).map(|at| at % width).collect();
        let (left, right) =
            (*inked.iter().min().unwrap() as f64 / 4.0, *inked.iter().max().unwrap() as f64 / 4.0);
        let expected = 80.0 - crate::text_width("ATLAS", 16.0, false);
        assert!((79.0..80.0).contains(&right), "{right}");
        assert!((expected..expected + 4.0).contains(&left), "{left}: kerned, {expected} at least");
    }

    #[test]
    fn what_lies_below_is_drawn_down() {
        let mut below = Scene::new(4.0, 4.0);
        below.rect(square(0.0, 0.0, 1.0), Fill::Solid(RED));
        let mut scene = Scene::new(4.0, 8.0);
        scene.set_backdrop(Arc::new(below), 5.0);
        let (_, colours) = pixels(&scene, 1.0);
        assert_eq!(colours.iter().position(|colour| *colour == [200, 0, 0]), Some(20));
    }

    #[test]
    fn sizes_that_cannot_be() {
        for (side, scale) in [(100.0, 0.0), (100.0, 201.0), (100.0, f64::NAN)] {
            let error = scene_to_png(&Scene::new(side, side), scale).unwrap_err();
            assert!(matches!(error, PngError::Size { .. }), "{error}");
        }
    }
}
