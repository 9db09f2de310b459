//! Columns of an inventory, as they come.
use datagora_core::{Crs, InseeCode, NaiveDate, Problem};

use super::super::age::AgeClass;
use super::super::taxon::Occupant;
use super::plausible::PlausibleTree;

/// When a tree was planted, as far as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// In this year.
    Year(i32),
    /// On this day.
    Date(NaiveDate),
}

/// The columns of an inventory, with one row for each place; a column that is not there is left out.
///
/// NaN and `None` are missing.
#[derive(Clone, Debug)]
pub struct TreeColumns<'a> {
    occupants: &'a [Occupant],
    keys: &'a [&'a str],
    heights: &'a [f64],
    girths: &'a [f64],
    diameters: &'a [f64],
    crowns: &'a [f64],
    planted: &'a [Option<Planted>],
    age_classes: &'a [Option<AgeClass>],
    communes: &'a [Option<InseeCode>],
    places: Option<(Crs, &'a [Option<[f64; 2]>])>,
}

/// The columns of an inventory differ in length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found} values of {what}, needed {needed}, one a row; leave a column out that is not there")]
pub struct TreesError {
    /// Which column.
    pub what: &'static str,
    /// Its length.
    pub found: usize,
    /// Rows.
    pub needed: usize,
}

impl<'a> TreeColumns<'a> {
    /// What stands at each place.
    pub fn new(occupants: &'a [Occupant]) -> Self {
        Self {
            occupants,
            keys: &[],
            heights: &[],
            girths: &[],
            diameters: &[],
            crowns: &[],
            planted: &[],
            age_classes: &[],
            communes: &[],
            places: None,
        }
    }

    /// With the identifier of each, for problems; empty where there is none.
    pub fn with_keys(self, keys: &'a [&'a str]) -> Self {
        Self { keys, ..self }
    }

    /// With heights, in metres.
    pub fn with_heights(self, heights: &'a [f64]) -> Self {
        Self { heights, ..self }
    }

    /// With girths at breast height, in centimetres.
    pub fn with_girths(self, girths: &'a [f64]) -> Self {
        Self { girths, ..self }
    }

    /// With diameters at breast height, in centimetres; they go before girths.
    pub fn with_diameters(self, diameters: &'a [f64]) -> Self {
        Self { diameters, ..self }
    }

    /// With diameters of the crowns, in metres.
    pub fn with_crowns(self, crowns: &'a [f64]) -> Self {
        Self { crowns, ..self }
    }

    /// With planting dates or years.
    pub fn with_planted(self, planted: &'a [Option<Planted>]) -> Self {
        Self { planted, ..self }
    }

    /// With age classes.
    pub fn with_age_classes(self, age_classes: &'a [Option<AgeClass>]) -> Self {
        Self { age_classes, ..self }
    }

    /// With communes.
    pub fn with_communes(self, communes: &'a [Option<InseeCode>]) -> Self {
        Self { communes, ..self }
    }

    /// With positions (east, north) in a CRS.
    pub fn with_places(self, crs: Crs, places: &'a [Option<[f64; 2]>]) -> Self {
        Self { places: Some((crs, places)), ..self }
    }

    pub(super) fn occupants(&self) -> &'a [Occupant] {
        self.occupants
    }

    pub(super) fn crs(&self) -> Option<&Crs> {
        self.places.as_ref().map(|(crs, _)| crs)
    }

    pub(super) fn key(&self, at: usize) -> Option<&'a str> {
        self.keys.get(at).copied().filter(|key| !key.is_empty())
    }

    pub(super) fn check(&self) -> Result<(), TreesError> {
        let needed = self.occupants.len();
        let lengths = [
            ("key", self.keys.len()),
            ("height", self.heights.len()),
            ("girth", self.girths.len()),
            ("diameter", self.diameters.len()),
            ("crown diameter", self.crowns.len()),
            ("planting date", self.planted.len()),
            ("age class", self.age_classes.len()),
            ("commune", self.communes.len()),
        ];
        let wrong = lengths.into_iter().find(|(_, found)| *found != 0 && *found != needed);
        let places = self.places.as_ref().map(|(_, places)| ("position", places.len()));
        match wrong.or(places.filter(|(_, found)| *found != needed)) {
            Some((what, found)) => Err(TreesError { what, found, needed }),
            None => Ok(()),
        }
    }

    /// One row, with what is not plausible told and missing.
    pub(super) fn row(&self, at: usize, rule: &PlausibleTree, tell: &mut impl FnMut(Problem)) -> Row {
        let number = |column: &[f64]| column.get(at).copied().unwrap_or(f64::NAN);
        let height = rule.height(number(self.heights), tell);
        let diameter = rule.diameter(number(self.diameters), number(self.girths), tell);
        let crown = rule.crown(number(self.crowns), tell);
        let planted = self.planted.get(at).copied().flatten();
        let place = self.places.as_ref().and_then(|(crs, places)| rule.place(places[at]?, crs, tell));
        Row {
            height,
            diameter,
            crown,
            planted: planted.and_then(|planted| rule.planted(planted, tell)),
            age_class: self.age_classes.get(at).copied().flatten(),
            commune: self.communes.get(at).copied().flatten(),
            place,
        }
    }
}

/// What is usable of a row.
pub(super) struct Row {
    pub(super) height: f64,
    pub(super) diameter: f64,
    pub(super) crown: f64,
    pub(super) planted: Option<i32>,
    pub(super) age_class: Option<AgeClass>,
    pub(super) commune: Option<InseeCode>,
    pub(super) place: Option<[f64; 2]>,
}
