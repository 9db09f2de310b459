//! The features of a layer made ready for all zooms.
use std::ops::Range;

use datagora_geo::types::{Coord, Rect};

use super::TileError;
use super::attribute::Attributes;
use super::layer::{Thinning, TileLayer};
use super::mvt::Kind;
use super::order::{Order, along_curve};
use super::pyramid::{HALF, WORLD_BITS, tile_id};
use super::shapes::{Shapes, doubled_area};
use super::simplify::first_zooms;
use super::zoom::Choice;

/// Shapes along the curve that visits one cell of the quadtree after the other, so that those of a tile stand together in memory;
/// their attributes, and the order in which they are admitted.
pub(super) struct Prepared<'a> {
    pub(super) layer: &'a TileLayer<'a>,
    pub(super) shapes: Shapes,
    pub(super) attributes: Attributes<'a>,
    pub(super) order: Order,
    /// Middle of the rectangle of each shape.
    pub(super) places: Vec<[i32; 2]>,
    /// Twice the area of each shape.
    pub(super) areas: Vec<u64>,
    /// For each point, the lowest zoom at which it is drawn.
    pub(super) first_zooms: Vec<u8>,
    /// Bits of the units of a tile.
    pub(super) extent_bits: u32,
    has_polygons: bool,
}

/// Square units of the tile, of a square of 8 pixels, beyond which features are left out rather than gathered.
const LARGEST_SQUARE: f64 = 4096.0;
/// By how much squares grow at a time.
const STEP: f64 = 1.1;

impl<'a> Prepared<'a> {
    pub(super) fn new(layer: &'a TileLayer<'a>, extent_bits: u32) -> Result<Self, TileError> {
        let attributes = Attributes::new(&layer.name, &layer.attributes, layer.column.len())?;
        if let Some(priority) = layer.priority.as_ref().filter(|values| values.len() != layer.column.len()) {
            return Err(TileError::Length {
                layer: layer.name.clone(),
                attribute: "priority".to_owned(),
                found: priority.len(),
                needed: layer.column.len(),
            });
        }
        let shapes = Shapes::of(&layer.name, layer.column)?;
        let count = shapes.shapes.len();
        let mut places: Vec<[i32; 2]> = (0..count).map(|shape| middle(&shapes, shape)).collect();
        let mut along = along_curve(&places);
        let shapes = shapes.in_order(along.iter().map(|&(_, shape)| shape as usize));
        places = along.iter().map(|&(_, shape)| places[shape as usize]).collect();
        (0..).zip(&mut along).for_each(|(number, (_, shape))| *shape = number);
        let areas = (0..count).map(|shape| area(&shapes, shape)).collect();
        let row = |shape: usize| shapes.shapes[shape].row;
        let priority = |shape| layer.priority.as_ref().map_or(0.0, |values| values[row(shape) as usize]);
        let order = Order::new(along, layer.thinning, priority, row);
        let highest = *layer.zooms.end();
        let least: Vec<u64> = (0..=highest)
            .map(|zoom| match zoom == highest {
                true => 0,
                false => {
                    let unit = f64::from(1u32 << (WORLD_BITS - extent_bits - u32::from(zoom)));
                    (layer.tolerance.max(0.0) * unit).powi(2) as u64
                }
            })
            .collect();
        let first_zooms = first_zooms(&shapes, &least);
        let has_polygons = shapes.shapes.iter().any(|shape| shape.kind == Kind::Polygon);
        Ok(Self { layer, shapes, attributes, order, places, areas, first_zooms, extent_bits, has_polygons })
    }

    /// Units of the world in one of a tile, as a power of two.
    pub(super) fn shift(&self, zoom: u8) -> u32 {
        WORLD_BITS - self.extent_bits - u32::from(zoom)
    }

    pub(super) fn is_at(&self, zoom: u8) -> bool {
        self.layer.zooms.contains(&zoom)
    }

    /// Shapes to admit at a zoom before tiles are weighed.
    pub(super) fn admitted(&self, zoom: u8) -> u32 {
        let all = self.rated(zoom);
        let spaced = self.layer.thinning == Thinning::Even
            && self.layer.spacing > 0
            && zoom < *self.layer.zooms.end()
            && self.shapes.shapes.iter().all(|shape| shape.kind == Kind::Point);
        if spaced {
            all.min(self.order.one_per_cell((self.shift(zoom) + self.layer.spacing.ilog2()).min(WORLD_BITS)))
        } else {
            all
        }
    }

    /// Shapes that the rate leaves at a zoom: one in so many of the zoom above.
    fn rated(&self, zoom: u8) -> u32 {
        let all = self.shapes.shapes.len() as u32;
        let below = self.layer.zooms.end().saturating_sub(zoom);
        match self.layer.thinning {
            Thinning::Even | Thinning::Priority if self.layer.drop_rate > 1.0 => {
                (f64::from(all) / self.layer.drop_rate.powi(below.into())).ceil() as u32
            }
            _ => all,
        }
    }

    /// Square units of the tile below which polygons are gathered, if the limit does not ask for more.
    pub(super) fn smallest(&self, zoom: u8) -> f64 {
        if zoom < *self.layer.zooms.end() { self.layer.smallest.max(0.0) } else { 0.0 }
    }

    /// The next whole number from `smallest` on, if polygons may be gathered so that tiles become lighter; `None` where features
    /// have to be left out.
    fn gathering(&self, zoom: u8, smallest: f64) -> Option<f64> {
        let smallest = smallest.ceil();
        let gathers = self.layer.thinning == Thinning::Even && self.smallest(zoom) > 0.0 && self.has_polygons;
        (gathers && smallest <= LARGEST_SQUARE).then_some(smallest)
    }

    /// What to draw, of what is to be drawn at most, so that no tile has more than `count` features: about, for each is
    /// counted in the tile of its place only.
    pub(super) fn foreseen(&self, zoom: u8, most: Choice, count: f64) -> Choice {
        if matches!(self.layer.thinning, Thinning::Keep | Thinning::Coalesce) {
            // What features weigh does not tell how many become one.
            return most;
        }
        // Those around the tile, too, are in it.
        let around = 1.0 + 2.0 * f64::from(self.layer.buffer) / f64::from(1u32 << self.extent_bits);
        let count = (count / around.powi(2)).max(1.0);
        let mut choice = most;
        for tile in self.tiles(zoom).filter(|tile| tile.len() as f64 > count) {
            while self.squares(zoom, tile.clone(), choice) > count {
                match self.gathering(zoom, STEP * choice.smallest) {
                    Some(smallest) => choice.smallest = smallest,
                    None => {
                        return Choice {
                            admitted: self.spread(zoom, most.admitted, count as usize),
                            ..choice
                        };
                    }
                }
            }
        }
        choice
    }

    /// Below which area to gather polygons so that a tile has only this share of what it has.
    pub(super) fn gathered_more(&self, zoom: u8, tile: u64, choice: Choice, share: f64) -> Option<f64> {
        let bits = WORLD_BITS - u32::from(zoom);
        let place = |shape: usize| self.places[shape].map(|at| (at >> bits) as u32);
        let tile = self.tiles(zoom).find(|shapes| {
            let [x, y] = place(shapes.start);
            tile_id(zoom, x, y) == tile
        })?;
        let aim = share * self.squares(zoom, tile.clone(), choice);
        let mut more = choice;
        while let Some(smallest) = self.gathering(zoom, STEP * more.smallest) {
            more.smallest = smallest;
            if self.squares(zoom, tile.clone(), more) <= aim {
                return Some(smallest);
            }
        }
        None
    }

    /// About how many features a tile has, with squares for those that are gathered.
    fn squares(&self, zoom: u8, tile: Range<usize>, choice: Choice) -> f64 {
        let square = 2.0 * choice.smallest * f64::from(1u32 << self.shift(zoom)).powi(2);
        let shown = tile.filter(|&shape| self.order.rank[shape] < choice.admitted);
        let count = |shape: usize| match self.shapes.shapes[shape].kind {
            Kind::Polygon => (self.areas[shape] as f64 / square).min(1.0),
            Kind::Point | Kind::Line => 1.0,
        };
        shown.map(count).sum()
    }

    /// The features of each tile by their place.
    fn tiles(&self, zoom: u8) -> impl Iterator<Item = Range<usize>> + '_ {
        let bits = WORLD_BITS - u32::from(zoom);
        let tile = move |&[x, y]: &[i32; 2]| [x >> bits, y >> bits];
        let mut end = 0;
        self.places.chunk_by(move |a, b| tile(a) == tile(b)).map(move |same| {
            end += same.len();
            end - same.len()..end
        })
    }

    /// How many features to admit so that no tile has more than `most` of them.
    fn spread(&self, zoom: u8, bound: u32, most: usize) -> u32 {
        let mut admitted = bound;
        let mut ranks = Vec::new();
        for tile in self.tiles(zoom) {
            ranks.clear();
            ranks.extend(self.order.rank[tile].iter().copied().filter(|&rank| rank < bound));
            if ranks.len() > most {
                let (_, &mut rank, _) = ranks.select_nth_unstable(most);
                admitted = admitted.min(rank);
            }
        }
        admitted
    }

    /// The rectangle of all features, in Web Mercator.
    pub(super) fn mercator_bounds(&self) -> Option<Rect> {
        if self.shapes.points.is_empty() {
            return None;
        }
        let (least, most) = rectangle(&self.shapes.points);
        let metres = |at: i32| f64::from(at) / f64::from(1u32 << WORLD_BITS) * 2.0 * HALF;
        Some(Rect::new(
            Coord { x: metres(least[0]) - HALF, y: HALF - metres(most[1]) },
            Coord { x: metres(most[0]) - HALF, y: HALF - metres(least[1]) },
        ))
    }
}

fn points_of(shapes: &Shapes, shape: usize) -> &[[i32; 2]] {
    let runs = shapes.runs_of(shape);
    &shapes.points[shapes.points_of(runs.start).start..shapes.points_of(runs.end - 1).end]
}

fn middle(shapes: &Shapes, shape: usize) -> [i32; 2] {
    let (least, most) = rectangle(points_of(shapes, shape));
    let half = |axis: usize| ((i64::from(least[axis]) + i64::from(most[axis])) >> 1) as i32;
    [half(0), half(1)]
}

/// Least and greatest coordinates.
pub(super) fn rectangle(points: &[[i32; 2]]) -> ([i32; 2], [i32; 2]) {
    points.iter().fold(([i32::MAX; 2], [i32::MIN; 2]), |(least, most), point| {
        ([least[0].min(point[0]), least[1].min(point[1])], [most[0].max(point[0]), most[1].max(point[1])])
    })
}

fn area(shapes: &Shapes, shape: usize) -> u64 {
    if shapes.shapes[shape].kind != Kind::Polygon {
        return 0;
    }
    let ring = |run| doubled_area(&shapes.points[shapes.points_of(run)]);
    shapes.runs_of(shape).map(ring).sum::<i64>().max(0) as u64
}
