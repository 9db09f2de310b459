//! What the reader may leave out of a map.
mod cube;

use datagora_core::{Language, Unit};
use serde_json::{Value, json};

use super::{Category, WebMapError};
use crate::chart::round_edges;
use crate::tick_decimals;
pub(super) use cube::Group;

/// A choice of the features of a layer by one of their attributes: a range of a number, under its histogram, or some of its categories.
///
/// Histograms and the number of features that remain are counted from the values given here, which are those of all features: they
/// are exact also where tiles show only a part. Several filters of a layer count together, and each histogram shows what the
/// others leave. While a filter leaves something out, features without the attribute are out, too, and the page says how many.
///
/// The rows of all filters of a layer are the same features in the same order. Values must be those in the tiles or features, since
/// the map compares the attribute itself.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{Category, Filter};
///
/// let height = Filter::range("trees", "height", "Height", Unit::METRE, [3.0, 12.5, f64::NAN]);
/// let kind = Filter::categories(
///     "trees",
///     "kind",
///     "Kind",
///     [Category::new(1, "maple"), Category::new(2, "lime")],
///     [Some(1), Some(2), None],
/// );
/// ```
///
/// # References
///
/// Liu, Z., Jiang, B. & Heer, J. (2013). imMens: real-time visual querying of big data. *Computer Graphics Forum* 32(3), 421–430:
/// counts by bins answer at once, whatever the number of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub(super) layers: Vec<String>,
    pub(super) attribute: String,
    pub(super) label: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Range { unit: Unit, values: Vec<f64>, edges: Option<Vec<f64>> },
    Categories { categories: Vec<Category>, codes: Vec<Option<i64>> },
}

/// A filter with its rows in bins.
pub(super) struct Binned<'a> {
    pub(super) filter: &'a Filter,
    pub(super) scale: Scale<'a>,
    /// The bin of each row; [`NONE`] without one.
    bins: Vec<u8>,
    /// Rows in each bin.
    pub(super) counts: Vec<usize>,
}

/// What the bins of a filter are.
pub(super) enum Scale<'a> {
    Edges { unit: &'a Unit, edges: Vec<f64> },
    Categories(&'a [Category]),
}

/// The bin of what has none.
const NONE: u8 = u8::MAX;
/// Bins of a filter; their numbers are bytes.
const MOST: usize = 200;

impl Filter {
    /// A range of a number with its unit; NaN is missing. `layer` is the name of the layer whose features are filtered.
    pub fn range(
        layer: impl Into<String>,
        attribute: impl Into<String>,
        label: impl Into<String>,
        unit: Unit,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        let kind = Kind::Range { unit, values: values.into_iter().collect(), edges: None };
        Self { layers: vec![layer.into()], attribute: attribute.into(), label: label.into(), kind }
    }

    /// Some of the categories of a whole number; `None` is missing, and so is a code without category.
    pub fn categories(
        layer: impl Into<String>,
        attribute: impl Into<String>,
        label: impl Into<String>,
        categories: impl IntoIterator<Item = Category>,
        codes: impl IntoIterator<Item = Option<i64>>,
    ) -> Self {
        let (categories, codes) = (categories.into_iter().collect(), codes.into_iter().collect());
        let kind = Kind::Categories { categories, codes };
        Self { layers: vec![layer.into()], attribute: attribute.into(), label: label.into(), kind }
    }

    /// With these edges of the histogram, at which ranges begin and end, instead of round ones: for values that crowd together.
    /// Values beyond the ends are counted in the first and the last bin. Categories have none.
    pub fn with_edges(mut self, bounds: impl IntoIterator<Item = f64>) -> Self {
        if let Kind::Range { edges, .. } = &mut self.kind {
            *edges = Some(bounds.into_iter().collect());
        }
        self
    }

    /// Filters one more layer of the map, whose features have the same attribute: outlines, or names.
    pub fn with_layer(mut self, layer: impl Into<String>) -> Self {
        self.layers.push(layer.into());
        self
    }

    /// Puts rows into bins.
    pub(super) fn binned(&self) -> Result<Binned<'_>, WebMapError> {
        let (scale, bins, n) = match &self.kind {
            Kind::Range { unit, values, edges } => {
                let edges = self.edges(values, edges.as_deref())?;
                let last = edges.len() - 2;
                let bin = |value: &f64| match value.is_nan() {
                    true => NONE,
                    // At most MOST bins: their numbers fit.
                    false => edges[1..=last].partition_point(|edge| edge <= value) as u8,
                };
                let bins: Vec<u8> = values.iter().map(bin).collect();
                (Scale::Edges { unit, edges }, bins, last + 1)
            }
            Kind::Categories { categories, codes } => {
                if categories.is_empty() || categories.len() > MOST {
                    return Err(self.bins_error(categories.len()));
                }
                let bin = |code: &Option<i64>| {
                    let at =
                        code.and_then(|code| categories.iter().position(|category| category.code == code));
                    at.map_or(NONE, |at| at as u8)
                };
                (Scale::Categories(categories), codes.iter().map(bin).collect(), categories.len())
            }
        };
        let mut counts = vec![0; n];
        for &bin in bins.iter().filter(|bin| **bin != NONE) {
            counts[usize::from(bin)] += 1;
        }
        Ok(Binned { filter: self, scale, bins, counts })
    }

    /// The edges given, or round ones; refused unless they rise.
    fn edges(&self, values: &[f64], edges: Option<&[f64]>) -> Result<Vec<f64>, WebMapError> {
        let edges = match edges {
            Some(edges) => edges.to_vec(),
            None => {
                let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
                sorted.sort_by(f64::total_cmp);
                if sorted.is_empty() {
                    return Err(WebMapError::NoValues { what: format!("filter {:?}", self.label) });
                }
                round_edges(&sorted)
            }
        };
        let rising =
            edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.iter().all(|edge| edge.is_finite());
        match rising && (2..=MOST + 1).contains(&edges.len()) {
            true => Ok(edges),
            false => Err(self.bins_error(edges.len().saturating_sub(1))),
        }
    }

    fn bins_error(&self, found: usize) -> WebMapError {
        WebMapError::Bins { filter: self.label.clone(), found, most: MOST }
    }
}

impl Binned<'_> {
    /// Rows without value.
    pub(super) fn missing(&self) -> usize {
        self.bins.len() - self.counts.iter().sum::<usize>()
    }

    /// Decimals with which the edges are told apart.
    pub(super) fn decimals(&self) -> usize {
        match &self.scale {
            Scale::Edges { edges, .. } => tick_decimals(edges),
            Scale::Categories(_) => 0,
        }
    }

    pub(super) fn to_json(&self, language: Language) -> Value {
        let filter = self.filter;
        let mut value = match &self.scale {
            Scale::Edges { unit, edges } => json!({
                "kind": "range", "edges": edges, "unit": unit.symbol(language), "decimals": self.decimals(),
            }),
            Scale::Categories(categories) => json!({
                "kind": "categories",
                "codes": categories.iter().map(|category| category.code).collect::<Vec<_>>(),
            }),
        };
        value["layers"] = json!(filter.layers);
        value["attribute"] = json!(filter.attribute);
        value["label"] = json!(filter.label);
        value["bins"] = json!(self.counts.len());
        value
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heights(values: &[f64]) -> Filter {
        Filter::range("trees", "height", "Height", Unit::METRE, values.iter().copied())
    }

    #[test]
    fn values_are_counted_in_round_bins() {
        let filter = heights(&[0.0, 4.9, 5.0, 19.0, 20.0, f64::NAN]).with_edges([0.0, 5.0, 10.0, 20.0]);
        let binned = filter.binned().unwrap();
        assert_eq!((&binned.counts[..], binned.missing()), (&[2, 1, 2][..], 1));
        // What lies beyond the ends is in the bins at the ends.
        let filter = heights(&[-9.0, 99.0, f64::INFINITY]).with_edges([0.0, 5.0, 10.0]);
        assert_eq!(filter.binned().unwrap().counts, [1, 2]);
        let kinds = [Category::new(4, "a"), Category::new(7, "b")];
        let filter = Filter::categories("trees", "kind", "Kind", kinds, [Some(7), Some(9), None, Some(7)]);
        let binned = filter.binned().unwrap();
        assert_eq!((&binned.counts[..], binned.missing()), (&[0, 2][..], 2));
    }

    #[test]
    fn what_has_no_bins_is_refused() {
        assert!(matches!(heights(&[f64::NAN]).binned(), Err(WebMapError::NoValues { .. })));
        assert!(matches!(heights(&[1.0]).with_edges([2.0, 1.0]).binned(), Err(WebMapError::Bins { .. })));
        assert!(matches!(heights(&[1.0]).with_edges([]).binned(), Err(WebMapError::Bins { found: 0, .. })));
        let none = Filter::categories("trees", "kind", "Kind", [], [Some(1)]);
        assert!(matches!(none.binned(), Err(WebMapError::Bins { found: 0, .. })));
    }

    proptest! {
        #[test]
        fn every_row_is_in_a_bin_or_missing(values in prop::collection::vec(prop::num::f64::ANY, 0..60)) {
            if let Ok(binned) = heights(&values).binned() {
                let missing = values.iter().filter(|value| value.is_nan()).count();
                prop_assert_eq!(binned.missing(), missing);
                prop_assert!(binned.counts.len() <= MOST);
                let Scale::Edges { edges, .. } = &binned.scale else { panic!("edges") };
                prop_assert!(edges.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }
    }
}
