//! Which cells of a satellite image may be used.
use datagora_geo::Band;

/// A flag of the `QA_PIXEL` band of Landsat Collection 2, by the number of its bit.
///
/// USGS (2024). *Landsat 8-9 Collection 2 Level 2 Science Product Guide* (LSDS-1619), pixel quality assessment; the same bits for Landsat
/// 4 to 7 (LSDS-1618), without cirrus. The pairs of bits from 8 on, which grade confidence, are left to
/// [`QualityMask::Bits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[repr(u8)]
pub enum LandsatFlag {
    /// No data.
    Fill = 0,
    /// Beside a cloud.
    DilatedCloud = 1,
    /// Cirrus, of Landsat 8 and 9.
    Cirrus = 2,
    /// Cloud.
    Cloud = 3,
    /// Shadow of a cloud.
    CloudShadow = 4,
    /// Snow.
    Snow = 5,
    /// Neither cloud nor dilated cloud.
    Clear = 6,
    /// Water.
    Water = 7,
}

/// A class of the scene classification (`SCL`) of Sentinel-2 Level-2A, by its number.
///
/// ESA (2021). *Sentinel-2 Level-2A Algorithm Theoretical Basis Document*, scene classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[repr(u8)]
pub enum SceneClass {
    /// No data.
    NoData = 0,
    /// Saturated or defective.
    Saturated = 1,
    /// Shadow cast by relief; dark area.
    Dark = 2,
    /// Shadow of a cloud.
    CloudShadow = 3,
    /// Vegetation.
    Vegetation = 4,
    /// Ground without vegetation.
    NotVegetated = 5,
    /// Water.
    Water = 6,
    /// Not classified.
    Unclassified = 7,
    /// Cloud, of medium probability.
    CloudMedium = 8,
    /// Cloud, of high probability.
    CloudHigh = 9,
    /// Thin cirrus.
    ThinCirrus = 10,
    /// Snow or ice.
    Snow = 11,
}

/// What makes a cell unusable, by the quality band that comes with an image.
///
/// ```
/// use datagora_geo::Band;
/// use datagora_indicators::heat::{LandsatFlag, QualityMask};
///
/// // 21824: clear land; 22280: cloud (bit 3).
/// let quality = Band::new(vec![21_824_u16, 22_280]);
/// let mask = QualityMask::landsat([LandsatFlag::Fill, LandsatFlag::Cloud]);
/// let clear = mask.apply(&Band::new(vec![0.4, 0.9]), &quality)?;
/// assert_eq!((clear.value(0), clear.value(1)), (Some(0.4), None));
/// # Ok::<(), datagora_indicators::heat::MaskError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum QualityMask {
    /// Cells whose number has one of these bits set.
    Bits(u64),
    /// Cells whose number is that of one of these bits: classes from 0 to 63.
    Classes(u64),
}

/// A quality band that says nothing on the values.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MaskError {
    /// Bands of two grids.
    #[error("the quality band has {found} cells, the values {needed}; bring both to one grid")]
    Length {
        /// Cells of the quality band.
        found: usize,
        /// Cells of the values.
        needed: usize,
    },
    /// Flags that are no whole numbers.
    #[error("found {value} as quality of cell {cell}; flags and classes are whole numbers from 0 on")]
    NoFlags {
        /// Cell.
        cell: usize,
        /// Number found.
        value: f64,
    },
}

impl QualityMask {
    /// What hides the ground from Landsat: fill, clouds and what is beside them, cirrus, cloud shadow, snow.
    pub const LANDSAT_CLEAR_SKY: Self = Self::Bits(0b0011_1111);
    /// What hides the ground from Sentinel-2: no data, saturated, shadow of clouds, clouds, cirrus, snow; not the
    /// unclassified.
    pub const SENTINEL_2_CLEAR_SKY: Self = Self::Classes(0b1111_0000_1011);

    /// Cells with one of these flags of Landsat's `QA_PIXEL`.
    pub fn landsat(flags: impl IntoIterator<Item = LandsatFlag>) -> Self {
        Self::Bits(flags.into_iter().fold(0, |bits, flag| bits | 1 << flag as u8))
    }

    /// Cells of one of these classes of Sentinel-2's `SCL`.
    pub fn sentinel_2(classes: impl IntoIterator<Item = SceneClass>) -> Self {
        Self::Classes(classes.into_iter().fold(0, |bits, class| bits | 1 << class as u8))
    }

    /// Whether a cell with this number is left out.
    pub fn hides(self, number: u64) -> bool {
        match self {
            Self::Bits(bits) => number & bits != 0,
            Self::Classes(classes) => number < 64 && classes >> number & 1 == 1,
        }
    }

    /// The values without those that the quality band hides; a cell of unknown quality is left out too.
    ///
    /// # Errors
    ///
    /// [`MaskError::Length`], [`MaskError::NoFlags`].
    pub fn apply(self, values: &Band, quality: &Band) -> Result<Band, MaskError> {
        let needed = values.len();
        if quality.len() != needed {
            return Err(MaskError::Length { found: quality.len(), needed });
        }
        let mut clear = Vec::with_capacity(needed);
        for (cell, (value, flags)) in values.values().zip(quality.values()).enumerate() {
            let hidden = match flags {
                None => true,
                // Above 2⁵³, numbers are no longer whole for certain.
                Some(number) if number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number) => {
                    self.hides(number as u64)
                }
                Some(value) => return Err(MaskError::NoFlags { cell, value }),
            };
            clear.push(if hidden { f64::NAN } else { value.unwrap_or(f64::NAN) });
        }
        Ok(dressed(clear, values))
    }
}

/// Values as a band with the name and unit of another.
fn dressed(values: Vec<f64>, like: &Band) -> Band {
    let mut band = Band::new(values);
    if let Some(name) = like.name() {
        band = band.with_name(name);
    }
    if let Some(unit) = like.unit() {
        band = band.with_unit(unit);
    }
    band
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_masks_are_those_of_their_flags() {
        use LandsatFlag::*;
        let landsat = QualityMask::landsat([Fill, DilatedCloud, Cirrus, Cloud, CloudShadow, Snow]);
        assert_eq!(landsat, QualityMask::LANDSAT_CLEAR_SKY);
        let scene = QualityMask::sentinel_2([
            SceneClass::NoData,
            SceneClass::Saturated,
            SceneClass::CloudShadow,
            SceneClass::CloudMedium,
            SceneClass::CloudHigh,
            SceneClass::ThinCirrus,
            SceneClass::Snow,
        ]);
        assert_eq!(scene, QualityMask::SENTINEL_2_CLEAR_SKY);
        // Numbers of the guide: clear land, clear water, high-confidence cloud.
        assert_eq!([21_824, 21_952, 22_280].map(|number| landsat.hides(number)), [false, false, true]);
        assert!(!scene.hides(64) && !scene.hides(4) && scene.hides(9));
    }

    #[test]
    fn unknown_quality_hides_and_what_is_no_flag_is_refused() {
        let values = Band::new(vec![1.0, 2.0]).with_name("NDVI").with_unit("1");
        let quality = Band::new(vec![0_u8, 255]).with_no_data(255);
        let clear = QualityMask::Bits(1).apply(&values, &quality).unwrap();
        assert_eq!((clear.value(0), clear.value(1), clear.name()), (Some(1.0), None, Some("NDVI")));
        let odd = Band::new(vec![0.0, -1.0]);
        let found = QualityMask::Bits(1).apply(&values, &odd);
        assert_eq!(found, Err(MaskError::NoFlags { cell: 1, value: -1.0 }));
        let short = Band::new(vec![0_u8]);
        assert_eq!(
            QualityMask::Bits(1).apply(&values, &short),
            Err(MaskError::Length { found: 1, needed: 2 })
        );
    }
}
