//! The trees of an inventory, checked once.
mod columns;
mod plausible;

use std::collections::{BTreeMap, HashMap};

use datagora_core::{Crs, InseeCode, Problem, ProblemKind, Report};

pub use columns::{Planted, TreeColumns, TreesError};
pub use plausible::PlausibleTree;

use super::age::AgeClass;
use super::carbon::{AllometricGroup, CarbonError, CarbonOptions, CarbonStock, carbon_stock};
use super::diversity::{Diversity, diversity_by_zone};
use super::santamour::{Santamour, SantamourRule, of_ranks};
use super::taxon::{Occupant, Taxon, TaxonRank, similar_genera};
use crate::zones::ZoneError;

/// The trees of an inventory: taxon, sizes, planting year, commune and position of each, as far as they are known.
///
/// Building it checks every row and lists what it cannot use; nothing is corrected and nothing imputed. Stumps and empty places are counted
/// and are no trees.
///
/// # Units and missing values
///
/// Height and crown diameter in metres, diameter at breast height (1.3 m) in centimetres, NaN where unknown. A girth becomes a
/// diameter, `girth / π`. What becomes missing by which rule is said in [`PlausibleTree`].
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{Occupant, PlausibleTree, TaxonRank, TreeColumns, Trees};
///
/// let names = ["Platanus x acerifolia", "Platanus acerifolia", "Sambuccus nigra", "Souche"].map(Occupant::parse);
/// let columns = TreeColumns::new(&names).with_heights(&[18.0, 0.0, 3.0, 0.0]).with_girths(&[157.0, 88.0, 30.0, 0.0]);
/// let (trees, problems) = Trees::new(&columns, &PlausibleTree::default())?;
///
/// assert_eq!((trees.len(), trees.stumps()), (3, 1));
/// assert!((trees.diameters()[0] - 49.97).abs() < 0.01);
/// assert!(trees.heights()[1].is_nan()); // 0 m is no height
/// assert_eq!(trees.counts(TaxonRank::Species)[0], ("Platanus acerifolia", 2));
/// let told: Vec<String> = problems.problems().map(|problem| problem.to_string()).collect();
/// assert_eq!(told[0], "row 2, column “height”: found 0 m, needed a height above 0, or nothing: taken as missing");
/// assert!(told[1].ends_with("needed a genus that is known: perhaps Sambucus"));
/// # Ok::<(), datagora_indicators::greening::TreesError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Trees {
    taxa: Vec<Taxon>,
    taxon: Vec<u32>,
    rows: Vec<u64>,
    heights: Vec<f64>,
    diameters: Vec<f64>,
    crowns: Vec<f64>,
    planted: Vec<Option<i32>>,
    age_classes: Vec<Option<AgeClass>>,
    communes: Vec<Option<InseeCode>>,
    places: Option<(Crs, Vec<Option<[f64; 2]>>)>,
    stumps: u64,
    empty: u64,
}

impl Trees {
    /// Checks the columns of an inventory.
    ///
    /// # Errors
    ///
    /// [`TreesError`] if a column that is given has another length. What is wrong in a row is in the report, by row and column; what is doubtful
    /// about a name, at the first row that has it.
    pub fn new(columns: &TreeColumns<'_>, rule: &PlausibleTree) -> Result<(Self, Report), TreesError> {
        columns.check()?;
        let mut report = Report::with_limit(100);
        let mut trees = Self {
            taxa: Vec::new(),
            taxon: Vec::new(),
            rows: Vec::new(),
            heights: Vec::new(),
            diameters: Vec::new(),
            crowns: Vec::new(),
            planted: Vec::new(),
            age_classes: Vec::new(),
            communes: Vec::new(),
            places: columns.crs().map(|crs| (crs.clone(), Vec::new())),
            stumps: 0,
            empty: 0,
        };
        let mut known: HashMap<&Taxon, u32> = HashMap::new();
        for (at, occupant) in columns.occupants().iter().enumerate() {
            let taxon = match occupant {
                Occupant::Stump => {
                    trees.stumps += 1;
                    continue;
                }
                Occupant::Nothing => {
                    trees.empty += 1;
                    continue;
                }
                Occupant::Tree(taxon) => taxon,
            };
            let row = columns.row(at, rule, &mut |problem| {
                let problem = problem.at_row(at as u64 + 1);
                report.add(match columns.key(at) {
                    Some(key) => problem.of_key(key),
                    None => problem,
                });
            });
            let next = trees.taxa.len() as u32;
            let index = *known.entry(taxon).or_insert(next);
            if index == next {
                trees.taxa.push(taxon.clone());
                for problem in doubts(taxon) {
                    report.add(problem.at_row(at as u64 + 1));
                }
            }
            trees.taxon.push(index);
            trees.rows.push(at as u64 + 1);
            trees.heights.push(row.height);
            trees.diameters.push(row.diameter);
            trees.crowns.push(row.crown);
            trees.planted.push(row.planted);
            trees.age_classes.push(row.age_class);
            trees.communes.push(row.commune);
            if let Some((_, places)) = &mut trees.places {
                places.push(row.place);
            }
        }
        Ok((trees, report))
    }

    /// Number of trees.
    pub fn len(&self) -> usize {
        self.taxon.len()
    }

    /// Is there no tree?
    pub fn is_empty(&self) -> bool {
        self.taxon.is_empty()
    }

    /// Places with a stump.
    pub fn stumps(&self) -> u64 {
        self.stumps
    }

    /// Places without anything.
    pub fn empty_places(&self) -> u64 {
        self.empty
    }

    /// Taxon of each tree.
    pub fn taxa(&self) -> impl ExactSizeIterator<Item = &Taxon> {
        self.taxon.iter().map(|&index| &self.taxa[index as usize])
    }

    /// Row of each tree in the inventory, counted from 1.
    pub fn rows(&self) -> &[u64] {
        &self.rows
    }

    /// Height of each, in metres.
    pub fn heights(&self) -> &[f64] {
        &self.heights
    }

    /// Diameter at breast height of each, in centimetres.
    pub fn diameters(&self) -> &[f64] {
        &self.diameters
    }

    /// Diameter of the crown of each, in metres.
    pub fn crowns(&self) -> &[f64] {
        &self.crowns
    }

    /// Year in which each was planted.
    pub fn planting_years(&self) -> &[Option<i32>] {
        &self.planted
    }

    /// Age class of each, as the inventory says.
    pub fn age_classes(&self) -> &[Option<AgeClass>] {
        &self.age_classes
    }

    /// Commune of each.
    pub fn communes(&self) -> &[Option<InseeCode>] {
        &self.communes
    }

    /// Positions (east, north) and their CRS, if the inventory has any.
    pub fn places(&self) -> Option<(&Crs, &[Option<[f64; 2]>])> {
        self.places.as_ref().map(|(crs, places)| (crs, places.as_slice()))
    }

    /// Name of each tree at a rank; `None` where it is not identified so far.
    pub fn names(&self, rank: TaxonRank) -> Vec<Option<&str>> {
        let of_taxa: Vec<Option<&str>> = self.taxa.iter().map(|taxon| taxon.name_at(rank)).collect();
        self.taxon.iter().map(|&index| of_taxa[index as usize]).collect()
    }

    /// Names at a rank with their number of trees, the most common first, in alphabetical order among equals.
    pub fn counts(&self, rank: TaxonRank) -> Vec<(&str, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for name in self.names(rank).into_iter().flatten() {
            *counts.entry(name).or_default() += 1;
        }
        let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }

    /// Diversity at a rank; trees not identified so far lower the completeness.
    ///
    /// A cultivar or subspecies counts as its species.
    pub fn diversity(&self, rank: TaxonRank) -> Diversity {
        Diversity::of_names(self.names(rank))
    }

    /// Diversity of each zone at a rank, from the zone of each tree.
    ///
    /// # Errors
    ///
    /// [`ZoneError`] if there is not one membership a tree, or a zone does not exist.
    pub fn diversity_by_zone(
        &self,
        rank: TaxonRank,
        membership: &[Option<u32>],
        zones: usize,
    ) -> Result<Vec<Diversity>, ZoneError> {
        diversity_by_zone(&self.names(rank), membership, zones)
    }

    /// The communes that are named, in order, and the index of that of each tree, as the functions by zone need it.
    ///
    /// ```
    /// use datagora_core::InseeCode;
    /// use datagora_indicators::greening::{Occupant, PlausibleTree, TaxonRank, TreeColumns, Trees};
    ///
    /// let names = ["Tilia", "Acer", "Tilia"].map(Occupant::parse);
    /// let [lyon_3, bron] = ["69383", "69029"].map(|code| InseeCode::parse(code).ok());
    /// let communes = [lyon_3, bron, lyon_3];
    /// let columns = TreeColumns::new(&names).with_communes(&communes);
    /// let (trees, _) = Trees::new(&columns, &PlausibleTree::default())?;
    /// let (communes, of_tree) = trees.by_commune();
    /// assert_eq!((communes.len(), of_tree), (2, vec![Some(1), Some(0), Some(1)]));
    /// # Ok::<(), datagora_indicators::greening::TreesError>(())
    /// ```
    pub fn by_commune(&self) -> (Vec<InseeCode>, Vec<Option<u32>>) {
        let mut codes: Vec<InseeCode> = self.communes.iter().copied().flatten().collect();
        codes.sort_unstable();
        codes.dedup();
        let index = |code: &InseeCode| codes.binary_search(code).ok().map(|at| at as u32);
        let membership = self.communes.iter().map(|code| code.as_ref().and_then(index)).collect();
        (codes, membership)
    }

    /// Age of each in a year, counted from its planting, NaN where that is unknown or later: for
    /// [`age_structure`](super::age_structure) with classes of age.
    pub fn ages(&self, year: i32) -> Vec<f64> {
        let age = |planted: &Option<i32>| {
            planted.filter(|planted| *planted <= year).map(|planted| f64::from(year - planted))
        };
        self.planted.iter().map(|planted| age(planted).unwrap_or(f64::NAN)).collect()
    }

    /// Carbon in the trees, an order of magnitude: [`carbon_stock`].
    ///
    /// # Errors
    ///
    /// [`CarbonError`] for options that are none.
    pub fn carbon(&self, options: &CarbonOptions) -> Result<CarbonStock, CarbonError> {
        let of_taxa: Vec<Option<AllometricGroup>> = self.taxa.iter().map(AllometricGroup::of).collect();
        let groups: Vec<_> = self.taxon.iter().map(|&index| of_taxa[index as usize]).collect();
        carbon_stock(&groups, &self.diameters, options)
    }

    /// The trees against Santamour's rule, at the three ranks. Families are those of [`family_of`](super::family_of); a tree of a genus
    /// without one is unidentified there, in the denominator.
    pub fn santamour(&self, rule: SantamourRule) -> Santamour {
        let names = |rank| self.names(rank);
        of_ranks(&names(TaxonRank::Species), &names(TaxonRank::Genus), &names(TaxonRank::Family), rule)
    }
}

/// What is doubtful about a name.
fn doubts(taxon: &Taxon) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Some(unread) = taxon.unread() {
        let problem = Problem::new(format!("“{unread}”"), "a Latin name: left out, the rest was read");
        found.push(problem.of_kind(ProblemKind::WrongType).in_column("taxon"));
    }
    if let Some(genus) = taxon.genus().filter(|_| taxon.family().is_none()) {
        let similar = similar_genera(genus);
        let needed = if similar.is_empty() {
            "a genus that is known: none is similar".to_owned()
        } else {
            format!("a genus that is known: perhaps {}", similar.join(", "))
        };
        found.push(
            Problem::new(format!("the genus {genus}"), needed)
                .of_kind(ProblemKind::UnknownCode)
                .in_column("taxon"),
        );
    }
    found
}

#[cfg(test)]
mod tests;
