//! How sure the classes of cells are, as a second theme of the interactive map.
use datagora::core::Language;
use datagora::geo::{Band, Grid, Raster};
use datagora::viz::{
    Category, Field, Filter, GridLayer, Palette, Sequential, TileArchive, TileSet, WebLayer,
};

use super::Work;
use super::page::counted;
use crate::recorder::Trouble;

/// Probabilities of staying in the class that part the steps, in ten-thousandths, to which they are known.
const STEPS: [f64; 3] = [5_000.0, 7_000.0, 9_000.0];
/// Cells along each side of a square of which the mean is shown: a page of single cells would be half as large again.
const SQUARE: usize = 4;
/// The step of squares outside.
const NOWHERE: u8 = u8::MAX;
/// Zooms of the tiles: squares are drawn from the last one on, and magnified beyond.
const ZOOMS: std::ops::RangeInclusive<u8> = 10..=13;

/// The step of each square: how probable it is on average that a cell keeps its class if the weights vary.
pub(super) struct Sureness {
    grid: Grid,
    steps: Vec<u8>,
}

impl Sureness {
    pub(super) fn new(work: &Work<'_>) -> Result<Self, Trouble> {
        let cells = work.map.grid();
        let side = SQUARE as f64;
        let grid = Grid::new(
            [cells.west(), cells.north()],
            [side * cells.cell_width(), side * cells.cell_height()],
            cells.columns().div_ceil(SQUARE),
            cells.rows().div_ceil(SQUARE),
            cells.crs().clone(),
        )?;
        let mut sums = vec![(0.0, 0_u32); grid.len()];
        for cell in 0..cells.len() {
            let Some(stays) = work.uncertainty.stays(cell) else { continue };
            let (column, row) = cells.position(cell);
            let (sum, count) = &mut sums[grid.index(column / SQUARE, row / SQUARE)];
            *sum += (1e4 * stays).round();
            *count += 1;
        }
        let step = |(sum, count): (f64, u32)| match count {
            0 => NOWHERE,
            _ => STEPS.partition_point(|cut| *cut <= sum / f64::from(count)) as u8,
        };
        Ok(Self { grid, steps: sums.into_iter().map(step).collect() })
    }

    pub(super) fn tiles(&self, work: &Work<'_>, language: Language) -> Result<TileArchive, Trouble> {
        let band = Band::new(self.steps.clone()).with_no_data(i64::from(NOWHERE));
        let raster = Raster::new(self.grid.clone(), [band])?;
        let layer = GridLayer::new("sureness", &raster).with_zooms(ZOOMS);
        let name = language.pick("Sûreté", "Sureness");
        Ok(TileSet::new(name).with_metadata(&work.metadata, language).with_grid(layer).build()?)
    }

    pub(super) fn layer(&self, language: Language) -> WebLayer {
        let note = language.pick(
            "Probabilité moyenne, par carré de 20\u{a0}m, qu’une cellule reste dans sa classe si chaque poids de l’indice varie de ± 0,5\u{202f}; une cellule bloquée le reste.",
            "Mean probability, by square of 20\u{a0}m, that a cell stays in its class if each weight of the index varies by ± 0.5; a blocked cell stays so.",
        );
        let names = named(language);
        WebLayer::surfaces("sureness", "sureness", title(language))
            .with_categories("class", self.categories(language), Palette::Sequential(Sequential::BluePurple))
            .with_feature_word(language.pick("carrés de 20\u{a0}m", "squares of 20\u{a0}m"))
            .with_field(Field::coded("class", title(language), names))
            .with_opacity(0.85)
            .with_note(note)
    }

    pub(super) fn filter(&self, language: Language) -> Filter {
        Filter::categories(
            "sureness",
            "class",
            title(language),
            self.categories(language),
            self.known().map(Some),
        )
    }

    fn categories(&self, language: Language) -> Vec<Category> {
        counted(&named(language), &self.known().collect::<Vec<i64>>())
    }

    fn known(&self) -> impl Iterator<Item = i64> {
        self.steps.iter().filter(|step| **step != NOWHERE).map(|step| i64::from(*step))
    }
}

fn title(language: Language) -> &'static str {
    language.pick("À quel point est-ce sûr\u{202f}?", "How sure is it?")
}

/// The steps in words, with their codes.
fn named(language: Language) -> [(i64, &'static str); 4] {
    let names = language.pick(
        [
            "sûr moins de 5 fois sur 10",
            "sûr 5 à 7 fois sur 10",
            "sûr 7 à 9 fois sur 10",
            "sûr au moins 9 fois sur 10",
        ],
        [
            "sure less than 5 times out of 10",
            "sure 5 to 7 times out of 10",
            "sure 7 to 9 times out of 10",
            "sure at least 9 times out of 10",
        ],
    );
    std::array::from_fn(|step| (step as i64, names[step]))
}
