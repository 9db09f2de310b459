//! Two indices read together: where the ground can be planted and people are vulnerable.
use std::collections::BTreeMap;

use datagora_geo::{CoveredCells, GeometryColumn, Grid, Metric, area};

use super::carry::{CarryError, check_rows};

/// The code of a pair of classes: ten times the first plus the second.
///
/// It parts all classes as long as the second is at most 9: plantability 0, 2, … 10 and vulnerability 1 to 9 give 01 to
/// 109. Ground that cannot be planted (0) and ground that hardly can (2) stay apart.
///
/// ```
/// use datagora_indicators::heat::bivariate_code;
///
/// assert_eq!(bivariate_code(0, 9), Some(9));
/// assert_eq!(bivariate_code(2, 9), Some(29));
/// assert_eq!(bivariate_code(2, 10), None);
/// ```
pub fn bivariate_code(first: u8, second: u8) -> Option<u16> {
    (second <= 9).then(|| 10 * u16::from(first) + u16::from(second))
}

/// The code of the map of IA·rbre: `10 · min(4, ⌊plantability / 2.5⌋) + min(5, 1 + ⌊(vulnerability − 1) / 2⌋)`.
///
/// For comparison with published maps. It merges plantability 0 (impossible) with 2 (very constrained):
/// prefer [`bivariate_code`]. NaN gives none.
///
/// ```
/// use datagora_indicators::heat::iarbre_bivariate_code;
///
/// assert_eq!(iarbre_bivariate_code(10.0, 9.0), Some(45));
/// assert_eq!(iarbre_bivariate_code(0.0, 4.0), iarbre_bivariate_code(2.0, 4.0));
/// ```
pub fn iarbre_bivariate_code(plantability: f64, vulnerability: f64) -> Option<i64> {
    let place = (plantability / 2.5).floor().min(4.0);
    let need = (1.0 + ((vulnerability - 1.0) / 2.0).floor()).min(5.0);
    let code = 10.0 * place + need;
    (!plantability.is_nan() && !vulnerability.is_nan() && code.is_finite()).then_some(code as i64)
}

/// How much ground, and how many people, there are in each pair of classes.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BivariateTable {
    /// Each pair that occurs, by the first class, then the second; with ground in m² and people.
    pub pairs: Vec<BivariatePair>,
    /// Ground of which one of the classes is unknown, m².
    pub unknown_area: f64,
    /// People on it; NaN if there are rows on it, all of unknown people.
    pub unknown_people: f64,
    /// Rows whose number of people is unknown; their ground is counted.
    pub people_missing: usize,
}

/// One pair of classes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BivariatePair {
    /// Class of the first variable.
    pub first: u8,
    /// Class of the second.
    pub second: u8,
    /// Ground, m².
    pub area: f64,
    /// People; NaN if the number of all rows is unknown.
    pub people: f64,
}

impl BivariateTable {
    /// Cross-table of rows that have both classes: zones, or cells.
    ///
    /// # Shapes and units
    ///
    /// `n` classes of each variable, areas in m², people.
    ///
    /// # Missing values
    ///
    /// A class that is `None` counts as unknown ground. An unknown area (NaN) counts nothing. Unknown people (NaN) are told
    /// ([`people_missing`](Self::people_missing)) and left out of the sum; a pair with no others has NaN people, not 0.
    ///
    /// # Errors
    ///
    /// [`CarryError::Length`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::heat::BivariateTable;
    ///
    /// let table = BivariateTable::of_rows(
    ///     &[Some(0), Some(2), None],
    ///     &[Some(9), Some(9), Some(1)],
    ///     &[100.0, 50.0, 10.0],
    ///     &[80.0, 20.0, 5.0],
    /// )?;
    /// assert_eq!(table.area(0, 9), 100.0);
    /// assert_eq!(table.people(2, 9), 20.0);
    /// assert_eq!(table.unknown_area, 10.0);
    /// # Ok::<(), datagora_indicators::heat::CarryError>(())
    /// ```
    pub fn of_rows(
        first: &[Option<u8>],
        second: &[Option<u8>],
        areas: &[f64],
        people: &[f64],
    ) -> Result<Self, CarryError> {
        let needed = first.len();
        for (what, found) in
            [("second classes", second.len()), ("areas", areas.len()), ("numbers of people", people.len())]
        {
            if found != needed {
                return Err(CarryError::Length { what, found, needed });
            }
        }
        let mut sums = Sums::default();
        for row in 0..needed {
            let area = if areas[row].is_nan() { 0.0 } else { areas[row] };
            sums.missing += usize::from(people[row].is_nan());
            sums.add(first[row].zip(second[row]), area, people[row]);
        }
        Ok(sums.table())
    }

    /// Cross-table of a variable by cell and one by zone: each cell counts in a zone by the exact share that the zone covers.
    ///
    /// People are spread evenly over their zone; those on ground outside of the grid are on unknown ground.
    ///
    /// # Shapes and units
    ///
    /// A class for each cell of a grid in metres (plantability), and for each zone a class (vulnerability) and people.
    ///
    /// # Missing values
    ///
    /// As [`Self::of_rows`].
    ///
    /// # Errors
    ///
    /// [`CarryError::Length`], [`CarryError::Zones`], [`CarryError::Measure`] in degrees.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::heat::BivariateTable;
    ///
    /// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46)?;
    /// let zone = Rect::new(coord! { x: 5., y: 0. }, coord! { x: 20., y: 10. });
    /// let zones = GeometryColumn::new([zone.into()], Crs::CC46);
    /// let table = BivariateTable::of_cells(&[Some(0), Some(8)], &grid, &zones, &[Some(7)], &[300.0])?;
    /// assert!((table.area(0, 7) - 50.0).abs() < 1e-9);
    /// assert!((table.people(8, 7) - 200.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_cells(
        cells: &[Option<u8>],
        grid: &Grid,
        zones: &GeometryColumn,
        classes: &[Option<u8>],
        people: &[f64],
    ) -> Result<Self, CarryError> {
        if cells.len() != grid.len() {
            return Err(CarryError::Length {
                what: "classes of cells",
                found: cells.len(),
                needed: grid.len(),
            });
        }
        check_rows("classes of zones", classes.len(), zones)?;
        check_rows("numbers of people", people.len(), zones)?;
        let mut covered = CoveredCells::new(grid, zones)?;
        let whole = area(zones, Metric::Planar)?;
        let mut sums = Sums::default();
        for (zone, class) in classes.iter().enumerate() {
            let mut ground: BTreeMap<Option<u8>, f64> = BTreeMap::new();
            covered.cells_of(zone, |run| {
                let first = grid.index(run.columns.start, run.row);
                for cell in &cells[first..first + run.columns.len()] {
                    *ground.entry(*cell).or_default() += run.share * grid.cell_area();
                }
            });
            let within: f64 = ground.values().sum();
            let outside = (whole[zone] - within).max(0.0);
            // Rounding of the shares is no ground.
            if outside > 1e-9 * within {
                *ground.entry(None).or_default() += outside;
            }
            let all: f64 = ground.values().sum();
            sums.missing += usize::from(people[zone].is_nan());
            if all == 0.0 {
                sums.add(None, 0.0, people[zone]);
                continue;
            }
            for (cell, area) in ground {
                sums.add(cell.zip(*class), area, people[zone] * (area / all));
            }
        }
        Ok(sums.table())
    }

    /// Ground in a pair of classes, m².
    pub fn area(&self, first: u8, second: u8) -> f64 {
        self.pair(first, second).map_or(0.0, |pair| pair.area)
    }

    /// People in a pair of classes: 0 if the pair does not occur, NaN if those of all its rows are unknown.
    pub fn people(&self, first: u8, second: u8) -> f64 {
        self.pair(first, second).map_or(0.0, |pair| pair.people)
    }

    fn pair(&self, first: u8, second: u8) -> Option<&BivariatePair> {
        self.pairs.iter().find(|pair| (pair.first, pair.second) == (first, second))
    }
}

/// A table under construction.
#[derive(Default)]
struct Sums {
    pairs: BTreeMap<(u8, u8), Sum>,
    unknown: Sum,
    /// Rows of unknown people.
    missing: usize,
}

/// Ground, and people where they are known.
#[derive(Default)]
struct Sum {
    area: f64,
    /// Sum of the known numbers; none if nothing but unknown ones was added.
    people: Option<f64>,
    /// Whether anything was added.
    any: bool,
}

impl Sum {
    fn people(&self) -> f64 {
        self.people.unwrap_or(if self.any { f64::NAN } else { 0.0 })
    }
}

impl Sums {
    fn add(&mut self, pair: Option<(u8, u8)>, area: f64, people: f64) {
        let sum = match pair {
            Some(pair) => self.pairs.entry(pair).or_default(),
            None => &mut self.unknown,
        };
        sum.any = true;
        sum.area += area;
        if !people.is_nan() {
            *sum.people.get_or_insert(0.0) += people;
        }
    }

    fn table(self) -> BivariateTable {
        let pair = |((first, second), sum): ((u8, u8), Sum)| BivariatePair {
            first,
            second,
            area: sum.area,
            people: sum.people(),
        };
        BivariateTable {
            unknown_area: self.unknown.area,
            unknown_people: self.unknown.people(),
            people_missing: self.missing,
            pairs: self.pairs.into_iter().map(pair).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Crs;
    use datagora_geo::types::{Rect, coord};
    use proptest::prelude::*;

    #[test]
    fn codes_part_what_the_published_map_merges() {
        let classes = [0_u8, 2, 4, 6, 8, 10];
        let codes: std::collections::BTreeSet<_> =
            classes.iter().flat_map(|first| (1..=9).map(|second| bivariate_code(*first, second))).collect();
        assert_eq!(codes.len(), 54);
        let published = |plant: u8, need: u8| iarbre_bivariate_code(f64::from(plant), f64::from(need));
        assert_eq!([0, 2, 4, 6, 8, 10].map(|plant| published(plant, 1)), [1, 1, 11, 21, 31, 41].map(Some));
        assert_eq!([1, 2, 3, 5, 7, 9].map(|need| published(4, need)), [11, 11, 12, 13, 14, 15].map(Some));
        assert_eq!(iarbre_bivariate_code(f64::NAN, 1.0), None);
        assert_eq!(iarbre_bivariate_code(f64::NEG_INFINITY, 1.0), None);
    }

    #[test]
    fn rows_of_different_lengths_are_refused() {
        let found = BivariateTable::of_rows(&[Some(1)], &[], &[1.0], &[1.0]);
        assert_eq!(found, Err(CarryError::Length { what: "second classes", found: 0, needed: 1 }));
        let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 1, 1, Crs::CC46).unwrap();
        let none = GeometryColumn::new([], Crs::CC46);
        assert!(BivariateTable::of_cells(&[], &grid, &none, &[], &[]).is_err());
        let empty = BivariateTable::of_cells(&[None], &grid, &none, &[], &[]);
        assert_eq!(empty, Ok(BivariateTable::default()));
    }

    #[test]
    fn people_that_are_unknown_everywhere_are_missing_and_not_0() {
        let nan = f64::NAN;
        let table = BivariateTable::of_rows(
            &[Some(1), Some(2), Some(2), None, Some(4)],
            &[Some(1); 5],
            &[10.0, 20.0, 30.0, 40.0, nan],
            &[nan, nan, 7.0, nan, nan],
        )
        .unwrap();
        assert!(table.people(1, 1).is_nan() && table.people(4, 1).is_nan() && table.unknown_people.is_nan());
        assert_eq!((table.people(2, 1), table.people(3, 1), table.people_missing), (7.0, 0.0, 4));
        assert_eq!((table.area(1, 1), table.area(4, 1), table.unknown_area), (10.0, 0.0, 40.0));

        let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46).unwrap();
        let zone = |x: f64| Some(Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 10., y: 10. }).into());
        let zones = GeometryColumn::from_options([zone(0.0), zone(5.0), None], Crs::CC46);
        let cells = [Some(1), Some(2)];
        let table = BivariateTable::of_cells(&cells, &grid, &zones, &[Some(1); 3], &[nan, 8.0, nan]).unwrap();
        assert!((table.people(1, 1) - 4.0).abs() < 1e-9 && (table.people(2, 1) - 4.0).abs() < 1e-9);
        assert!(table.unknown_people.is_nan());
        assert_eq!((table.unknown_area, table.people_missing), (0.0, 2));
        let table = BivariateTable::of_cells(&cells, &grid, &zones, &[Some(1); 3], &[nan; 3]).unwrap();
        assert!(table.people(1, 1).is_nan() && (table.area(1, 1) - 150.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn no_ground_and_nobody_is_lost(
            cells in proptest::collection::vec(proptest::option::of(0..4_u8), 12),
            zones in proptest::collection::vec(
                (-10.0..40.0_f64, -10.0..30.0_f64, 0.5..20.0_f64, proptest::option::of(1..9_u8), 0.0..1e4_f64), 1..6
            ),
        ) {
            let grid = Grid::new([0.0, 30.0], [10.0, 10.0], 4, 3, Crs::CC46).unwrap();
            let square = |(x, y, side, ..): &(f64, f64, f64, Option<u8>, f64)| {
                Rect::new(coord! { x: *x, y: *y }, coord! { x: x + side, y: y + side }).into()
            };
            let column = GeometryColumn::new(zones.iter().map(square), Crs::CC46);
            let (classes, people): (Vec<_>, Vec<_>) = zones.iter().map(|zone| (zone.3, zone.4)).unzip();
            let table = BivariateTable::of_cells(&cells, &grid, &column, &classes, &people).unwrap();
            let all = |of: fn(&BivariatePair) -> f64| table.pairs.iter().map(of).sum::<f64>();
            let ground: f64 = zones.iter().map(|zone| zone.2 * zone.2).sum();
            prop_assert!((all(|pair| pair.area) + table.unknown_area - ground).abs() < 1e-6);
            let total: f64 = people.iter().sum();
            prop_assert!((all(|pair| pair.people) + table.unknown_people - total).abs() < 1e-6 * total.max(1.0));
        }
    }
}
