//! A map with what belongs beside it: legend, scale bar, names.
use datagora_core::Language;
use datagora_geo::types::{Coord, Rect};

use super::context::{draw_amid, explain_seen};
use super::ground::Ground;
use super::inset::{Window, describe_windows, draw_frames, window_title, windows};
use super::projection::Projection;
use super::{Context, MapError, MapOptions, check_rows};
use crate::frame::{Frame, MARGIN};
use crate::label::{Wish, place_labels};
use crate::legend::Legend;
use crate::{
    Captions, Colour, DataTable, Extent, Mark, Scene, Shape, Stroke, Text, View, format_number, text_width,
    wrap_text,
};

/// Width of the legend beside a map, px.
pub(super) const BESIDE: f64 = 206.0;

/// Whether a picture of this width has its legend below.
pub(super) fn is_narrow(width: f64) -> bool {
    width < 500.0
}

/// What a map shows, in the CRS of the map.
pub(super) trait Theme {
    /// What must be on the map.
    fn bounds(&self) -> Option<Rect>;
    /// Land that symbols stand in, below surfaces.
    fn draw_land(&self, _: &Ground, _: &mut Scene) -> Result<(), MapError> {
        Ok(())
    }
    /// Surfaces, below borders and lines of the context.
    fn draw_surfaces(&self, _: &Ground, _: &mut Scene) -> Result<(), MapError> {
        Ok(())
    }
    /// Symbols, above everything but names.
    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene);
    /// Names that would like to stand on the map, one per row at most.
    fn names(&self, ground: &Ground) -> Vec<Wish>;
    /// What names must not hide.
    fn obstacles(&self, _: &Ground) -> Vec<Extent> {
        Vec::new()
    }
    /// Explains the signs.
    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>);
}

/// A theme with its surroundings, ready to be drawn at any width.
pub(super) struct Sheet<'a> {
    theme: &'a dyn Theme,
    context: Vec<Context>,
    bounds: Rect,
    windows: Vec<Window>,
    projection: &'a Projection,
    to_scale: bool,
    options: &'a MapOptions,
    captions: &'a Captions,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(
        theme: &'a dyn Theme,
        rows: usize,
        projection: &'a Projection,
        options: &'a MapOptions,
        captions: &'a Captions,
    ) -> Result<Self, MapError> {
        check_rows(options, rows)?;
        let crs = &projection.crs;
        let context: Vec<Context> =
            options.context.iter().map(|layer| layer.prepare(crs)).collect::<Result<_, _>>()?;
        let nowhere = || MapError::Nowhere { rows };
        let own = theme.bounds().ok_or_else(nowhere)?;
        let bounds = context.iter().filter_map(Context::framed).fold(own, union);
        if ![bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y].iter().all(|c| c.is_finite()) {
            return Err(nowhere());
        }
        let to_scale = projection.is_to_scale();
        let windows = windows(&options.insets, crs, bounds)?;
        Ok(Self { theme, context, bounds, windows, projection, to_scale, options, captions })
    }

    /// A sheet on which distances mean nothing: no scale bar.
    pub(super) fn without_scale(self) -> Self {
        Self { to_scale: false, ..self }
    }

    pub(super) fn view(&self, table: DataTable, description: String) -> Result<View, MapError> {
        let description = describe_windows(description, &self.windows, self.captions.language());
        self.options.view(self.captions, |width| self.draw(width), table, description)
    }

    /// Where the ground lies on a picture of this width, from this height down.
    pub(super) fn ground(&self, top: f64, width: f64) -> Ground {
        ground_of(self.bounds, top, width)
    }

    fn draw(&self, width: f64) -> Result<Scene, MapError> {
        let mut frame = Frame::new(self.captions, width);
        let language = self.captions.language();
        let narrow = is_narrow(width);
        let inner = width - 2.0 * MARGIN;
        let ground = self.ground(frame.top, width);
        let map_width = ground.area.width();
        let scene = &mut frame.scene;

        let seen = self.draw_layers(&ground, scene)?;
        let mut bottom = ground.area.bottom;
        if self.to_scale {
            bottom = draw_scale_bar(scene, &ground, bottom + 8.0, language);
        }
        let (size, limit) =
            if narrow { (10.0, self.options.labels.div_ceil(2)) } else { (11.0, self.options.labels) };
        // Windows of the wide picture lie below the map, those of the narrow one below the legend.
        let mut windows = Vec::new();
        if !narrow {
            (windows, bottom) =
                self.draw_insets(&ground, (bottom + 16.0, map_width), (size, limit), scene)?;
        }
        let (x, y) =
            if narrow { (MARGIN, bottom + 14.0) } else { (width - MARGIN - BESIDE, ground.area.top + 4.0) };
        let legend_width = if narrow { inner } else { BESIDE };
        let mut legend = Legend::new(scene, x, y, legend_width, language);
        self.theme.explain(&ground, &mut legend);
        explain_seen(&self.context, &seen, &mut legend);
        if let Some(words) = self.projection.words(language) {
            legend.gap(4.0);
            legend.words(&words);
        }
        bottom = bottom.max(legend.bottom());
        if narrow {
            (windows, bottom) =
                self.draw_insets(&ground, (bottom + 16.0, map_width), (size, limit), scene)?;
        }
        let mut obstacles = draw_frames(&ground, &windows, scene);
        obstacles.extend(self.theme.obstacles(&ground));
        // What a window names is not named again where there is less room.
        let frames: Vec<Extent> = windows.iter().map(|window| ground.extent_of(window.seen())).collect();
        let mut wishes = self.theme.names(&ground);
        wishes.retain(|wish| !frames.iter().any(|frame| frame.holds([wish.x, wish.y])));
        for text in place_labels(&wishes, size, limit, &ground.area, &obstacles) {
            scene.text(text);
        }
        Ok(frame.finish(bottom))
    }

    /// Surfaces, lines and symbols, with what lies around them; which layers of the context are seen.
    fn draw_layers(&self, ground: &Ground, scene: &mut Scene) -> Result<Vec<bool>, MapError> {
        let seen = draw_amid(
            &self.context,
            self.options,
            ground,
            scene,
            |scene| self.theme.draw_land(ground, scene),
            |scene| self.theme.draw_surfaces(ground, scene),
        )?;
        self.theme.draw_symbols(ground, scene);
        Ok(seen)
    }

    /// The enlarged windows from `top` down, two side by side where there is room; their grounds and where they end.
    fn draw_insets(
        &self,
        main: &Ground,
        (top, width): (f64, f64),
        (size, limit): (f64, usize),
        scene: &mut Scene,
    ) -> Result<(Vec<Ground>, f64), MapError> {
        const GAP: f64 = 16.0;
        let columns = if width < 400.0 { 1 } else { self.windows.len().clamp(1, 2) };
        let each = (width - GAP * (columns - 1) as f64) / columns as f64;
        let mut grounds = Vec::new();
        let (mut y, mut bottom) = (top, top - GAP);
        for (index, window) in self.windows.iter().enumerate() {
            if index % columns == 0 {
                y = bottom + GAP;
            }
            let left = MARGIN + (each + GAP) * (index % columns) as f64;
            let title = window_title(index, self.windows.len(), &window.title);
            let mut head = y;
            for line in wrap_text(&title, 12.0, true, each) {
                scene.text(Text::new(line, left, head + 10.0).bold());
                head += 15.0;
            }
            let ground = main.window(window.bounds, left, head + 4.0, each, 0.8 * each);
            self.draw_layers(&ground, scene)?;
            scene.add(Mark::new(Shape::Rect(ground.area)).stroke(Stroke::new(Colour::INK, 1.0)));
            let mut wishes = self.theme.names(&ground);
            wishes.retain(|wish| ground.area.holds([wish.x, wish.y]));
            for text in
                place_labels(&wishes, size, limit, &ground.area.grown(-2.0), &self.theme.obstacles(&ground))
            {
                scene.text(text);
            }
            let mut end = ground.area.bottom;
            if self.to_scale {
                end = draw_scale_bar(scene, &ground, end + 6.0, self.captions.language());
            }
            bottom = bottom.max(end);
            grounds.push(ground);
        }
        Ok((grounds, bottom.max(top - GAP)))
    }
}

/// Where the wide picture has a map of these bounds.
pub(super) fn wide_ground(bounds: Rect) -> Ground {
    ground_of(bounds, 0.0, crate::frame::WIDE)
}

/// Where bounds lie on a picture of this width, from this height down: on narrow ones the legend is below.
fn ground_of(bounds: Rect, top: f64, width: f64) -> Ground {
    let inner = width - 2.0 * MARGIN;
    let map_width = if is_narrow(width) { inner } else { inner - BESIDE - 22.0 };
    Ground::fit(bounds, MARGIN, top, map_width, 1.2 * map_width)
}

pub(super) fn union(a: Rect, b: Rect) -> Rect {
    Rect::new(
        Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
}

/// A round length of about a quarter of the map.
pub(super) fn draw_scale_bar(scene: &mut Scene, ground: &Ground, y: f64, language: Language) -> f64 {
    let wanted = 0.25 * ground.area.width() / ground.scale;
    let power = libm::pow(10.0, libm::log10(wanted).floor());
    let metres = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|&n| n <= wanted).unwrap_or(power);
    let length = metres * ground.scale;
    let words = if metres >= 1000.0 {
        format!("{}\u{a0}km", format_number(metres / 1000.0, 0, language))
    } else {
        format!("{}\u{a0}m", format_number(metres, if metres < 1.0 { 2 } else { 0 }, language))
    };
    let left = ground.area.left + 2.0;
    let stroke = Stroke::new(Colour::MUTED, 1.4);
    scene.line([left, y + 4.0], [left + length, y + 4.0], stroke);
    for end in [left, left + length] {
        scene.line([end, y], [end, y + 8.0], stroke);
    }
    let room = ground.area.right - (left + length + 8.0);
    if text_width(&words, 11.0, false) <= room {
        scene.text(Text::new(words, left + length + 8.0, y + 8.0).size(11.0).colour(Colour::MUTED));
    }
    y + 10.0
}
