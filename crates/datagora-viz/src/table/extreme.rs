//! The rows that stand out of a table.
use datagora_core::{Language, Measured};

use super::{Column, DataTable, Values, describe_amount};

/// Rows of a table with its highest or its lowest value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extreme {
    /// Their names, in the order of the table: several where the value is the same.
    pub rows: Vec<String>,
    /// The value in words, with its unit and without its interval.
    pub amount: String,
}

impl DataTable {
    /// The rows with the highest value of the first column of numbers.
    ///
    /// Rows without value are left out. Nothing if no value is left, if all are the same, if the first column names no rows, or if a
    /// value that is known by its bounds only might be higher.
    ///
    /// ```
    /// use datagora_core::{Language, Unit};
    /// use datagora_viz::{Column, DataTable};
    ///
    /// let table = DataTable::new("Trees")
    ///     .with(Column::text("Commune", ["Bron", "Lyon", "Écully"]))
    ///     .with(Column::numbers("Trees", Unit::of("{tree}"), [6_100.0, 9_000.0, f64::NAN]));
    /// let highest = table.highest(Language::English).expect("two values");
    /// assert_eq!((&highest.rows[..], &highest.amount[..]), (&["Lyon".to_owned()][..], "9,000\u{a0}trees"));
    /// ```
    pub fn highest(&self, language: Language) -> Option<Extreme> {
        self.extreme(|value| value, language)
    }

    /// The rows with the lowest value of the first column of numbers; else as [`DataTable::highest`].
    pub fn lowest(&self, language: Language) -> Option<Extreme> {
        self.extreme(|value| -value, language)
    }

    fn extreme(&self, sign: impl Fn(f64) -> f64, language: Language) -> Option<Extreme> {
        let Values::Text(names) = &self.columns.first()?.values else { return None };
        let column = self.columns.iter().find(|column| !matches!(column.values, Values::Text(_)))?;
        // Of each value the least and the most that it can be, in the direction that is looked for.
        let known: Vec<(usize, Measured, f64, f64)> = (0..self.len())
            .filter_map(|row| {
                let value = measured(column, row)?;
                // Points are compared as they are, whatever their intervals.
                let bounds = match (value.value(), value.interval()) {
                    (Some(point), _) => [point, point],
                    (None, Some(interval)) => [interval.lower, interval.upper],
                    (None, None) => return None,
                };
                let [one, other] = bounds.map(&sign);
                let (least, most) = (one.min(other), one.max(other));
                (!least.is_nan()).then_some((row, value, least, most))
            })
            .collect();
        let (_, value, least, most) = known.iter().max_by(|a, b| a.2.total_cmp(&b.2))?;
        let (same, others): (Vec<_>, Vec<_>) =
            known.iter().partition(|(_, _, low, high)| low == least && high == most);
        if others.is_empty() || others.iter().any(|(_, _, _, most)| most >= least) {
            return None;
        }
        let amount = match value.value() {
            Some(_) => describe_amount(&value.clone().without_interval(), language),
            None => describe_amount(value, language),
        };
        Some(Extreme { rows: same.into_iter().map(|(row, ..)| names[*row].clone()).collect(), amount })
    }
}

/// The value of a row, if there is one.
fn measured(column: &Column, row: usize) -> Option<Measured> {
    match &column.values {
        Values::Text(_) => None,
        Values::Numbers(values) => {
            let unit = column.unit.clone().unwrap_or(datagora_core::Unit::ONE);
            Some(values[row]).filter(|value| !value.is_nan()).map(|value| Measured::new(value, unit))
        }
        Values::Measured(values) => Some(values[row].clone()).filter(|value| value.suppression().is_none()),
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;
    use proptest::prelude::*;

    use super::*;

    fn table(values: Vec<Measured>) -> DataTable {
        let names = (0..values.len()).map(|row| format!("r{row}"));
        DataTable::new("T").with(Column::text("Row", names)).with(Column::measured(
            "V",
            Unit::PERCENT,
            values,
        ))
    }

    fn point(value: f64) -> Measured {
        Measured::new(value, Unit::PERCENT)
    }

    #[test]
    fn those_of_one_value_stand_together() {
        let table = table([3.0, 0.0, 7.0, 0.0].map(point).to_vec());
        let lowest = table.lowest(Language::French).expect("different values");
        assert_eq!(
            (lowest.rows, lowest.amount),
            (vec!["r1".to_owned(), "r3".to_owned()], "0\u{202f}%".to_owned())
        );
        assert_eq!(table.highest(Language::English).map(|one| one.amount), Some("7%".to_owned()));
    }

    #[test]
    fn nothing_stands_out_where_it_is_not_sure() {
        let between = |low, high| Measured::bounded(low, high, Unit::PERCENT).expect("bounds in order");
        let sure = table(vec![between(5.0, 9.0), between(1.0, 4.0), between(2.0, 3.0)]);
        assert_eq!(sure.highest(Language::English).map(|one| one.amount), Some("5 to 9%".to_owned()));
        assert_eq!(sure.lowest(Language::English), None);
        assert_eq!(table(vec![point(1.0), point(1.0)]).highest(Language::English), None);
        assert_eq!(table(vec![point(f64::NAN)]).highest(Language::English), None);
        assert_eq!(DataTable::new("").highest(Language::English), None);
    }

    proptest! {
        #[test]
        fn the_highest_is_the_lowest_of_what_is_turned_around(
            numbers in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(0.0), -1e9..1e9], 0..20),
        ) {
            let rows = |one: Option<Extreme>| one.map(|one| one.rows);
            let turned = table(numbers.iter().map(|value| point(-value)).collect());
            let table = table(numbers.into_iter().map(point).collect());
            prop_assert_eq!(rows(table.highest(Language::English)), rows(turned.lowest(Language::English)));
        }
    }
}
