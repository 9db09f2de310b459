//! Classes of changes that lie alike on both sides of zero.
use std::cmp::Ordering;

use datagora_core::{Language, Measured};

use super::super::MapError;
use super::super::rows::{Rows, capitalised, is_secret};
use super::super::words::list;
use crate::legend::{NO_DATA, WITHHELD};
use crate::{Classes, Colour, Diverging, Fill, Method, Palette, RoundedBounds, classify, format_number};

/// The size of changes in classes, and the colours of both sides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sides {
    pub(super) classes: Classes,
    rounded: RoundedBounds,
    /// From much less over about the same to much more.
    pub(super) colours: Vec<Colour>,
}

/// In which direction a value went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Less,
    Same,
    More,
    PerhapsLess,
    PerhapsMore,
    Secret,
    Missing,
}

impl Kind {
    pub(super) fn name(self, language: Language) -> &'static str {
        match self {
            Kind::Less => language.pick("baisse", "decrease"),
            Kind::Same => language.pick("à peu près stable", "about the same"),
            Kind::More => language.pick("hausse", "increase"),
            Kind::PerhapsLess => language.pick("baisse non établie", "decrease, not sure"),
            Kind::PerhapsMore => language.pick("hausse non établie", "increase, not sure"),
            Kind::Secret => language.pick("secret statistique", "statistical secrecy"),
            Kind::Missing => language.pick("pas de donnée", "no data"),
        }
    }
}

impl Sides {
    /// Divides the sizes of changes by a method into classes.
    pub(super) fn of(
        changes: &Rows,
        method: &Method,
        sizes: usize,
        palette: Diverging,
    ) -> Result<Self, MapError> {
        let numbers = changes.numbers();
        if numbers.iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: numbers.len() });
        }
        let changes: Vec<f64> = numbers.iter().map(|value| value.abs()).collect();
        let classes = classify(&changes, sizes, method)?;
        let n = classes.len() - 1;
        let colours = Palette::Diverging(palette).colours_around(n, true, n)?;
        Ok(Self { rounded: classes.rounded(), classes, colours })
    }

    /// Number of classes on each side of the middle.
    pub(super) fn reach(&self) -> usize {
        self.classes.len() - 1
    }

    /// Position of a difference among the colours.
    pub(super) fn position(&self, difference: f64) -> Option<usize> {
        let size = self.classes.class_of(difference.abs())?;
        Some(if difference < 0.0 { self.reach() - size } else { self.reach() + size })
    }

    pub(super) fn kind(&self, value: &Measured) -> Kind {
        let Some((difference, position)) =
            value.value().and_then(|difference| Some((difference, self.position(difference)?)))
        else {
            return if is_secret(value) { Kind::Secret } else { Kind::Missing };
        };
        let unsure = value.interval().is_some_and(|interval| interval.contains(0.0));
        match position.cmp(&self.reach()) {
            Ordering::Equal => Kind::Same,
            _ if unsure && difference < 0.0 => Kind::PerhapsLess,
            _ if unsure => Kind::PerhapsMore,
            Ordering::Less => Kind::Less,
            Ordering::Greater => Kind::More,
        }
    }

    pub(super) fn fill(&self, value: &Measured) -> Fill {
        let solid = || value.value().and_then(|difference| self.position(difference));
        match self.kind(value) {
            Kind::Less | Kind::Same | Kind::More => {
                solid().map_or(NO_DATA, |position| Fill::Solid(self.colours[position]))
            }
            Kind::PerhapsLess => Fill::Hatch(self.colours[0]),
            Kind::PerhapsMore => Fill::Hatch(self.colours[2 * self.reach()]),
            Kind::Secret => WITHHELD,
            Kind::Missing => NO_DATA,
        }
    }

    /// The class at a position, with its sign.
    pub(super) fn label(&self, position: usize, language: Language) -> String {
        let bound = |index: usize| self.rounded.bound(index, language);
        let to = language.pick("à", "to");
        match position.cmp(&self.reach()) {
            Ordering::Equal if self.rounded.values()[1] == 0.0 => "0".to_owned(),
            Ordering::Equal => format!("−{0} {to} +{0}", bound(1)),
            Ordering::Less => {
                let size = self.reach() - position;
                format!("−{} {to} −{}", bound(size + 1), bound(size))
            }
            Ordering::Greater => {
                let size = position - self.reach();
                format!("+{} {to} +{}", bound(size), bound(size + 1))
            }
        }
    }
}

/// How many zones went in which direction, and which where they are few.
pub(super) fn describe_kinds(changes: &Rows, sides: &Sides, language: Language) -> String {
    let colon = language.pick("\u{a0}: ", ": ");
    let kinds = [Kind::More, Kind::Same, Kind::Less, Kind::PerhapsMore, Kind::PerhapsLess];
    let parts: Vec<String> = kinds
        .into_iter()
        .filter_map(|kind| {
            let within = (0..changes.values.len()).filter(|&row| sides.kind(&changes.values[row]) == kind);
            let names: Vec<&str> = within.map(|row| &changes.names[row][..]).collect();
            let count = format_number(names.len() as f64, 0, language);
            (!names.is_empty()).then(|| {
                format!("{}{colon}{count} ({}).", capitalised(kind.name(language)), list(&names, language))
            })
        })
        .collect();
    parts.join(" ")
}
