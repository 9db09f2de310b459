//! A scene as PNG: its marks on a grid of pixels, text as the outlines of the embedded fonts.
use std::ops::Range;
use std::sync::OnceLock;

use png::chunk::IDAT;
use png::{BitDepth, ColorType, Encoder};
use ttf_parser::OutlineBuilder;

use super::borders::Borders;
use super::coverage::{Coverage, LEVELS, Rule};
use super::deflate::Compressor;
use super::edges::{Drawn, Edges};
use super::outline::Outline;
use super::stroke::Pen;
use super::typeface::Typeface;
use super::{HALO, HATCH};
use crate::scene::{Backdrop, Fill, Mark, Scene, Shape, Stroke, Text};
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
    if !(1.0..=20_000.0).contains(&w) || !(1.0..=20_000.0).contains(&h) {
        return Err(PngError::Size { width: w, height: h });
    }
    let mut brush = Brush { scale, ..Brush::default() };
    brush.draw_scene(scene);
    brush.encode(w as usize, h as usize).map_err(|error| PngError::Write(error.into()))
}

/// A surface of one look.
struct Area {
    drawn: Drawn,
    rule: Rule,
    ink: Ink,
}

/// What an area is painted with.
enum Ink {
    /// One colour, and how much of it: parts of 255.
    Plain(Block, u32),
    Hatch(Hatch),
}

impl Ink {
    fn solid(colour: Colour) -> Self {
        Self::glass(colour, 1.0)
    }

    fn glass(colour: Colour, opacity: f64) -> Self {
        Self::Plain(Block::of(rgb(colour)), (255.0 * opacity.clamp(0.0, 1.0)).round() as u32)
    }
}

/// Diagonals on white, all on one grid, as sharp as pixels are.
struct Hatch {
    colour: [u8; 3],
    /// Pixels for each px.
    scale: f64,
    /// How far down the scene lies, px.
    down: f64,
}

impl Hatch {
    /// The colour of all pixels whose column and row have this sum.
    fn at(&self, diagonal: usize) -> [u8; 3] {
        // Across the diagonals, px; the middle of a pixel is half of one further each way.
        let along = (diagonal as f64 + 1.0) / self.scale - self.down;
        let at = along * std::f64::consts::FRAC_1_SQRT_2 - 0.5 * HATCH.1;
        let off = (at - HATCH.0 * (at / HATCH.0).round()).abs();
        let part = ((0.5 * HATCH.1 - off) * self.scale + 0.5).clamp(0.0, 1.0) * 255.0;
        let mut pixel = [255; 3];
        blend(&mut pixel, &self.colour, part.round() as u32);
        pixel
    }
}

/// As many pixels of one colour as are copied at once.
struct Block([u8; 3 * Block::PIXELS]);

impl Block {
    const PIXELS: usize = 16;

    fn of(colour: [u8; 3]) -> Self {
        let mut block = [0; 3 * Self::PIXELS];
        block.chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&colour));
        Self(block)
    }

    fn fill(&self, run: &mut [u8]) {
        let (pixel, block) = (&self.0[..3], self.0.len());
        if run.len() < block {
            return run.chunks_exact_mut(3).for_each(|own| own.copy_from_slice(pixel));
        }
        run.chunks_exact_mut(block).for_each(|pixels| pixels.copy_from_slice(&self.0));
        // What is left, over some that are there already.
        let last = run.len() - block;
        run[last..].copy_from_slice(&self.0);
    }
}

/// Some rows of pixels in three bytes each: nothing shows through white.
struct Canvas {
    width: usize,
    rows: Range<usize>,
    pixels: Vec<u8>,
}

impl Canvas {
    /// Bytes at work at a time: few enough to stay in the fast memory next to a processor.
    const BYTES: usize = 1 << 18;

    /// Paints a run of pixels that are covered as much as `level` says.
    #[inline]
    fn paint(&mut self, row: usize, columns: Range<usize>, level: u32, ink: &Ink) {
        let of_255 = |all: u32| (all * level + LEVELS / 2) / LEVELS;
        let from = 3 * ((row - self.rows.start) * self.width + columns.start);
        let run = &mut self.pixels[from..from + 3 * columns.len()];
        match ink {
            Ink::Plain(block, opacity) => match of_255(*opacity) {
                255 => block.fill(run),
                // Most of what is covered in part is one pixel.
                part if run.len() == 3 => blend(run, &block.0, part),
                part => run.chunks_exact_mut(3).for_each(|pixel| blend(pixel, &block.0, part)),
            },
            Ink::Hatch(hatch) => {
                let part = of_255(255);
                for (pixel, column) in run.chunks_exact_mut(3).zip(columns) {
                    blend(pixel, &hatch.at(row + column), part);
                }
            }
        }
    }
}

/// `part` of 255 of a colour over a pixel, to the nearest.
fn blend(pixel: &mut [u8], colour: &[u8], part: u32) {
    for (below, above) in pixel.iter_mut().zip(colour) {
        let sum = u32::from(*below) * (255 - part) + u32::from(*above) * part + 128;
        // Divided by 255: exact for sums of this size.
        *below = ((sum + (sum >> 8)) >> 8) as u8;
    }
}

fn rgb(colour: Colour) -> [u8; 3] {
    [colour.red, colour.green, colour.blue]
}

/// What draws the marks of a scene.
#[derive(Default)]
struct Brush {
    /// Pixels for each px.
    scale: f64,
    /// How far down the scene lies, px.
    down: f64,
    /// The shape that is being drawn, in pixels.
    shape: Outline,
    /// What its line covers.
    covered: Outline,
    /// The edges of all areas, and these, the lowest first.
    edges: Edges,
    areas: Vec<Area>,
    /// The lines around the shapes drawn last, which are beside each other: how they are drawn, which sides were met, and what is to
    /// be painted after the shapes.
    shared: Option<Stroke>,
    borders: Borders,
    lines: Vec<Area>,
}

impl Brush {
    /// Paints the areas, some rows at a time.
    fn encode(&self, width: usize, height: usize) -> Result<Vec<u8>, png::EncodingError> {
        let mut compressor = Compressor::new(width);
        let most = (Canvas::BYTES / (3 * width)).max(1);
        let mut canvas = Canvas { width, rows: 0..0, pixels: Vec::new() };
        let mut coverage = Coverage::default();
        for from in (0..height).step_by(most) {
            canvas.rows = from..height.min(from + most);
            canvas.pixels.clear();
            canvas.pixels.resize(3 * width * canvas.rows.len(), 255);
            for area in &self.areas {
                let within = (width, canvas.rows.clone());
                coverage.sweep((&self.edges, &area.drawn), area.rule, within, |row, columns, level| {
                    canvas.paint(row, columns, level, &area.ink);
                });
            }
            compressor.rows(&canvas.pixels);
        }
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, width as u32, height as u32);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_chunk(IDAT, &compressor.finish())?;
        writer.finish()?;
        Ok(file)
    }

    fn draw_scene(&mut self, scene: &Scene) {
        if let Some(Backdrop { scene: below, down }) = scene.backdrop() {
            let own = self.down;
            self.down += down;
            self.draw_scene(below);
            self.down = own;
        }
        scene.marks().iter().for_each(|mark| self.draw(mark));
        self.end_borders();
    }

    fn draw(&mut self, mark: &Mark) {
        if self.shared != mark.stroke.filter(|stroke| stroke.shared) {
            self.end_borders();
        }
        self.shape.clear();
        match &mark.shape {
            Shape::Text(text) => return self.write(text),
            Shape::Path(path) => {
                for (positions, closed) in &path.parts {
                    for &[x, y] in positions {
                        self.shape.push(self.place(x, y));
                    }
                    self.shape.end(*closed);
                }
            }
            Shape::Rect(extent) => {
                let (right, bottom) = (extent.right.max(extent.left), extent.bottom.max(extent.top));
                for (x, y) in
                    [(extent.left, extent.top), (right, extent.top), (right, bottom), (extent.left, bottom)]
                {
                    self.shape.push(self.place(x, y));
                }
                self.shape.end(true);
            }
            Shape::Circle { x, y, radius } => {
                self.shape.circle(self.place(*x, *y), (radius.max(0.0) * self.scale) as f32);
            }
        }
        let ink = match mark.fill {
            Fill::None => None,
            Fill::Solid(colour) => Some(Ink::solid(colour)),
            Fill::Glass(colour, opacity) => Some(Ink::glass(colour, opacity)),
            Fill::Hatch(colour) => {
                Some(Ink::Hatch(Hatch { colour: rgb(colour), scale: self.scale, down: self.down }))
            }
        };
        if let Some(ink) = ink {
            self.fill(Rule::EvenOdd, ink);
        }
        match mark.stroke {
            Some(stroke) if stroke.shared => self.share(stroke),
            Some(stroke) => {
                let line = self.stroke(stroke);
                self.areas.extend(line);
            }
            None => {}
        }
    }

    /// Draws the line of the shape, without the sides of shapes before it, later.
    fn share(&mut self, stroke: Stroke) {
        self.shared = Some(stroke);
        let mut sides = Outline::default();
        self.borders.new_sides(&self.shape, &mut sides);
        let shape = std::mem::replace(&mut self.shape, sides);
        let line = self.stroke(stroke);
        self.lines.extend(line);
        self.shape = shape;
    }

    /// Draws the lines around shapes that are all there now.
    fn end_borders(&mut self) {
        self.areas.append(&mut self.lines);
        self.borders.clear();
        self.shared = None;
    }

    fn write(&mut self, text: &Text) {
        let Some(typeface) = typeface(text.bold) else { return };
        let line = typeface.line(&text.content);
        let unit = text.size / f64::from(typeface.face.units_per_em());
        let [x, y] = self.place(line.left(text), text.y);
        let mut letters = Letters { unit: (unit * self.scale) as f32, x, y, outline: &mut self.shape };
        for glyph in &line.glyphs {
            typeface.face.outline_glyph(glyph.id, &mut letters);
            letters.x += (glyph.advance * text.size * self.scale) as f32;
        }
        if text.halo {
            let halo = self.stroke(Stroke::new(Colour::WHITE, HALO));
            self.areas.extend(halo);
        }
        self.fill(Rule::NonZero, Ink::solid(text.colour));
    }

    /// Fills the shape.
    fn fill(&mut self, rule: Rule, ink: Ink) {
        if let Some(drawn) = self.edges.add(&self.shape) {
            self.areas.push(Area { drawn, rule, ink });
        }
    }

    /// What the line of the shape covers.
    fn stroke(&mut self, stroke: Stroke) -> Option<Area> {
        if !(self.shape.is_placed() && stroke.width.is_finite() && stroke.width > 0.0) {
            return None;
        }
        self.covered.clear();
        let (width, dash) = ((stroke.width * self.scale) as f32, (stroke.dash * self.scale) as f32);
        Pen::new(width, dash, &mut self.covered).draw(&self.shape);
        let drawn = self.edges.add(&self.covered)?;
        Some(Area { drawn, rule: Rule::NonZero, ink: Ink::solid(stroke.colour) })
    }

    fn place(&self, x: f64, y: f64) -> [f32; 2] {
        [(x * self.scale) as f32, ((y + self.down) * self.scale) as f32]
    }
}

fn typeface(bold: bool) -> Option<&'static Typeface> {
    static FONTS: OnceLock<[Option<Typeface>; 2]> = OnceLock::new();
    FONTS.get_or_init(|| [REGULAR, BOLD].map(Typeface::new))[usize::from(bold)].as_ref()
}

/// The outlines of the letters of a line, one after the other.
struct Letters<'a> {
    /// Pixels for each unit of the font.
    unit: f32,
    x: f32,
    y: f32,
    outline: &'a mut Outline,
}

impl Letters<'_> {
    fn place(&self, x: f32, y: f32) -> [f32; 2] {
        [self.x + x * self.unit, self.y - y * self.unit]
    }
}

impl OutlineBuilder for Letters<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.line_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.outline.push(self.place(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.outline.quadratic(self.place(x1, y1), self.place(x, y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.outline.cubic(self.place(x1, y1), self.place(x2, y2), self.place(x, y));
    }

    fn close(&mut self) {
        self.outline.end(true);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Extent;
    use crate::scene::Path;

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
    fn a_line_that_shapes_share_is_drawn_once_and_last() {
        let ring =
            |left: f64| Path::ring(vec![[left, 0.0], [left + 5.0, 0.0], [left + 5.0, 10.0], [left, 10.0]]);
        let row = |stroke: Stroke, above: Option<Mark>| {
            let mut scene = Scene::new(10.0, 10.0);
            for left in [0.0, 5.0] {
                scene.add(Mark::new(Shape::Path(ring(left))).fill(Fill::Solid(RED)).stroke(stroke));
            }
            above.into_iter().for_each(|mark| scene.add(mark));
            pixels(&scene, 1.0).1[50..60].to_vec()
        };
        let line = Stroke::new(Colour::WHITE, 1.0);
        let half = [228, 128, 128];
        let shared = row(line.shared(), None);
        assert_eq!([shared[3], shared[4], shared[5], shared[6]], [[200, 0, 0], half, half, [200, 0, 0]]);
        let twice = row(line, None);
        assert_eq!((twice[4], twice[5]), ([242, 192, 192], half));
        // What is drawn later lies above the lines.
        let cover = Mark::new(Shape::Rect(square(0.0, 0.0, 10.0))).fill(Fill::Solid(Colour::INK));
        assert!(row(line.shared(), Some(cover)).iter().all(|colour| *colour == rgb(Colour::INK)));
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
