//! Dots in stacks.

/// Dots that lie within one diameter stand one above the other: for each stack where it stands and how many dots it holds.
///
/// # References
///
/// Wilkinson, L. (1999). Dot plots. *The American Statistician* 53(3), 276–281: the leftmost dot not yet placed begins a stack, which
/// stands at the middle of its dots.
pub(super) fn stacks(places: &[f64], diameter: f64) -> Vec<(f64, usize)> {
    let mut stacks = Vec::new();
    let mut rest = places;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|place| **place < first + diameter).count().max(1);
        stacks.push((0.5 * (first + rest[count - 1]), count));
        rest = &rest[count..];
    }
    stacks
}

/// The largest diameter, up to `most`, at which no stack is higher than `height`.
pub(super) fn diameter(rows: &[Vec<f64>], height: f64, most: f64) -> f64 {
    const STEP: f64 = 0.25;
    let fits = |diameter: &f64| {
        let highest = rows.iter().flat_map(|places| stacks(places, *diameter)).map(|(_, count)| count).max();
        highest.unwrap_or(0) as f64 * diameter <= height
    };
    let steps = (most / STEP).floor() as usize;
    (1..=steps).rev().map(|step| STEP * step as f64).find(fits).unwrap_or(STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_dots_are_stacked() {
        assert_eq!(stacks(&[0.0, 1.0, 1.5, 4.0, 9.0, 9.0], 2.0), [(0.75, 3), (4.0, 1), (9.0, 2)]);
        assert!(stacks(&[], 2.0).is_empty());
        assert_eq!(stacks(&[3.0], 0.0), [(3.0, 1)]);
    }

    #[test]
    fn the_highest_stack_fits() {
        assert_eq!(diameter(&[vec![5.0; 20]], 100.0, 30.0), 5.0);
        assert_eq!(diameter(&[vec![0.0, 50.0]], 100.0, 30.0), 30.0);
        let even: Vec<f64> = (0..20).map(|k| 10.0 * f64::from(k)).collect();
        let found = diameter(std::slice::from_ref(&even), 60.0, 30.0);
        let highest = stacks(&even, found).iter().map(|(_, count)| *count).max().expect("there are dots");
        assert!(highest as f64 * found <= 60.0 && found > 15.0, "{found}");
    }
}
