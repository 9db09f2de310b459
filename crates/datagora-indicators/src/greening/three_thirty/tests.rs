use datagora_core::{Crs, SquareMetres};
use datagora_geo::types::{Geometry, Rect, coord};
use proptest::prelude::*;

use super::*;

fn rect(x: f64, y: f64, width: f64, height: f64) -> Geometry {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).into()
}

fn points(at: &[(f64, f64)]) -> GeometryColumn {
    GeometryColumn::points(at.iter().map(|p| p.0).collect(), at.iter().map(|p| p.1).collect(), Crs::CC46)
}

#[test]
fn distances_are_from_the_footprint() {
    // The middle of the block is 50 m from trees that stand 10 m from its wall.
    let homes = GeometryColumn::from_options([Some(rect(0., 0., 80., 80.)), None], Crs::CC46);
    let trees = points(&[(90., 40.), (90., 41.), (90., 42.), (90., 43.)]);
    let parks = GeometryColumn::new([rect(85., 0., 100., 100.)], Crs::CC46);
    let green = PublicGreen::new(&parks);
    let found =
        HomeGreen::new(&homes, &VisibleTrees::new(&trees), &[30.0, f64::NAN], &green, Metres(400.0)).unwrap();
    assert_eq!((found.tree_distances()[0], found.green_distances()[0]), (10.0, 5.0));
    let strict = Rule330300::default().with_tree_radius(Metres(10.0));
    let assessed = found.assess(&strict).unwrap();
    assert_eq!((assessed.score(0), assessed.score(1)), (Some(3), None));
    assert_eq!(assessed.components(1), [None; 3]);
    assert_eq!(assessed.access(), GreenAccessKind::Boundary);
    let nearer = found.assess(&strict.with_tree_radius(Metres(9.0)).with_canopy_percent(31.0)).unwrap();
    assert_eq!(nearer.components(0), [Some(false), Some(false), Some(true)]);
}

#[test]
fn trees_of_unknown_size_leave_it_open() {
    let home = points(&[(0., 0.), (500., 0.)]);
    let trees = points(&[(10., 0.), (20., 0.), (30., 0.), (40., 0.), (510., 0.)]);
    let sizes = [8.0, 8.0, f64::NAN, 8.0, 1.0];
    let parks = GeometryColumn::new([rect(0., 0., 10., 10.)], Crs::CC46);
    let tall = VisibleTrees::new(&trees).with_least_size(&sizes, Metres(5.0));
    let small = PublicGreen::new(&parks).with_least_area(SquareMetres(10.0));
    let found = HomeGreen::new(&home, &tall, &[50.0, 50.0], &small, Metres(600.0)).unwrap();
    let sees = |radius: f64| found.sees_trees(0, Metres(radius));
    assert_eq!([sees(25.0), sees(35.0), sees(45.0)], [Some(false), None, Some(true)]);
    assert_eq!(found.sees_trees(1, Metres(100.0)), Some(false));
    let radii = [Metres(25.0), Metres(35.0), Metres(45.0)];
    let shares = found.tree_share_by_radius(&radii, &[3.0, 1.0]).unwrap();
    assert_eq!(shares.iter().map(Measured::value).collect::<Vec<_>>(), [Some(0.0), Some(0.0), Some(75.0)]);
    assert_eq!(shares[1].interval().unwrap().upper, 75.0);
    assert!(HomeGreen::new(&home, &tall.with_wanted(0), &[1.0; 2], &small, Metres(1.0)).is_err());
    assert!(HomeGreen::new(&home, &tall, &[1.0], &small, Metres(1.0)).is_err());
    assert!(
        HomeGreen::new(
            &home,
            &VisibleTrees::new(&trees).with_least_size(&[1.0], Metres(1.0)),
            &[1.0; 2],
            &small,
            Metres(1.0)
        )
        .is_err()
    );
}

#[test]
fn thresholds_beyond_the_search_are_refused() {
    let home = points(&[(0., 0.)]);
    let parks = GeometryColumn::new([rect(0., 0., 100., 100.)], Crs::CC46);
    let found =
        HomeGreen::new(&home, &VisibleTrees::new(&home), &[1.0], &PublicGreen::new(&parks), Metres(300.0))
            .unwrap();
    let rule = Rule330300::default();
    assert!(found.assess(&rule).is_ok());
    for wrong in [
        rule.with_tree_radius(Metres(101.0)),
        rule.with_tree_radius(Metres(0.0)),
        rule.with_green_distance(Metres(301.0)),
        rule.with_green_distance(Metres(f64::NAN)),
        rule.with_canopy_percent(101.0),
        rule.with_canopy_percent(f64::NAN),
    ] {
        assert!(matches!(found.assess(&wrong), Err(GreenError::Threshold { .. })), "{wrong:?}");
    }
}

#[test]
fn combinations_and_bounds() {
    let yes = Some(true);
    let components =
        vec![[yes; 3], [yes, Some(false), yes], [Some(false), None, yes], [yes, None, yes], [yes; 3]];
    let found =
        Assessment330300 { rule: Rule330300::default(), access: GreenAccessKind::Boundary, components };
    let shares = found.shares(&[10.0, 30.0, 20.0, 40.0, f64::NAN], &[Some(0); 5], 2).unwrap();
    let of = |value: &Measured| (value.value(), value.completeness());
    assert_eq!(of(&shares[0].combinations[7]), (Some(25.0), 0.4));
    assert_eq!(of(&shares[0].combinations[5]), (Some(75.0), 0.4));
    assert_eq!(of(&shares[0].trees), (Some(80.0), 1.0));
    // One failed part decides, the other three quarters are open for one home only.
    assert_eq!(shares[0].all.completeness(), 0.6);
    let bounds = shares[0].all.interval().unwrap();
    assert_eq!((bounds.lower, bounds.upper), (10.0, 50.0));
    assert_eq!(shares[1].all.value(), None);
    assert_eq!(shares[1].combinations[0].value(), None);
    assert!(found.shares(&[1.0; 5], &[Some(0); 4], 1).is_err());
    assert!(found.shares(&[1.0; 4], &[Some(0); 5], 1).is_err());
    assert!(found.shares(&[1.0; 5], &[Some(1); 5], 1).is_err());
}

proptest! {
    /// Combinations add up to everybody, and those of a part to its share.
    #[test]
    fn combinations_add_up(
        homes in proptest::collection::vec((any::<[bool; 3]>(), 0.1..100.0_f64), 1..40)
    ) {
        let components = homes.iter().map(|home| home.0.map(Some)).collect();
        let people: Vec<f64> = homes.iter().map(|home| home.1).collect();
        let found = Assessment330300 { rule: Rule330300::default(), access: GreenAccessKind::Boundary, components };
        let shares = found.shares(&people, &vec![Some(0); homes.len()], 1).unwrap().remove(0);
        let of = |entries: [usize; 4]| -> f64 { entries.iter().map(|&e| shares.combinations[e].value().unwrap()).sum() };
        prop_assert!((of([0, 1, 2, 3]) + of([4, 5, 6, 7]) - 100.0).abs() < 1e-9);
        prop_assert!((of([1, 3, 5, 7]) - shares.trees.value().unwrap()).abs() < 1e-9);
        prop_assert!((of([2, 3, 6, 7]) - shares.canopy.value().unwrap()).abs() < 1e-9);
        prop_assert!((of([4, 5, 6, 7]) - shares.green.value().unwrap()).abs() < 1e-9);
        prop_assert!((shares.combinations[7].value().unwrap() - shares.all.value().unwrap()).abs() < 1e-9);
    }

    /// Nothing depends on where the city lies, and more trees never take a home's trees away.
    #[test]
    fn more_trees_and_other_places(
        trees in proptest::collection::vec((-80.0..80.0_f64, -80.0..80.0_f64), 3..20), radius in 1.0..100.0_f64
    ) {
        let sees = |trees: &[(f64, f64)], moved: f64| {
            let homes = GeometryColumn::new([rect(moved, 0., 8., 8.)], Crs::CC46);
            let trees: Vec<_> = trees.iter().map(|tree| (tree.0 + moved, tree.1)).collect();
            let trees = points(&trees);
            let green = HomeGreen::new(&homes, &VisibleTrees::new(&trees), &[0.0], &PublicGreen::new(&homes), Metres(1.0));
            green.unwrap().sees_trees(0, Metres(radius)).unwrap()
        };
        prop_assert_eq!(sees(&trees, 0.0), sees(&trees, 1024.0));
        prop_assert!(!sees(&trees[1..], 0.0) || sees(&trees, 0.0));
    }
}
