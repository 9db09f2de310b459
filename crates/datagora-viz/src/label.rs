//! Names on a map, where there is room for them.
use crate::{Extent, Text, text_width};

/// A name that would like to stand at a place.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) text: String,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Those with more are placed first.
    pub(crate) importance: f64,
    /// Radius of the symbol that the name must not cover; 0 to write across the place itself.
    pub(crate) clearance: f64,
}

impl Wish {
    /// The box of its symbol.
    fn symbol(&self) -> Extent {
        let centre = Extent { left: self.x, top: self.y, right: self.x, bottom: self.y };
        centre.grown(self.clearance)
    }
}

/// Places at most `limit` names within `area`, none over another or over an obstacle.
///
/// The most important first, each at the first free position around its place; a name that finds none may push one
/// other to another free position. The same wishes give the same result.
///
/// # References
///
/// Positions in the order of Imhof; Christensen, J., Marks, J. and Shieber, S. (1995). An empirical study of algorithms
/// for point-feature label placement. *ACM Transactions on Graphics* 14(3), 203–232.
pub(crate) fn place_labels(
    wishes: &[Wish],
    size: f64,
    limit: usize,
    area: &Extent,
    obstacles: &[Extent],
) -> Vec<Text> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&wishes[a], &wishes[b]);
        b.importance.total_cmp(&a.importance).then_with(|| a.text.cmp(&b.text))
    });
    // A name over the symbol of another place would seem to be its name: such positions come last.
    let covers = |wish: usize, text: &Text| {
        let extent = text.extent();
        let others = wishes.iter().enumerate().filter(|&(other, _)| other != wish);
        others.filter(|(_, other)| other.clearance > 0.0 && extent.overlaps(&other.symbol())).count()
    };
    let free = |wish: usize| {
        let mut free = positions(&wishes[wish], size);
        free.retain(|text| {
            let extent = text.extent();
            extent.left >= area.left
                && extent.right <= area.right
                && extent.top >= area.top
                && extent.bottom <= area.bottom
                && !obstacles.iter().any(|obstacle| obstacle.overlaps(&extent.grown(GAP)))
        });
        free
    };
    // Of those that were looked at so far.
    let mut positions: Vec<Vec<Text>> = vec![Vec::new(); wishes.len()];

    // (wish, which of its positions)
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for (rank, wish) in order.into_iter().enumerate() {
        if placed.len() == limit {
            break;
        }
        positions[wish] = free(wish);
        // Only the first ones have a choice.
        if rank < 4 * limit {
            positions[wish].sort_by_cached_key(|text| covers(wish, text));
        }
        let blockers = |candidate: &Text, placed: &[(usize, usize)]| -> Vec<usize> {
            let own = candidate.extent().grown(GAP);
            // Side by side two names would seem to be one.
            let extent = Extent { left: own.left - BESIDE, right: own.right + BESIDE, ..own };
            (0..placed.len())
                .filter(|&i| positions[placed[i].0][placed[i].1].extent().overlaps(&extent))
                .collect()
        };
        let blocked: Vec<Vec<usize>> = positions[wish].iter().map(|text| blockers(text, &placed)).collect();
        if let Some(free) = blocked.iter().position(Vec::is_empty) {
            placed.push((wish, free));
            continue;
        }
        // A single blocker may have another position.
        let pushed = blocked.iter().enumerate().find_map(|(candidate, blockers_here)| {
            let [blocker] = blockers_here[..] else { return None };
            let (other, _) = placed[blocker];
            let mut without = placed.clone();
            without[blocker] = (wish, candidate);
            let elsewhere = positions[other].iter().position(|text| blockers(text, &without).is_empty())?;
            Some((blocker, candidate, elsewhere))
        });
        if let Some((blocker, candidate, elsewhere)) = pushed {
            placed[blocker].1 = elsewhere;
            placed.push((wish, candidate));
        }
    }
    placed.iter().map(|&(wish, position)| positions[wish][position].clone()).collect()
}

/// Room between names, px, and more of it between names side by side.
const GAP: f64 = 1.5;
const BESIDE: f64 = 3.5;

/// Where a name may stand, the best first.
fn positions(wish: &Wish, size: f64) -> Vec<Text> {
    let middle = 0.28 * size;
    let text = |x: f64, y: f64| Text::new(wish.text.clone(), wish.x + x, wish.y + y).size(size).halo();
    if wish.clearance <= 0.0 {
        let up = 0.75 * size;
        return [0.0, -up, up, -2.0 * up, 2.0 * up]
            .into_iter()
            .flat_map(|dy| [0.0, 1.2 * size, -1.2 * size].map(|dx| text(dx, middle + dy).middle()))
            .collect();
    }
    // Within a symbol that is wide enough, else around it.
    let inside = (text_width(&wish.text, size, false) + 4.0 <= 2.0 * wish.clearance)
        .then(|| text(0.0, middle).middle());
    let out = wish.clearance + 3.0;
    let slant = 0.7 * wish.clearance + 2.0;
    let around = [
        text(slant, -slant),
        text(out, middle),
        text(slant, slant + 0.7 * size),
        text(-slant, -slant).end(),
        text(-out, middle).end(),
        text(-slant, slant + 0.7 * size).end(),
        text(0.0, -out).middle(),
        text(0.0, out + 0.75 * size).middle(),
    ];
    inside.into_iter().chain(around).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AREA: Extent = Extent { left: 0.0, top: 0.0, right: 300.0, bottom: 200.0 };

    fn wish(text: &str, x: f64, y: f64, importance: f64, clearance: f64) -> Wish {
        Wish { text: text.to_owned(), x, y, importance, clearance }
    }

    #[test]
    fn the_most_important_come_first() {
        let wishes: Vec<Wish> =
            (0..20).map(|i| wish(&format!("Zone {i}"), 150.0, 100.0, f64::from(i), 0.0)).collect();
        let placed = place_labels(&wishes, 11.0, 2, &AREA, &[]);
        assert_eq!(placed.iter().map(|text| &text.content[..]).collect::<Vec<_>>(), ["Zone 19", "Zone 18"]);
    }

    #[test]
    fn a_name_keeps_off_the_symbols_of_others() {
        let own = wish("Saint-Cyr", 100.0, 100.0, 2.0, 8.0);
        // The first two positions of the name, to the right, lie over another symbol.
        let other = wish("Bron", 130.0, 96.0, 1.0, 14.0);
        let placed = place_labels(&[own, other.clone()], 11.0, 1, &AREA, &[]);
        assert!(!placed[0].extent().overlaps(&other.symbol()), "{:?}", placed[0]);
        // Where there is no such position, the name stands over one rather than nowhere.
        let around = wish("Bron", 100.0, 100.0, 1.0, 90.0);
        assert_eq!(
            place_labels(&[wish("Saint-Cyr", 100.0, 100.0, 2.0, 8.0), around], 11.0, 1, &AREA, &[]).len(),
            1
        );
    }

    #[test]
    fn a_name_makes_room_for_another() {
        // Only one position is free for the second, and the first stands in it.
        let first = wish("Villeurbanne", 150.0, 100.0, 2.0, 4.0);
        let taken = positions(&first, 11.0)[0].extent();
        let second = wish("Bron", taken.left + 1.0, taken.bottom - 3.0, 1.0, 0.0);
        let only = positions(&second, 11.0)[0].extent();
        let walls: Vec<Extent> = positions(&second, 11.0)[1..]
            .iter()
            .map(Text::extent)
            .map(|e| Extent { left: e.left.max(only.right + 2.0), ..e })
            .filter(|e| e.left < e.right)
            .collect();
        let placed = place_labels(&[first, second], 11.0, 9, &AREA, &walls);
        assert_eq!(placed.len(), 2);
        assert!(!placed[0].extent().overlaps(&placed[1].extent()));
    }

    proptest! {
        #[test]
        fn names_never_overlap(places in prop::collection::vec((0.0..300.0f64, 0.0..200.0f64, 0.0..9.0f64, 0.0..8.0f64), 0..40)) {
            let wishes: Vec<Wish> = places
                .iter()
                .map(|&(x, y, importance, clearance)| wish("Caluire-et-Cuire", x, y, importance, clearance))
                .collect();
            let placed = place_labels(&wishes, 11.0, 12, &AREA, &[]);
            prop_assert!(placed.len() <= 12);
            for (i, text) in placed.iter().enumerate() {
                let extent = text.extent();
                prop_assert!(extent.left >= 0.0 && extent.right <= 300.0 && extent.top >= 0.0 && extent.bottom <= 200.0);
                prop_assert!(placed[i + 1..].iter().all(|other| !other.extent().overlaps(&extent)));
            }
            prop_assert!(places.is_empty() || place_labels(&wishes, 11.0, 12, &AREA, &[]) == placed);
        }
    }
}
