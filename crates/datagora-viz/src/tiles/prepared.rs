//! A layer made ready for all zooms.
use datagora_geo::types::{Coord, Rect};

use super::TileError;
use super::attribute::Attributes;
use super::layer::{Thinning, TileLayer};
use super::mvt::Kind;
use super::order::Order;
use super::pyramid::{HALF, WORLD_BITS};
use super::shapes::{Shapes, doubled_area};
use super::simplify::first_zooms;

/// Shapes, attributes and orders of a layer.
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
}

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
        let places: Vec<[i32; 2]> = (0..count).map(|shape| middle(&shapes, shape)).collect();
        let areas = (0..count).map(|shape| area(&shapes, shape)).collect();
        let row = |shape: usize| shapes.shapes[shape].row;
        let priority = |shape| layer.priority.as_ref().map_or(0.0, |values| values[row(shape) as usize]);
        let order = Order::new(&places, layer.thinning, priority, row);
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
        Ok(Self { layer, shapes, attributes, order, places, areas, first_zooms, extent_bits })
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
        let all = self.shapes.shapes.len() as u32;
        let spaced = self.layer.thinning == Thinning::Even
            && self.layer.spacing > 0
            && zoom < *self.layer.zooms.end()
            && self.shapes.shapes.iter().all(|shape| shape.kind == Kind::Point);
        if spaced {
            self.order.one_per_cell((self.shift(zoom) + self.layer.spacing.ilog2()).min(WORLD_BITS))
        } else {
            all
        }
    }

    /// How many features to admit of at most `bound` so that no tile has more than `most` of them: about, for each is
    /// counted in the tile of its place only.
    pub(super) fn foreseen(&self, zoom: u8, bound: u32, most: f64) -> u32 {
        if self.layer.thinning == Thinning::Coalesce {
            // What features weigh does not tell how many become one.
            return bound;
        }
        let most = most.max(1.0) as usize;
        let tile =
            |feature: u32| self.places[feature as usize].map(|at| at >> (WORLD_BITS - u32::from(zoom)));
        let mut admitted = bound;
        let mut ranks = Vec::new();
        for same in self.order.along.chunk_by(|&a, &b| tile(a) == tile(b)) {
            ranks.clear();
            ranks.extend(
                same.iter().map(|&feature| self.order.rank[feature as usize]).filter(|&rank| rank < bound),
            );
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

    /// Whether features may be left out.
    pub(super) fn may_drop(&self) -> bool {
        self.layer.thinning != Thinning::Keep
    }
}

fn points_of(shapes: &Shapes, shape: usize) -> &[[i32; 2]] {
    let runs = shapes.runs_of(shape);
    &shapes.points[shapes.points_of(runs.start).start..shapes.points_of(runs.end - 1).end]
}

fn middle(shapes: &Shapes, shape: usize) -> [i32; 2] {
    let (least, most) = rectangle(points_of(shapes, shape));
    [0, 1].map(|axis| ((i64::from(least[axis]) + i64::from(most[axis])) >> 1) as i32)
}

/// Least and greatest coordinates.
pub(super) fn rectangle(points: &[[i32; 2]]) -> ([i32; 2], [i32; 2]) {
    points.iter().fold(([i32::MAX; 2], [i32::MIN; 2]), |(least, most), point| {
        ([0, 1].map(|axis| least[axis].min(point[axis])), [0, 1].map(|axis| most[axis].max(point[axis])))
    })
}

fn area(shapes: &Shapes, shape: usize) -> u64 {
    if shapes.shapes[shape].kind != Kind::Polygon {
        return 0;
    }
    let ring = |run| doubled_area(&shapes.points[shapes.points_of(run)]);
    shapes.runs_of(shape).map(ring).sum::<i64>().max(0) as u64
}
