//! Rows sent left or right.

/// Puts those that go left first, each side in its former order; gives how many they are.
pub(super) fn part<T: Copy + Default>(
    items: &mut [T],
    spare: &mut Vec<T>,
    goes_left: impl Fn(&T) -> bool,
) -> usize {
    spare.resize(spare.len().max(items.len()), T::default());
    let (mut kept, mut gone) = (0, 0);
    // Both sides are written and one of them counted: no branch to be guessed wrongly.
    for at in 0..items.len() {
        let item = items[at];
        let left = goes_left(&item);
        items[kept] = item;
        spare[gone] = item;
        kept += usize::from(left);
        gone += usize::from(!left);
    }
    items[kept..].copy_from_slice(&spare[..gone]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_keep_their_order() {
        let (mut items, mut spare) = ([5, 2, 8, 1, 9, 4], Vec::new());
        assert_eq!(part(&mut items, &mut spare, |item| item % 2 == 0), 3);
        assert_eq!(items, [2, 8, 4, 5, 1, 9]);
        assert_eq!(part(&mut items, &mut spare, |_| true), 6);
        assert_eq!(part::<u8>(&mut [], &mut Vec::new(), |_| true), 0);
    }
}
