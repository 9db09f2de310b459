//! The classes of the cells of a grid layer.
use datagora_geo::Band;

use super::TileError;
use super::grid_layer::GridLayer;
use super::mvt::Table;

/// Number of a cell without class.
pub(super) const NONE: u16 = u16::MAX;

/// Classes by number.
#[derive(Default)]
pub(super) struct Classes {
    /// For each cell the number of its class; empty if classes are not wanted.
    pub(super) codes: Vec<u16>,
    /// The classes, ascending.
    pub(super) values: Vec<f64>,
}

impl Classes {
    pub(super) fn of(layer: &GridLayer<'_>, band: &Band) -> Result<Self, TileError> {
        let mut seen: Table<u64, u16> = Table::default();
        let mut last = (f64::NAN, NONE);
        let mut codes = Vec::with_capacity(band.len());
        for value in band.values() {
            let Some(value) = value else {
                codes.push(NONE);
                continue;
            };
            if value != last.0 {
                let next = seen.len() as u16;
                let code = *seen.entry((value + 0.0).to_bits()).or_insert(next);
                if seen.len() >= usize::from(NONE) {
                    return Err(TileError::Classes {
                        layer: layer.name.clone(),
                        most: usize::from(NONE) - 1,
                    });
                }
                last = (value, code);
            }
            codes.push(last.1);
        }
        let mut order: Vec<(f64, u16)> =
            seen.into_iter().map(|(bits, code)| (f64::from_bits(bits), code)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut places = vec![0u16; order.len()];
        order.iter().enumerate().for_each(|(place, &(_, code))| places[usize::from(code)] = place as u16);
        codes.iter_mut().filter(|code| **code != NONE).for_each(|code| *code = places[usize::from(*code)]);
        Ok(Self { codes, values: order.into_iter().map(|(value, _)| value).collect() })
    }
}

/// Area by class.
pub(super) struct Tally {
    shares: Vec<f64>,
    used: Vec<u16>,
}

impl Tally {
    pub(super) fn new(classes: &Classes) -> Self {
        Self { shares: vec![0.0; classes.values.len()], used: Vec::new() }
    }

    pub(super) fn add(&mut self, class: u16, weight: f64) {
        let share = &mut self.shares[usize::from(class)];
        if *share == 0.0 {
            self.used.push(class);
        }
        *share += weight;
    }

    /// The class of the largest area, the first of equal ones, and the area of all.
    pub(super) fn take(&mut self) -> (u16, f64) {
        let (mut best, mut most, mut all) = (NONE, 0.0, 0.0);
        for class in self.used.drain(..) {
            let share = std::mem::take(&mut self.shares[usize::from(class)]);
            all += share;
            if share > most || (share == most && class < best) {
                (best, most) = (class, share);
            }
        }
        (best, all)
    }
}
