//! What share of each pixel an outline covers.
use std::ops::Range;

use super::edges::{Drawn, Edges, FINE, PIXEL};

/// Steps of a covered share, from nothing to all: an edge one pixel wide shows no more, and the file is a quarter smaller than with 255.
pub(super) const LEVELS: u32 = 16;
/// A pixel around which an outline winds once: height times twice the width.
const WHOLE: i32 = 2 * PIXEL * PIXEL;
/// Cells of a row beyond its last pixel, which edges along the right side touch.
const BEYOND: usize = 2;

/// Where an outline that crosses itself covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Where it winds an odd number of times.
    EvenOdd,
    /// Where it winds at all.
    NonZero,
}

impl Rule {
    /// From how often an outline winds around a pixel, on average, to the level of what it covers.
    fn level(self, winding: i32) -> u32 {
        let winding = winding.abs();
        let covered = match self {
            Self::NonZero => winding.min(WHOLE),
            Self::EvenOdd => {
                let past = winding % (2 * WHOLE);
                past.min(2 * WHOLE - past)
            }
        };
        (covered as u32 * LEVELS + WHOLE as u32 / 2) / WHOLE as u32
    }
}

/// Finds covered pixels by adding up, for each edge of an outline, what it changes from each pixel to the next: the sum along a row
/// is how often the outline winds around each pixel, on average over its area. A bit for each cell tells which ones an edge touched, so
/// that what lies between costs nothing. Exact to 1/256 of a pixel in position, except where parts of one outline overlap within a
/// pixel.
///
/// # References
///
/// Signed areas: Levien, R. (2016), *Inside the fastest font renderer in the world*; bits of touched cells: Kobalicek, P., Blend2D.
#[derive(Default)]
pub(super) struct Coverage {
    /// Rows of changes, zero between two outlines.
    cells: Vec<i32>,
    /// A bit for each cell that is touched, likewise.
    touched: Vec<u64>,
}

impl Coverage {
    /// Calls `paint` with the row, the columns and the level (1 to [`LEVELS`]) of each run of pixels that an outline covers, in these
    /// rows of a picture of this width.
    pub(super) fn sweep(
        &mut self,
        (edges, drawn): (&Edges, &Drawn),
        rule: Rule,
        (width, rows): (usize, Range<usize>),
        mut paint: impl FnMut(usize, Range<usize>, u32),
    ) {
        let within = |range: &Range<i32>, all: Range<usize>| {
            let place = |at: i32| (at.max(0) as usize).clamp(all.start, all.end);
            place(range.start)..place(range.end)
        };
        let columns = within(&drawn.columns, 0..width);
        let rows = within(&drawn.rows, rows);
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        let mut band = self.band(columns.len(), rows.len());
        let (left, top) = ((columns.start as i32) << FINE, (rows.start as i32) << FINE);
        for &[[xa, ya], [xb, yb]] in edges.of(drawn) {
            band.edge([xa - left, ya - top], [xb - left, yb - top]);
        }
        band.sweep(rule, |row, run, level| {
            paint(rows.start + row, columns.start + run.start..columns.start + run.end, level);
        });
    }

    fn band(&mut self, width: usize, rows: usize) -> Band<'_> {
        let stride = width + BEYOND;
        let words = stride / 64 + 1;
        if self.cells.len() < stride * rows {
            self.cells.resize(stride * rows, 0);
        }
        if self.touched.len() < words * rows {
            self.touched.resize(words * rows, 0);
        }
        Band { cells: &mut self.cells, touched: &mut self.touched, width, rows, stride, words }
    }
}

/// Some rows of a picture; positions are within it.
struct Band<'a> {
    cells: &'a mut [i32],
    touched: &'a mut [u64],
    width: usize,
    rows: usize,
    /// Cells of a row.
    stride: usize,
    /// Words of bits of a row.
    words: usize,
}

impl Band<'_> {
    /// Adds an edge that is not level, as far as it is beside the rows.
    #[inline]
    fn edge(&mut self, [xa, ya]: [i32; 2], [xb, yb]: [i32; 2]) {
        let (down, mut x0, mut y0, mut x1, mut y1) =
            if ya < yb { (1, xa, ya, xb, yb) } else { (-1, xb, yb, xa, ya) };
        let (width, height) = ((self.width as i32) << FINE, (self.rows as i32) << FINE);
        if y1 <= 0 || y0 >= height {
            return;
        }
        let row = y0 >> FINE;
        if row == (y1 - 1) >> FINE && x0.min(x1) >= 0 && x0.max(x1) <= width {
            return self.cross(row as usize, down * (y1 - y0), x0.min(x1), x0.max(x1));
        }
        let line = Line::through([x0, y0], [x1, y1]);
        if y0 < 0 {
            (x0, y0) = (line.at(0), 0);
        }
        if y1 > height {
            (x1, y1) = (line.at(height), height);
        }
        if x0.min(x1) >= 0 && x0.max(x1) <= width {
            return self.within(down, line, [x0, y0], [x1, y1]);
        }
        // What is left of the band winds around whole rows as an edge along its left side does; right of it nothing is seen, and the
        // last cell is not read.
        let mut crossings = [y0, line.when(0).clamp(y0, y1), line.when(width).clamp(y0, y1), y1];
        if crossings[1] > crossings[2] {
            crossings.swap(1, 2);
        }
        for ends in crossings.windows(2).filter(|ends| ends[0] < ends[1]) {
            let [from, to] = [ends[0], ends[1]].map(|y| [line.at(y).clamp(0, width), y]);
            self.within(down, Line::through(from, to), from, to);
        }
    }

    /// Adds an edge that goes down within the band, a part of a line; `down` is −1 for one that went up.
    fn within(&mut self, down: i32, line: Line, [x0, y0]: [i32; 2], [x1, y1]: [i32; 2]) {
        let (first, last) = (y0 >> FINE, (y1 - 1) >> FINE);
        let (mut x, mut y) = (x0, y0);
        let (left, right) = (x0.min(x1), x0.max(x1));
        for row in first..last {
            let to_y = (row + 1) << FINE;
            let to_x = line.at(to_y).clamp(left, right);
            self.cross(row as usize, down * (to_y - y), x.min(to_x), x.max(to_x));
            (x, y) = (to_x, to_y);
        }
        self.cross(last as usize, down * (y1 - y), x.min(x1), x.max(x1));
    }

    /// Adds a piece of an edge within a row: its height, from left to right.
    fn cross(&mut self, row: usize, height: i32, left: i32, right: i32) {
        let mut cells = Row {
            cells: &mut self.cells[row * self.stride..][..self.stride],
            touched: &mut self.touched[row * self.words..][..self.words],
        };
        let first = left >> FINE;
        let start = first << FINE;
        if right - start <= PIXEL {
            return cells.add(first, height, left + right - 2 * start);
        }
        // As much of the height lies in each cell as of the width.
        let rate = height as f32 / (right - left) as f32;
        let (mut done, last) = (0, (right - 1) >> FINE);
        for cell in first..last {
            let to = (((cell + 1) << FINE) - left) as f32 * rate;
            let inset = if cell == first { left - start } else { 0 };
            cells.add(cell, to as i32 - done, inset + PIXEL);
            done = to as i32;
        }
        cells.add(last, height - done, right - (last << FINE));
    }

    /// Sums the rows up, and leaves all zero.
    fn sweep(&mut self, rule: Rule, mut paint: impl FnMut(usize, Range<usize>, u32)) {
        for row in 0..self.rows {
            let touched = &mut self.touched[row * self.words..][..self.words];
            let cells = &mut self.cells[row * self.stride..][..self.stride];
            let (mut winding, mut level, mut from) = (0, 0, 0);
            for (word, bits) in touched.iter_mut().enumerate() {
                let mut left = std::mem::take(bits);
                while left != 0 {
                    let cell = 64 * word + left.trailing_zeros() as usize;
                    left &= left - 1;
                    let to = cell.min(self.width);
                    if level > 0 && from < to {
                        paint(row, from..to, level);
                    }
                    winding += std::mem::take(&mut cells[cell]);
                    level = rule.level(winding);
                    from = to;
                }
            }
            // Edges beyond the right side were not seen.
            if level > 0 && from < self.width {
                paint(row, from..self.width, level);
            }
        }
    }
}

/// A line that is not level, by a position on it.
#[derive(Clone, Copy)]
struct Line {
    x: i32,
    y: i32,
    /// Change of x with y, in units of 2⁻²⁴.
    slope: i64,
}

impl Line {
    /// Through two positions, the first one above the other.
    fn through([xa, ya]: [i32; 2], [xb, yb]: [i32; 2]) -> Self {
        let slope = f64::from(xb - xa) / f64::from(yb - ya);
        Self { x: xa, y: ya, slope: (slope * f64::from(1 << 24)) as i64 }
    }

    fn at(&self, y: i32) -> i32 {
        self.x + ((i64::from(y - self.y) * self.slope) >> 24) as i32
    }

    /// Where it has this x, or as far as numbers go.
    fn when(&self, x: i32) -> i32 {
        let slope = self.slope as f64 / f64::from(1 << 24);
        self.y.saturating_add((f64::from(x - self.x) / slope) as i32)
    }
}

/// A row of cells.
struct Row<'a> {
    cells: &'a mut [i32],
    touched: &'a mut [u64],
}

impl Row<'_> {
    /// Adds a piece of an edge within one cell; `both` is the sum of how far its ends are from the left side of it.
    #[inline(always)]
    fn add(&mut self, cell: i32, height: i32, both: i32) {
        let cell = cell as usize;
        let next = height * both;
        self.cells[cell] += 2 * PIXEL * height - next;
        self.cells[cell + 1] += next;
        let (word, bit) = (cell / 64, cell % 64);
        self.touched[word] |= 3 << bit;
        if bit == 63 {
            self.touched[word + 1] |= 1;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::outline::Outline;
    use crate::render::stroke::Pen;

    const SIZE: (usize, usize) = (40, 30);

    fn outline(rings: &[&[[f32; 2]]]) -> Outline {
        let mut outline = Outline::default();
        for ring in rings {
            ring.iter().for_each(|&position| outline.push(position));
            outline.end(true);
        }
        outline
    }

    /// Sweeps all of an outline that has a place.
    pub(in crate::render) fn sweep(
        coverage: &mut Coverage,
        outline: &Outline,
        rule: Rule,
        rows: (usize, Range<usize>),
        paint: impl FnMut(usize, Range<usize>, u32),
    ) {
        let mut edges = Edges::default();
        if let Some(drawn) = edges.add(outline) {
            coverage.sweep((&edges, &drawn), rule, rows, paint);
        }
    }

    /// Shares of all pixels, none of which may be painted twice.
    fn shares(coverage: &mut Coverage, outline: &Outline, rule: Rule) -> Vec<f32> {
        let mut all = vec![0.0; SIZE.0 * SIZE.1];
        sweep(coverage, outline, rule, (SIZE.0, 0..SIZE.1), |row, columns, level| {
            for column in columns {
                assert_eq!(all[row * SIZE.0 + column], 0.0, "painted twice");
                all[row * SIZE.0 + column] = level as f32 / LEVELS as f32;
            }
        });
        all
    }

    /// Shares by asking many places of each pixel how often the outline winds around them.
    fn sampled(outline: &Outline, rule: Rule) -> Vec<f32> {
        const EACH_WAY: usize = 32;
        let step = 1.0 / EACH_WAY as f32;
        let mut all = vec![0.0; SIZE.0 * SIZE.1];
        for y in 0..SIZE.1 * EACH_WAY {
            for x in 0..SIZE.0 * EACH_WAY {
                let [px, py] = [(x as f32 + 0.5) * step, (y as f32 + 0.5) * step];
                let mut winding = 0;
                for (ring, _) in outline.parts() {
                    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                        let crosses = (a[1] <= py) != (b[1] <= py);
                        if crosses && a[0] + (py - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) < px {
                            winding += if a[1] < b[1] { 1 } else { -1 };
                        }
                    }
                }
                let covered = match rule {
                    Rule::EvenOdd => winding % 2 != 0,
                    Rule::NonZero => winding != 0,
                };
                if covered {
                    all[y / EACH_WAY * SIZE.0 + x / EACH_WAY] += step * step;
                }
            }
        }
        all
    }

    #[test]
    fn a_slanted_edge_covers_what_geometry_says() {
        // A triangle of area 6 across pixel borders: its shares by hand in the first row.
        let shares = shares(
            &mut Coverage::default(),
            &outline(&[&[[1.0, 1.0], [5.0, 1.0], [1.0, 4.0]]]),
            Rule::EvenOdd,
        );
        let row: Vec<f32> = shares[SIZE.0..SIZE.0 + 6].to_vec();
        for (share, expected) in row.iter().zip([0.0, 1.0, 1.0, 23.0 / 24.0, 9.0 / 24.0, 0.0]) {
            assert!((share - expected).abs() <= 0.5 / LEVELS as f32, "{row:?}");
        }
    }

    #[test]
    fn a_ring_in_a_ring_is_a_hole_by_one_rule_only() {
        let (outer, inner) = (
            [[2.0, 2.0], [12.0, 2.0], [12.0, 12.0], [2.0, 12.0]],
            [[4.5, 4.5], [8.5, 4.5], [8.5, 8.5], [4.5, 8.5]],
        );
        let rings = outline(&[&outer, &inner]);
        let total = |rule| shares(&mut Coverage::default(), &rings, rule).iter().sum::<f32>();
        assert_eq!(total(Rule::EvenOdd), 84.0);
        assert_eq!(total(Rule::NonZero), 100.0);
    }

    #[test]
    fn bands_together_are_the_whole() {
        let slanted = outline(&[&[[0.5, 0.25], [39.5, 0.25], [33.0, 29.75], [6.0, 29.75]]]);
        let mut coverage = Coverage::default();
        let whole = shares(&mut coverage, &slanted, Rule::EvenOdd);
        let mut banded = vec![0.0; whole.len()];
        for from in (0..SIZE.1).step_by(7) {
            let rows = from..SIZE.1.min(from + 7);
            sweep(&mut coverage, &slanted, Rule::EvenOdd, (SIZE.0, rows), |row, columns, level| {
                columns.for_each(|column| banded[row * SIZE.0 + column] = level as f32 / LEVELS as f32);
            });
        }
        // A band ends where an edge is rounded to a part of a pixel.
        assert!(whole.iter().zip(&banded).all(|(a, b)| (a - b).abs() <= 1.0 / LEVELS as f32));
        let exact = 0.5 * (39.0 + 27.0) * 29.5;
        assert!((whole.iter().sum::<f32>() - exact).abs() < 2.0);
    }

    fn anywhere() -> impl Strategy<Value = [f32; 2]> {
        [-15.0..55.0_f32, -15.0..45.0_f32]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Of shapes that do not cross themselves, of any place on the picture and beside it.
        #[test]
        fn triangles_cover_what_sampling_finds(corners in prop::array::uniform3(anywhere())) {
            let triangle = outline(&[&corners]);
            let (found, wanted) = (shares(&mut Coverage::default(), &triangle, Rule::NonZero), sampled(&triangle, Rule::NonZero));
            for (at, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                prop_assert!((found - wanted).abs() < 0.1, "{found} for {wanted} at {at}");
            }
        }

        /// One outline leaves no trace in the next one; whole pixels are right also where outlines cross themselves.
        #[test]
        fn stars_cover_what_sampling_finds(rings in prop::collection::vec(prop::collection::vec(anywhere(), 1..7), 2..4)) {
            let mut coverage = Coverage::default();
            for ring in &rings {
                for rule in [Rule::EvenOdd, Rule::NonZero] {
                    let star = outline(&[ring]);
                    let (found, wanted) = (shares(&mut coverage, &star, rule), sampled(&star, rule));
                    let crossed = |at: usize| {
                        // Pixels through which no edge goes.
                        let (x, y) = ((at % SIZE.0) as f32, (at / SIZE.0) as f32);
                        ring.iter().zip(ring.iter().cycle().skip(1)).any(|(a, b)| {
                            let samples = 400;
                            (0..=samples).any(|s| {
                                let t = s as f32 / samples as f32;
                                let [px, py] = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
                                (x - 0.2..x + 1.2).contains(&px) && (y - 0.2..y + 1.2).contains(&py)
                            })
                        })
                    };
                    for (at, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                        if !crossed(at) {
                            prop_assert!((found - wanted).abs() < 1e-3, "{found} for {wanted} at {at}, {rule:?}");
                        }
                    }
                }
            }
        }

        /// What a line covers is what lies within half its width of its pieces, butt at its ends.
        #[test]
        fn lines_cover_what_is_near_them(
            positions in prop::collection::vec([8.0..32.0_f32, 8.0..22.0_f32], 2..6), width in 0.5..9.0_f32, closed: bool,
        ) {
            let mut lines = Outline::default();
            positions.iter().for_each(|&position| lines.push(position));
            lines.end(closed);
            let mut covered = Outline::default();
            Pen::new(width, 0.0, &mut covered).draw(&lines);
            let shares = shares(&mut Coverage::default(), &covered, Rule::NonZero);
            let pieces: Vec<_> = positions.windows(2).map(|ends| (ends[0], ends[1])).chain(closed.then(|| (*positions.last().unwrap(), positions[0]))).collect();
            let half = 0.5 * width;
            for (at, share) in shares.iter().enumerate() {
                let middle = [(at % SIZE.0) as f32 + 0.5, (at / SIZE.0) as f32 + 0.5];
                let distance = |&(a, b): &([f32; 2], [f32; 2])| {
                    let (ab, ap) = ([b[0] - a[0], b[1] - a[1]], [middle[0] - a[0], middle[1] - a[1]]);
                    let t = ((ap[0] * ab[0] + ap[1] * ab[1]) / (ab[0] * ab[0] + ab[1] * ab[1]).max(1e-12)).clamp(0.0, 1.0);
                    ((ap[0] - t * ab[0]).powi(2) + (ap[1] - t * ab[1]).powi(2)).sqrt()
                };
                let near = pieces.iter().map(distance).fold(f32::INFINITY, f32::min);
                let ends = if closed { &[][..] } else { &[positions[0], *positions.last().unwrap()][..] };
                let at_end = ends.iter().any(|e| ((middle[0] - e[0]).powi(2) + (middle[1] - e[1]).powi(2)).sqrt() < half + 1.0);
                if near > half + 0.8 {
                    prop_assert!(*share < 0.01, "{share} at {middle:?}, {near} off");
                } else if near < half - 0.8 && !at_end {
                    prop_assert!(*share > 0.99, "{share} at {middle:?}, {near} off");
                }
            }
        }

        #[test]
        fn no_outline_makes_it_panic(positions in prop::collection::vec([any::<f32>(), any::<f32>()], 0..8), width in any::<f32>(), dash: bool) {
            let mut lines = Outline::default();
            positions.iter().for_each(|&position| lines.push(position));
            lines.end(true);
            let mut coverage = Coverage::default();
            sweep(&mut coverage, &lines, Rule::EvenOdd, (SIZE.0, 0..SIZE.1), |_, _, _| ());
            if positions.as_flattened().iter().all(|at| at.abs() < 1e6) {
                let mut covered = Outline::default();
                Pen::new(width, if dash { 3.0 } else { 0.0 }, &mut covered).draw(&lines);
                sweep(&mut coverage, &covered, Rule::NonZero, (SIZE.0, 0..SIZE.1), |_, _, _| ());
            }
        }
    }
}
