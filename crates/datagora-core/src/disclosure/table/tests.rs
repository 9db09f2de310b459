use proptest::prelude::*;

use super::*;

/// Inner values with their totals.
fn with_totals(rows: usize, columns: usize, inner: &[f64]) -> Vec<f64> {
    let mut values = Vec::new();
    for row in inner.chunks(columns) {
        values.extend(row);
        values.push(row.iter().sum());
    }
    for column in 0..columns {
        values.push((0..rows).map(|row| inner[row * columns + column]).sum());
    }
    values.push(inner.iter().sum());
    values
}

/// Every table of whole numbers up to a bound that agrees with the published cells: the slow way to find the ranges.
fn brute_force(rows: usize, columns: usize, values: &[f64], withheld: &[bool], most: u32) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = vec![(f64::INFINITY, f64::NEG_INFINITY); values.len()];
    let cells = rows * columns;
    let mut inner = vec![0u32; cells];
    loop {
        let floats: Vec<f64> = inner.iter().map(|value| f64::from(*value)).collect();
        let all = with_totals(rows, columns, &floats);
        if all.iter().zip(values).zip(withheld).all(|((trial, value), withheld)| *withheld || trial == value)
        {
            for (range, trial) in found.iter_mut().zip(&all) {
                *range = (range.0.min(*trial), range.1.max(*trial));
            }
        }
        let Some(next) = inner.iter().position(|value| *value < most) else {
            break;
        };
        inner[..next].fill(0);
        inner[next] += 1;
    }
    found.into_iter().zip(withheld).filter(|(_, withheld)| **withheld).map(|(range, _)| range).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    /// The ranges by flows are those found by trying all tables. Margins stay published, so that ranges are bounded.
    #[test]
    fn ranges_are_those_of_all_tables(
        inner in proptest::collection::vec(0u32..4, 6),
        mask in proptest::collection::vec(any::<bool>(), 6),
    ) {
        let inner: Vec<f64> = inner.into_iter().map(f64::from).collect();
        let values = with_totals(2, 3, &inner);
        let mut withheld = vec![false; 12];
        for (at, hidden) in mask.into_iter().enumerate() {
            withheld[at / 3 * 4 + at % 3] = hidden;
        }
        let flows: Vec<(f64, f64)> =
            feasible_ranges(2, 3, &values, &withheld)?.iter().map(|cell| (cell.range.lower, cell.range.upper)).collect();
        prop_assert_eq!(flows, brute_force(2, 3, &values, &withheld, 6));
    }

    /// The same with a column total withheld too: bounded by the grand total.
    #[test]
    fn withheld_totals_are_in_the_network(
        inner in proptest::collection::vec(0u32..4, 4),
        mask in proptest::collection::vec(any::<bool>(), 8),
    ) {
        let inner: Vec<f64> = inner.into_iter().map(f64::from).collect();
        let values = with_totals(2, 2, &inner);
        let mut withheld = mask;
        withheld.push(false);
        let most = values[8] as u32;
        let flows: Vec<(f64, f64)> =
            feasible_ranges(2, 2, &values, &withheld)?.iter().map(|cell| (cell.range.lower, cell.range.upper)).collect();
        prop_assert_eq!(flows, brute_force(2, 2, &values, &withheld, most));
    }
}

fn tables() -> impl Strategy<Value = CrossTable> {
    (1usize..6, 1usize..6).prop_flat_map(|(rows, columns)| {
        let unit = prop_oneof![3 => 1.0f64..50.0, 1 => Just(0.0), 1 => 100.0f64..5_000.0];
        let cell = proptest::collection::vec(unit, 0..7);
        proptest::collection::vec(cell, rows * columns).prop_map(move |cells| {
            CrossTable::from_values(rows, columns, cells).unwrap_or_else(|error| panic!("{error}"))
        })
    })
}

proptest! {
    /// Nothing that the rule forbids can be computed, not even nearly, and all that it forbids is withheld.
    #[test]
    fn protected_tables_keep_their_secrets(table in tables()) {
        let rule = SecrecyRule::default();
        let published = table.protect(&rule);
        let before = table.with_totals(&rule);
        for (own, status) in before.status.iter().zip(&published.status) {
            prop_assert!(!own.is_withheld() || own == status);
        }
        let positions = (0..published.status.len()).filter(|cell| published.status[*cell].is_withheld());
        for (cell, audited) in positions.zip(published.audit()) {
            prop_assert!(!audited.is_recoverable(), "{audited:?} of {published:?}");
            if is_primary(&published.status[cell]) {
                let reach = 0.1 * audited.value;
                prop_assert!(audited.range.lower <= audited.value - reach + 1e-6, "{audited:?}");
                prop_assert!(audited.range.upper >= audited.value + reach - 1e-6, "{audited:?}");
            }
        }
    }

    /// Nobody alone in a cell can compute a forbidden neighbour.
    #[test]
    fn lone_units_learn_nothing(table in tables()) {
        let published = table.protect(&SecrecyRule::default());
        let withheld = published.withheld();
        for cell in (0..withheld.len()).filter(|cell| is_primary(&published.status[*cell])) {
            for alone in published.alone_beside(cell) {
                let network = Network {
                    rows: published.rows,
                    columns: published.columns,
                    values: &published.lower,
                    withheld: &withheld,
                    known: Some(alone),
                };
                prop_assert!(network.slack(cell, Direction::Up, 1.0) > 0.0);
            }
        }
    }

    #[test]
    fn brackets_are_protected_at_both_ends(table in tables(), width in 0.1f64..20.0, open in any::<bool>()) {
        let upper = |lower: f64| if open && lower > 1_000.0 { f64::INFINITY } else { lower * 1.5 + width };
        let widen = |bracket: &Interval| Interval { upper: upper(bracket.lower), ..*bracket };
        let cells = table.cells.iter().map(|cell| cell.iter().map(widen).collect()).collect();
        let published = CrossTable::from_brackets(table.rows, table.columns, cells)?.protect(&SecrecyRule::default());
        for audited in published.audit() {
            prop_assert!(!audited.is_recoverable(), "{audited:?} of {published:?}");
        }
    }
}

#[test]
fn a_table_without_secrets_stays_whole() -> Result<(), DisclosureError> {
    let cell = vec![5.0, 6.0, 7.0];
    let published = CrossTable::from_values(2, 2, vec![cell.clone(), cell.clone(), cell, vec![]])?
        .protect(&SecrecyRule::default());
    assert_eq!((published.primary(), published.secondary()), (0, 0));
    assert_eq!(published.get(Some(1), Some(1)), Some(&Assessment::Empty));
    let unit = Unit::of("{job}");
    let value = |row, column| published.measured(row, column, &unit).and_then(|cell| cell.value());
    assert_eq!(
        (value(Some(1), Some(1)), value(Some(0), None), value(None, None)),
        (Some(0.0), Some(36.0), Some(54.0))
    );
    assert_eq!((published.get(Some(2), None), published.get(None, Some(2))), (None, None));
    Ok(())
}

#[test]
fn the_cheapest_cells_are_chosen() -> Result<(), DisclosureError> {
    let many = |size: f64| vec![size; 5];
    // The secret is top left; the cheapest rectangle through it uses the middle row and the last column.
    let cells = vec![
        vec![10.0, 5.0],
        many(100.0),
        many(8.0),
        many(9.0),
        many(100.0),
        many(7.0),
        many(200.0),
        many(100.0),
        many(300.0),
    ];
    let published = CrossTable::from_values(3, 3, cells)?.protect(&SecrecyRule::default());
    let withheld: Vec<usize> = (0..16).filter(|cell| published.status[*cell].is_withheld()).collect();
    assert_eq!(withheld, [0, 2, 4, 6]);
    assert_eq!(published.status[2], Assessment::Withheld(Suppression::Secondary));
    Ok(())
}

#[test]
fn one_column_hides_its_totals_too() -> Result<(), DisclosureError> {
    let published = CrossTable::from_values(1, 1, vec![vec![3.0]])?.protect(&SecrecyRule::default());
    assert_eq!((published.primary(), published.secondary()), (4, 0));
    assert!(published.audit().iter().all(|cell| cell.range.upper.is_infinite()));
    Ok(())
}

#[test]
fn bad_tables_are_refused() {
    let shape = CrossTable::from_values(2, 2, vec![vec![]; 3]);
    assert_eq!(shape, Err(DisclosureError::Shape { rows: 2, columns: 2, found: 3, needed: 4 }));
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let table = CrossTable::from_values(1, 2, vec![vec![], vec![1.0, wrong]]);
        assert!(matches!(table, Err(DisclosureError::Contribution { row: 0, column: 1, .. })), "{wrong}");
    }
    assert!(feasible_ranges(1, 1, &[1.0], &[true]).is_err());
    assert!(feasible_ranges(0, 0, &[-1.0], &[true]).is_err());
    assert_eq!(
        CrossTable::from_values(0, 0, vec![]).map(|table| table.protect(&SecrecyRule::default()).primary()),
        Ok(0)
    );
}

#[cfg(feature = "serde")]
#[test]
fn rules_survive_json() -> Result<(), serde_json::Error> {
    let rule = SecrecyRule::default().with_minimum_units(11).with_protection(0.2);
    assert_eq!(serde_json::from_str::<SecrecyRule>(&serde_json::to_string(&rule)?)?, rule);
    Ok(())
}
