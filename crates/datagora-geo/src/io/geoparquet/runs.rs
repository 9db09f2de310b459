//! Whole numbers of few bits, as Parquet writes levels and places in a dictionary.
use std::ops::Range;

/// Runs of equal numbers, and numbers packed in bits, one after the other in some bytes.
///
/// The bytes are handed in with each call, so that what owns them may own this, too.
#[derive(Debug)]
pub(super) struct Runs {
    /// Where the next run begins.
    place: usize,
    end: usize,
    /// Bits of a number, at most 32.
    width: usize,
    run: Run,
    /// Numbers left in the run.
    left: usize,
}

#[derive(Clone, Copy, Debug)]
enum Run {
    Equal(u32),
    /// The bit at which the next number begins.
    Packed(usize),
}

impl Runs {
    /// Of a range of the bytes, in numbers of so many bits.
    pub(super) fn new(range: Range<usize>, width: usize) -> Self {
        Self { place: range.start, end: range.end, width: width.min(32), run: Run::Equal(0), left: 0 }
    }

    /// The next number and how often it stands there, of at most so many (at least one); `None` at the end.
    pub(super) fn stretch(&mut self, bytes: &[u8], most: usize) -> Option<(u32, usize)> {
        let bytes = bytes.get(..self.end)?;
        while self.left == 0 {
            self.begin(bytes)?;
        }
        let most = most.min(self.left);
        let (value, count) = match self.run {
            Run::Equal(value) => (value, most),
            Run::Packed(first) => {
                let at = |number: usize| unpack(bytes, first + number * self.width, self.width);
                let value = at(0)?;
                let count = (1..most).find(|&number| at(number) != Some(value)).unwrap_or(most);
                self.run = Run::Packed(first + count * self.width);
                (value, count)
            }
        };
        self.left -= count;
        Some((value, count))
    }

    /// The next numbers, as many as there is room for; `None` if there are fewer.
    pub(super) fn fill(&mut self, bytes: &[u8], into: &mut [u32]) -> Option<()> {
        let bytes = bytes.get(..self.end)?;
        let mut room = into;
        while !room.is_empty() {
            while self.left == 0 {
                self.begin(bytes)?;
            }
            let (numbers, rest) = room.split_at_mut(self.left.min(room.len()));
            match &mut self.run {
                Run::Equal(value) => numbers.fill(*value),
                Run::Packed(first) => {
                    for number in &mut *numbers {
                        *number = unpack(bytes, *first, self.width)?;
                        *first += self.width;
                    }
                }
            }
            self.left -= numbers.len();
            room = rest;
        }
        Some(())
    }

    fn begin(&mut self, bytes: &[u8]) -> Option<()> {
        let head = varint(bytes, &mut self.place)?;
        let count = head >> 1;
        if head & 1 == 1 {
            // Groups of eight numbers. The last one may be cut short, and reading beyond is found out there.
            self.run = match self.width {
                0 => Run::Equal(0),
                _ => Run::Packed(self.place.checked_mul(8)?),
            };
            self.left = count.checked_mul(8)?;
            self.place = self.place.checked_add(count.checked_mul(self.width)?)?;
        } else {
            let value = bytes.get(self.place..)?.get(..self.width.div_ceil(8))?;
            self.run = Run::Equal(value.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte)));
            self.left = count;
            self.place += value.len();
        }
        Some(())
    }
}

/// Seven bits to a byte, the lowest first.
fn varint(bytes: &[u8], place: &mut usize) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = *bytes.get(*place)?;
        *place += 1;
        value |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// The number of `width` bits that begins at a bit, the lowest first.
#[inline]
fn unpack(bytes: &[u8], bit: usize, width: usize) -> Option<u32> {
    let cut = |eight: [u8; 8]| ((u64::from_le_bytes(eight) >> (bit % 8)) & ((1 << width) - 1)) as u32;
    if let Some(eight) = bytes.get(bit / 8..)?.first_chunk() {
        return Some(cut(*eight));
    }
    let window = bytes.get(bit / 8..bit.checked_add(width)?.div_ceil(8))?;
    let mut eight = [0; 8];
    eight.get_mut(..window.len())?.copy_from_slice(window);
    Some(cut(eight))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes runs: equal numbers, or packed ones (groups of eight, the last filled with zeros).
    fn written(runs: &[(bool, Vec<u32>)], width: usize) -> (Vec<u8>, Vec<u32>) {
        let (mut bytes, mut numbers) = (Vec::new(), Vec::new());
        let varint = |bytes: &mut Vec<u8>, mut value: usize| {
            while value >= 0x80 {
                bytes.push(value as u8 | 0x80);
                value >>= 7;
            }
            bytes.push(value as u8);
        };
        for (packed, values) in runs {
            if *packed {
                let groups = values.len().div_ceil(8);
                varint(&mut bytes, groups << 1 | 1);
                let mut bits = vec![false; groups * 8 * width];
                for (number, value) in values.iter().enumerate() {
                    (0..width).for_each(|bit| bits[number * width + bit] = value >> bit & 1 == 1);
                }
                let byte =
                    |eight: &[bool]| eight.iter().rev().fold(0u8, |byte, &bit| byte << 1 | u8::from(bit));
                bytes.extend(bits.chunks(8).map(byte));
                numbers.extend(values);
                numbers.resize(numbers.len() + groups * 8 - values.len(), 0);
            } else {
                varint(&mut bytes, values.len() << 1);
                bytes.extend(&values[0].to_le_bytes()[..width.div_ceil(8)]);
                numbers.resize(numbers.len() + values.len(), values[0]);
            }
        }
        (bytes, numbers)
    }

    proptest! {
        #[test]
        fn numbers_come_back(
            width in 0..=32_usize, runs in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u32>(), 1..40)), 0..8),
            most in 1..20_usize
        ) {
            let mask = ((1u64 << width) - 1) as u32;
            let runs: Vec<_> = runs
                .into_iter()
                .map(|(packed, values)| (packed, values.into_iter().map(|value| value & mask).collect::<Vec<_>>()))
                .collect();
            let (bytes, numbers) = written(&runs, width);
            let mut reading = Runs::new(0..bytes.len(), width);
            let mut found = Vec::new();
            while found.len() < numbers.len() {
                let (value, count) = reading.stretch(&bytes, most).unwrap();
                prop_assert!((1..=most).contains(&count));
                found.resize(found.len() + count, value);
            }
            prop_assert_eq!(&found, &numbers);
            prop_assert_eq!(reading.stretch(&bytes, most), None);
            let mut reading = Runs::new(0..bytes.len(), width);
            let mut found = vec![7; numbers.len()];
            for part in found.chunks_mut(most) {
                prop_assert_eq!(reading.fill(&bytes, part), Some(()));
            }
            prop_assert_eq!(found, numbers);
            prop_assert_eq!(reading.fill(&bytes, &mut [0]), None);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..60), width in 0..=32_usize) {
            let mut reading = Runs::new(0..bytes.len(), width);
            let calls = (0..10_000).take_while(|_| reading.stretch(&bytes, usize::MAX).is_some()).count();
            // A run of no bits takes no bytes, and may be long; but there are no more runs than bytes.
            prop_assert!(width == 0 || calls <= 8 * bytes.len());
        }
    }
}
