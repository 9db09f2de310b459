//! One band of a raster.
use super::no_data::NoData;
use super::samples::{SampleType, Samples, each_type};

/// One number per cell, some of them missing.
///
/// A cell is missing if its number is NaN, or the one that [`with_no_data`](Self::with_no_data) names. What a number
/// means is `stored · scale + offset`; the methods that give values have done this already.
///
/// ```
/// use datagora_geo::Band;
///
/// let heat = Band::new(vec![31_i16, -9999, 33]).with_no_data(-9999.0).with_name("LST").with_unit("Cel");
/// assert_eq!((heat.value(0), heat.value(1)), (Some(31.0), None));
/// assert_eq!(heat.count_missing(), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    samples: Samples,
    no_data: Option<NoData>,
    name: Option<String>,
    unit: Option<String>,
    scale: f64,
    offset: f64,
}

impl Band {
    /// A band of these numbers, rows from north to south, each from west to east; NaN is missing.
    pub fn new(samples: impl Into<Samples>) -> Self {
        Self { samples: samples.into(), no_data: None, name: None, unit: None, scale: 1.0, offset: 0.0 }
    }

    /// A band in which `None` is missing.
    ///
    /// ```
    /// use datagora_geo::Band;
    ///
    /// assert_eq!(Band::from_options([Some(1.5), None]).value(1), None);
    /// ```
    pub fn from_options(values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self::new(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect::<Vec<f64>>())
    }

    /// Says which stored number stands for a missing value. NaN does always; a number
    /// that the type cannot hold never does. Numbers are compared in the type of the band, whole ones exactly.
    ///
    /// ```
    /// use datagora_geo::Band;
    ///
    /// let counts = Band::new(vec![i64::MAX, i64::MAX - 1]).with_no_data(i64::MAX);
    /// assert_eq!(counts.count_missing(), 1);
    /// ```
    #[must_use]
    pub fn with_no_data(self, no_data: impl Into<NoData>) -> Self {
        Self { no_data: no_data.into().of_kind(self.kind()), ..self }
    }

    /// Names the band.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Says in which unit its values are.
    #[must_use]
    pub fn with_unit(self, unit: impl Into<String>) -> Self {
        Self { unit: Some(unit.into()), ..self }
    }

    /// Says what stored numbers mean: `stored · scale + offset`.
    #[must_use]
    pub fn with_scale(self, scale: f64, offset: f64) -> Self {
        Self { scale, offset, ..self }
    }

    /// The same values as floats of 64 bits: missing ones NaN, scale and offset done.
    ///
    /// ```
    /// use datagora_geo::{Band, SampleType};
    ///
    /// let wide = Band::new(vec![10_u8, 255]).with_no_data(255.0).with_scale(0.1, 0.0).widened();
    /// assert_eq!((wide.kind(), wide.value(0), wide.value(1)), (SampleType::F64, Some(1.0), None));
    /// ```
    #[must_use]
    pub fn widened(self) -> Self {
        let mut values = vec![0.0; self.len()];
        self.values_into(0, &mut values);
        Self { samples: Samples::F64(values), no_data: None, scale: 1.0, offset: 0.0, ..self }
    }

    /// The numbers as they are stored.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Type of the numbers stored.
    pub fn kind(&self) -> SampleType {
        self.samples.kind()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The stored number that stands for a missing value, beside NaN.
    pub fn no_data(&self) -> Option<NoData> {
        self.no_data
    }

    /// What the band is called.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Unit of the values, as the file or the maker spells it.
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// Scale and offset of the stored numbers, (1, 0) if they are the values.
    pub fn scale(&self) -> (f64, f64) {
        (self.scale, self.offset)
    }

    /// The value of a cell; `None` if it is missing.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn value(&self, cell: usize) -> Option<f64> {
        if self.no_data.is_some_and(|no_data| no_data.is_in(&self.samples, cell)) {
            return None;
        }
        let value = self.samples.get(cell) * self.scale + self.offset;
        (!value.is_nan()).then_some(value)
    }

    /// The values, cell by cell.
    pub fn values(&self) -> impl Iterator<Item = Option<f64>> + '_ {
        (0..self.len()).map(|cell| self.value(cell))
    }

    /// Number of cells without value.
    pub fn count_missing(&self) -> usize {
        self.values().filter(Option::is_none).count()
    }

    /// The values from a cell on, missing ones as NaN.
    ///
    /// # Panics
    ///
    /// If there are fewer cells.
    #[allow(clippy::unnecessary_cast, reason = "one of the types is f64 itself")]
    pub(crate) fn values_into(&self, first: usize, into: &mut [f64]) {
        each_type!(&self.samples, values => {
            let values = &values[first..first + into.len()];
            for (to, &from) in into.iter_mut().zip(values) {
                *to = from as f64;
            }
        });
        if let Some(no_data) = self.no_data {
            let number = no_data.number();
            let rounded = (first..).zip(into.iter_mut()).filter(|(_, value)| **value == number);
            let missing = rounded.filter(|(cell, _)| no_data.is_in(&self.samples, *cell));
            missing.for_each(|(_, value)| *value = f64::NAN);
        }
        if self.scale != 1.0 || self.offset != 0.0 {
            into.iter_mut().for_each(|value| *value = *value * self.scale + self.offset);
        }
    }
}
