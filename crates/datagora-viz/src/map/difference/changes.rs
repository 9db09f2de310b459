//! Differences with their classes, as maps on paper and on screens show them.
use datagora_core::Language;

use super::super::rows::{Rows, capitalised};
use super::sides::{Kind, Sides};
use crate::Fill;
#[cfg(feature = "web")]
use crate::{Classes, Colour};

/// The difference of each zone, and the class and colour of each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Changes {
    pub(super) rows: Rows,
    pub(super) sides: Sides,
}

/// A row of the key: what stands above it, its sample, its words, how many zones it is.
pub(crate) struct KeyRow {
    pub(crate) heading: Option<String>,
    pub(crate) fill: Fill,
    pub(crate) label: String,
    pub(crate) count: usize,
}

/// What a change is called whose sign is not sure, in French and English.
pub(crate) const NOT_SURE: [&str; 2] = [
    "Non établie\u{a0}: l’intervalle de la différence contient zéro",
    "Not sure: the interval of the difference holds zero",
];

impl Changes {
    /// In which direction a zone went; `None` if nothing is known.
    pub(crate) fn kind_of(&self, row: usize, language: Language) -> Option<&'static str> {
        match self.sides.kind(&self.rows.values[row]) {
            Kind::Secret | Kind::Missing => None,
            kind => Some(kind.name(language)),
        }
    }

    /// The classes, the largest increase first, each side under its name.
    pub(crate) fn key(&self, language: Language) -> Vec<KeyRow> {
        let (sides, reach) = (&self.sides, self.sides.reach());
        let counts = self.counts();
        let row = |position: usize| {
            let side = match position {
                _ if reach == 0 => None,
                p if p == 2 * reach => Some(Kind::More),
                p if p + 1 == reach => Some(Kind::Less),
                p if p == reach => Some(Kind::Same),
                _ => None,
            };
            KeyRow {
                heading: side.map(|kind| capitalised(kind.name(language))),
                fill: Fill::Solid(sides.colours[position]),
                label: sides.label(position, language),
                count: counts[position],
            }
        };
        (0..sides.colours.len()).rev().map(row).collect()
    }

    /// The two kinds of zones whose sign is not sure.
    pub(crate) fn key_of_unsure(&self, language: Language) -> [KeyRow; 2] {
        let colours = &self.sides.colours;
        let last = colours.len() - 1;
        [(Kind::PerhapsMore, colours[last]), (Kind::PerhapsLess, colours[0])].map(|(kind, colour)| KeyRow {
            heading: None,
            fill: Fill::Hatch(colour),
            label: kind.name(language).to_owned(),
            count: self.count(kind),
        })
    }

    /// Whether there is a zone whose sign is not sure.
    pub(crate) fn is_unsure(&self) -> bool {
        self.count(Kind::PerhapsLess) + self.count(Kind::PerhapsMore) > 0
    }

    fn count(&self, kind: Kind) -> usize {
        self.rows.values.iter().filter(|value| self.sides.kind(value) == kind).count()
    }

    /// Number of zones at each position that are drawn in its colour.
    fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.sides.colours.len()];
        for value in &self.rows.values {
            if let (Kind::Less | Kind::Same | Kind::More, Some(difference)) =
                (self.sides.kind(value), value.value())
                && let Some(position) = self.sides.position(difference)
            {
                counts[position] += 1;
            }
        }
        counts
    }
}

/// What only maps on screens ask.
#[cfg(feature = "web")]
impl Changes {
    /// Number of zones.
    pub(crate) fn len(&self) -> usize {
        self.rows.values.len()
    }

    /// How each zone is filled.
    pub(crate) fn fills(&self) -> impl Iterator<Item = Fill> {
        self.rows.values.iter().map(|value| self.sides.fill(value))
    }

    /// The classes of the size of the differences.
    pub(crate) fn classes(&self) -> &Classes {
        &self.sides.classes
    }

    /// From much less over about the same to much more.
    pub(crate) fn colours(&self) -> &[Colour] {
        &self.sides.colours
    }

    /// The unit of the differences as legends write it.
    pub(crate) fn symbol(&self, language: Language) -> String {
        self.rows.symbol(language)
    }

    /// The difference of a zone with its sign, its unit and its interval, or why there is none.
    pub(crate) fn told(&self, row: usize, language: Language) -> String {
        self.rows.amount(row, language)
    }

    /// Zones without a value, and zones whose value is secret.
    pub(crate) fn missing(&self) -> [usize; 2] {
        [self.rows.missing().len(), self.rows.secret().len()]
    }
}
