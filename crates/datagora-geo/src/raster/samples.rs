//! Numbers of one band, in the type they were stored in.

/// Type of the numbers of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SampleType {
    /// 0 to 255.
    U8,
    /// −128 to 127.
    I8,
    /// 0 to 65,535.
    U16,
    /// −32,768 to 32,767.
    I16,
    /// 0 to 4,294,967,295.
    U32,
    /// −2,147,483,648 to 2,147,483,647.
    I32,
    /// 0 to 2⁶⁴ − 1; as values, those beyond 2⁵³ are rounded to 16 digits.
    U64,
    /// −2⁶³ to 2⁶³ − 1; as values, those beyond ±2⁵³ are rounded to 16 digits.
    I64,
    /// Floating point, about 7 digits.
    F32,
    /// Floating point, about 16 digits.
    F64,
}

impl SampleType {
    /// Bytes that a number takes.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// Whether it is a floating-point type.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// Least and greatest of a type of whole numbers.
    pub(super) fn whole_range(self) -> Option<(i128, i128)> {
        let range = |least: i64, greatest: u64| Some((least.into(), greatest.into()));
        match self {
            Self::U8 => range(0, u8::MAX.into()),
            Self::I8 => range(i8::MIN.into(), i8::MAX as u64),
            Self::U16 => range(0, u16::MAX.into()),
            Self::I16 => range(i16::MIN.into(), i16::MAX as u64),
            Self::U32 => range(0, u32::MAX.into()),
            Self::I32 => range(i32::MIN.into(), i32::MAX as u64),
            Self::U64 => range(0, u64::MAX),
            Self::I64 => range(i64::MIN, i64::MAX as u64),
            Self::F32 | Self::F64 => None,
        }
    }
}

impl std::fmt::Display for SampleType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

/// Numbers of one type, cell by cell: rows from north to south, each from west to east.
///
/// ```
/// use datagora_geo::{SampleType, Samples};
///
/// let heights = Samples::from(vec![168_u16, 170, 312]);
/// assert_eq!(heights.kind(), SampleType::U16);
/// assert_eq!(heights.get(2), 312.0);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Samples {
    /// Of 8 bits, without sign.
    U8(Vec<u8>),
    /// Of 8 bits, with sign.
    I8(Vec<i8>),
    /// Of 16 bits, without sign.
    U16(Vec<u16>),
    /// Of 16 bits, with sign.
    I16(Vec<i16>),
    /// Of 32 bits, without sign.
    U32(Vec<u32>),
    /// Of 32 bits, with sign.
    I32(Vec<i32>),
    /// Of 64 bits, without sign.
    U64(Vec<u64>),
    /// Of 64 bits, with sign.
    I64(Vec<i64>),
    /// Floats of 32 bits.
    F32(Vec<f32>),
    /// Floats of 64 bits.
    F64(Vec<f64>),
}

/// Does the same for each type of number.
macro_rules! each_type {
    ($samples:expr, $values:ident => $body:expr) => {
        match $samples {
            $crate::Samples::U8($values) => $body,
            $crate::Samples::I8($values) => $body,
            $crate::Samples::U16($values) => $body,
            $crate::Samples::I16($values) => $body,
            $crate::Samples::U32($values) => $body,
            $crate::Samples::I32($values) => $body,
            $crate::Samples::U64($values) => $body,
            $crate::Samples::I64($values) => $body,
            $crate::Samples::F32($values) => $body,
            $crate::Samples::F64($values) => $body,
        }
    };
}
pub(crate) use each_type;

impl Samples {
    /// Type of the numbers.
    pub fn kind(&self) -> SampleType {
        match self {
            Self::U8(_) => SampleType::U8,
            Self::I8(_) => SampleType::I8,
            Self::U16(_) => SampleType::U16,
            Self::I16(_) => SampleType::I16,
            Self::U32(_) => SampleType::U32,
            Self::I32(_) => SampleType::I32,
            Self::U64(_) => SampleType::U64,
            Self::I64(_) => SampleType::I64,
            Self::F32(_) => SampleType::F32,
            Self::F64(_) => SampleType::F64,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        each_type!(self, values => values.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a cell as it is stored: a missing value is not told apart. Whole numbers beyond ±2⁵³ are rounded.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    #[allow(clippy::unnecessary_cast, reason = "one of the types is f64 itself")]
    pub fn get(&self, cell: usize) -> f64 {
        each_type!(self, values => values[cell] as f64)
    }

    /// Puts the last row first.
    #[cfg(feature = "io")]
    pub(crate) fn turn(&mut self, columns: usize) {
        each_type!(self, values => {
            let rows = values.len() / columns.max(1);
            for row in 0..rows / 2 {
                let (upper, lower) = values.split_at_mut((rows - 1 - row) * columns);
                upper[row * columns..(row + 1) * columns].swap_with_slice(&mut lower[..columns]);
            }
        });
    }

    /// Some of the numbers.
    #[cfg(feature = "io")]
    pub(crate) fn part(&self, range: std::ops::Range<usize>) -> Self {
        each_type!(self, values => values[range].to_vec().into())
    }

    /// Adds numbers of the same type.
    #[cfg(feature = "io")]
    pub(crate) fn append(&mut self, other: &Self) {
        match (self, other) {
            (Self::U8(to), Self::U8(from)) => to.extend_from_slice(from),
            (Self::I8(to), Self::I8(from)) => to.extend_from_slice(from),
            (Self::U16(to), Self::U16(from)) => to.extend_from_slice(from),
            (Self::I16(to), Self::I16(from)) => to.extend_from_slice(from),
            (Self::U32(to), Self::U32(from)) => to.extend_from_slice(from),
            (Self::I32(to), Self::I32(from)) => to.extend_from_slice(from),
            (Self::U64(to), Self::U64(from)) => to.extend_from_slice(from),
            (Self::I64(to), Self::I64(from)) => to.extend_from_slice(from),
            (Self::F32(to), Self::F32(from)) => to.extend_from_slice(from),
            (Self::F64(to), Self::F64(from)) => to.extend_from_slice(from),
            (to, from) => unreachable!("{} after {}", from.kind(), to.kind()),
        }
    }

    /// Leaves none.
    #[cfg(feature = "io")]
    pub(crate) fn clear(&mut self) {
        each_type!(self, values => values.clear());
    }

    /// Puts a number in place of NaN.
    #[cfg(feature = "io")]
    pub(crate) fn replace_nan(&mut self, by: f64) {
        match self {
            Self::F32(values) => values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = by as f32),
            Self::F64(values) => values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = by),
            _ => {}
        }
    }

    /// As many zeros.
    #[cfg(feature = "io")]
    pub(crate) fn zeros(kind: SampleType, len: usize) -> Self {
        match kind {
            SampleType::U8 => Self::U8(vec![0; len]),
            SampleType::I8 => Self::I8(vec![0; len]),
            SampleType::U16 => Self::U16(vec![0; len]),
            SampleType::I16 => Self::I16(vec![0; len]),
            SampleType::U32 => Self::U32(vec![0; len]),
            SampleType::I32 => Self::I32(vec![0; len]),
            SampleType::U64 => Self::U64(vec![0; len]),
            SampleType::I64 => Self::I64(vec![0; len]),
            SampleType::F32 => Self::F32(vec![0.0; len]),
            SampleType::F64 => Self::F64(vec![0.0; len]),
        }
    }
}

/// Same type, and number by number the same; NaN equals NaN.
impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        match (self, other) {
            (Self::F32(a), Self::F32(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| same(a.into(), b.into()))
            }
            (Self::F64(a), Self::F64(b)) => a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| same(a, b)),
            (Self::U8(a), Self::U8(b)) => a == b,
            (Self::I8(a), Self::I8(b)) => a == b,
            (Self::U16(a), Self::U16(b)) => a == b,
            (Self::I16(a), Self::I16(b)) => a == b,
            (Self::U32(a), Self::U32(b)) => a == b,
            (Self::I32(a), Self::I32(b)) => a == b,
            (Self::U64(a), Self::U64(b)) => a == b,
            (Self::I64(a), Self::I64(b)) => a == b,
            _ => false,
        }
    }
}

macro_rules! from_vec {
    ($($number:ty => $variant:ident),*) => {$(
        impl From<Vec<$number>> for Samples {
            fn from(values: Vec<$number>) -> Self {
                Self::$variant(values)
            }
        }
    )*};
}
from_vec!(
    u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32, u64 => U64, i64 => I64, f32 => F32, f64 => F64
);
