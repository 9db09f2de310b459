//! A map of two rates, and the square that explains it.
use datagora_core::Language;
use datagora_geo::types::Rect;

use super::super::coverage::Coverage;
use super::super::ground::Ground;
use super::super::rows::{Rows, is_secret};
use super::super::sheet::Theme;
use super::super::zones::{draw_zones, zone_names};
use super::super::{MapError, MapOptions};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, SquareAxis, WITHHELD};
use crate::{Classes, Colour, Fill, Scene};

pub(super) struct BivariateTheme<'a> {
    pub(super) zones: Coverage,
    pub(super) rows: [Rows; 2],
    pub(super) classes: [Classes; 2],
    /// Class of each row in both rates.
    pub(super) pairs: Vec<[Option<usize>; 2]>,
    /// By class of the second rate, then of the first.
    pub(super) colours: Vec<Vec<Colour>>,
    pub(super) corners: [Colour; 4],
    pub(super) absent: Option<String>,
    pub(super) options: &'a MapOptions,
    pub(super) language: Language,
}

impl BivariateTheme<'_> {
    fn is_secret(&self, row: usize) -> bool {
        self.rows.iter().any(|rows| is_secret(&rows.values[row]))
    }

    fn fill(&self, row: usize) -> Fill {
        match self.pairs[row] {
            [Some(first), Some(second)] => Fill::Solid(self.colours[second][first]),
            _ if self.is_secret(row) => WITHHELD,
            [Some(_), None] => Fill::Hatch(self.corners[1]),
            [None, Some(_)] => Fill::Hatch(self.corners[2]),
            [None, None] => NO_DATA,
        }
    }

    fn count(&self, which: impl Fn([bool; 2]) -> bool) -> usize {
        (0..self.pairs.len())
            .filter(|&row| !self.is_secret(row) && which(self.pairs[row].map(|class| class.is_some())))
            .count()
    }
}

impl Theme for BivariateTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let (language, [first, second]) = (self.language, &self.rows);
        draw_zones(&self.zones, ground, scene, |row, mark| {
            let parts = [first, second]
                .map(|rows| format!("{} {}", rows.heading(language), rows.amount(row, language)));
            let tip = format!(
                "{}{}{}",
                first.names[row],
                language.pick("\u{a0}: ", ": "),
                parts.join(language.pick("\u{202f}; ", "; "))
            );
            mark.fill(self.fill(row)).tip(tip)
        })
    }

    fn draw_symbols(&self, _: &Ground, _: &mut Scene) {}

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        zone_names(&self.zones, &self.rows[0].names, self.options, ground)
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        let [first, second] = [0, 1].map(|k| {
            let rounded = self.classes[k].rounded();
            SquareAxis {
                name: self.rows[k].heading(language),
                unit: self.rows[k].unit.symbol(language),
                bounds: (0..=self.classes[k].len()).map(|bound| rounded.bound(bound, language)).collect(),
            }
        });
        let mut counts: Vec<Vec<usize>> = self.colours.iter().map(|row| vec![0; row.len()]).collect();
        for pair in &self.pairs {
            if let [Some(first), Some(second)] = *pair {
                counts[second][first] += 1;
            }
        }
        let word = &self.options.zone_word;
        legend.words(&match language {
            Language::French => format!("Nombre de {word} par case"),
            Language::English => format!("Number of {word} in each cell"),
        });
        legend.gap(4.0);
        legend.square(&first, &second, &self.colours, &counts);
        let without = |k: usize| {
            format!(
                "{} {}",
                language.pick("pas de donnée\u{a0}:", "no data:"),
                self.rows[k].heading(language)
            )
        };
        legend.apart(Fill::Hatch(self.corners[2]), &without(0), self.count(|known| known == [false, true]));
        legend.apart(Fill::Hatch(self.corners[1]), &without(1), self.count(|known| known == [true, false]));
        let neither = language.pick("pas de donnée, ni l’une ni l’autre", "no data, neither of the two");
        legend.apart(NO_DATA, neither, self.count(|known| known == [false, false]));
        let secret = (0..self.pairs.len()).filter(|&row| self.is_secret(row)).count();
        legend.apart(WITHHELD, language.pick("secret statistique", "statistical secrecy"), secret);
        let [a, b] = [0, 1].map(|k| self.classes[k].method().name(language));
        let method =
            if a == b { a.to_owned() } else { format!("{a}{}{b}", language.pick("\u{202f}; ", "; ")) };
        legend.words(&format!("{}{method}", language.pick("Méthode\u{a0}: ", "Method: ")));
        for remark in self.classes.iter().filter_map(|classes| classes.remark(language)) {
            legend.words(&remark);
        }
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
    }
}
