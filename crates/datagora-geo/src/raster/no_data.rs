//! The number that stands for a missing value.
use super::samples::{SampleType, Samples};

/// The stored number that stands for a missing value: what [`Band::with_no_data`](crate::Band::with_no_data) takes.
///
/// A whole number is compared as one, so that those of 64 bits are not mistaken for their neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoData {
    /// A whole number.
    Whole(i128),
    /// Any number.
    Float(f64),
}

impl NoData {
    /// The number, rounded to 16 digits.
    pub fn number(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    /// The number as a type has it, whole for whole numbers; `None` if it has no such number. NaN is missing anyway.
    pub(super) fn of_kind(self, kind: SampleType) -> Option<Self> {
        match kind {
            // What is stored as a float of 32 bits is compared as one.
            SampleType::F32 => Some(Self::Float(f64::from(self.number() as f32))),
            SampleType::F64 => Some(Self::Float(self.number())),
            _ => {
                let (least, greatest) = kind.whole_range()?;
                let whole = match self {
                    Self::Whole(number) => number,
                    // As a float, the greatest of 64 bits is written as the next power of two.
                    Self::Float(number) if number == greatest as f64 => greatest,
                    Self::Float(number) if number.fract() == 0.0 => number as i128,
                    Self::Float(_) => return None,
                };
                (least..=greatest).contains(&whole).then_some(Self::Whole(whole))
            }
        }
        .filter(|found| !found.number().is_nan())
    }

    /// Whether it stands in a cell of numbers whose type it is of.
    pub(crate) fn is_in(self, samples: &Samples, cell: usize) -> bool {
        match (self, samples) {
            (Self::Whole(number), Samples::U64(values)) => i128::from(values[cell]) == number,
            (Self::Whole(number), Samples::I64(values)) => i128::from(values[cell]) == number,
            _ => samples.get(cell) == self.number(),
        }
    }
}

impl std::fmt::Display for NoData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
        }
    }
}

impl From<f64> for NoData {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

macro_rules! from_whole {
    ($($number:ty),*) => {$(
        impl From<$number> for NoData {
            fn from(number: $number) -> Self {
                Self::Whole(number.into())
            }
        }
    )*};
}
from_whole!(i32, i64, u64, i128);
