//! How many features have which values of all filters of a layer together.
use std::collections::BTreeMap;

use super::Binned;
use crate::web::WebMapError;

/// The filters of a layer.
pub(in crate::web) struct Group<'a> {
    pub(in crate::web) layer: &'a str,
    /// Number of each filter among those of the map.
    pub(in crate::web) numbers: Vec<usize>,
    pub(in crate::web) filters: Vec<Binned<'a>>,
}

impl<'a> Group<'a> {
    /// With one more filter.
    pub(in crate::web) fn push(&mut self, number: usize, filter: Binned<'a>) -> Result<(), WebMapError> {
        if let Some(first) = self.filters.first() {
            let (found, needed) = (filter.bins.len(), first.bins.len());
            if found != needed {
                return Err(WebMapError::Length { column: filter.filter.label.clone(), found, needed });
            }
        }
        self.numbers.push(number);
        self.filters.push(filter);
        Ok(())
    }

    /// Features.
    pub(in crate::web) fn rows(&self) -> usize {
        self.filters.first().map_or(0, |filter| filter.bins.len())
    }

    /// Each combination of bins that occurs, with its number of features: how many there are, the bins of each filter one filter
    /// after the other, then the counts. Numbers are of 4 bytes, the lowest first.
    ///
    /// A million features with two filters of 40 bins are 1,600 combinations at most.
    pub(in crate::web) fn cube(&self) -> Vec<u8> {
        let mut counts: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for row in 0..self.rows() {
            *counts.entry(self.filters.iter().map(|filter| filter.bins[row]).collect()).or_default() += 1;
        }
        let mut bytes = (counts.len() as u32).to_le_bytes().to_vec();
        for filter in 0..self.filters.len() {
            bytes.extend(counts.keys().map(|bins| bins[filter]));
        }
        bytes.extend(counts.values().flat_map(|count| count.to_le_bytes()));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;
    use crate::web::{Category, Filter};

    #[test]
    fn combinations_are_counted_together() {
        let values = [1.0, 1.5, 7.0, f64::NAN, 1.2];
        let height = Filter::range("trees", "h", "H", Unit::METRE, values).with_edges([0.0, 5.0, 10.0]);
        let codes = [Some(3), Some(4), Some(4), Some(4), Some(3)];
        let kinds = [Category::new(3, "a"), Category::new(4, "b")];
        let kind = Filter::categories("trees", "k", "K", kinds, codes);
        let mut group = Group { layer: "trees", numbers: Vec::new(), filters: Vec::new() };
        group.push(0, height.binned().unwrap()).unwrap();
        group.push(1, kind.binned().unwrap()).unwrap();
        let counts = [2u32, 1, 1, 1].map(u32::to_le_bytes).concat();
        let expected = [&4u32.to_le_bytes()[..], &[0, 0, 1, 255], &[0, 1, 1, 1], &counts].concat();
        assert_eq!(group.cube(), expected);
        let short = Filter::range("trees", "h", "H", Unit::METRE, [1.0]);
        let refused = group.push(2, short.binned().unwrap());
        assert!(matches!(refused, Err(WebMapError::Length { found: 1, needed: 5, .. })));
    }
}
