//! How hot the ground is seen from a satellite, at one moment.
use datagora_core::{DateTime, Measured, Unit, Utc};
use datagora_geo::{
    Band, GeometryColumn, Grid, Raster, RasterError, ZonalError, ZonalOptions, ZonalStatistic,
    zonal_statistics,
};

use super::zonal::of_zone;

/// Scale and offset that make kelvins of the surface temperature of Landsat Collection 2 Level 2 (`ST_B6`, `ST_B10`):
/// 0.00341802 and 149.0.
///
/// USGS (2024). *Landsat 8-9 Collection 2 Level 2 Science Product Guide* (LSDS-1619), surface temperature.
pub const LANDSAT_SURFACE_TEMPERATURE: (f64, f64) = (0.003_418_02, 149.0);

/// `h · c / k`, m·K: what wavelength times temperature is compared with.
const RADIATION: f64 = 0.014_388;
/// 0 °C in kelvins.
const FREEZING: f64 = 273.15;
/// Kelvins between which the ground of the Earth is, with room to spare for ice and for fires.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 150.0..=400.0;
/// Radiance of a black body of 400 K in any of the bands, W/(m²·sr·µm), with room to spare.
const MOST_RADIANCE: f64 = 40.0;

/// A thermal band of Landsat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ThermalBand {
    /// Band 6 of the Thematic Mapper of Landsat 5.
    Landsat5Band6,
    /// Band 6 of the Enhanced Thematic Mapper Plus of Landsat 7.
    Landsat7Band6,
    /// Band 10 of Landsat 8.
    Landsat8Band10,
    /// Band 11 of Landsat 8, which stray light disturbs: the USGS advises band 10.
    Landsat8Band11,
    /// Band 10 of Landsat 9.
    Landsat9Band10,
    /// Band 11 of Landsat 9.
    Landsat9Band11,
}

impl ThermalBand {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Landsat5Band6,
        Self::Landsat7Band6,
        Self::Landsat8Band10,
        Self::Landsat8Band11,
        Self::Landsat9Band10,
        Self::Landsat9Band11,
    ];

    /// K1 in W/(m²·sr·µm) and K2 in K, which turn radiance into brightness temperature.
    ///
    /// USGS, `K1_CONSTANT_BAND_x` and `K2_CONSTANT_BAND_x` of the metadata of Landsat Collection 2 Level 1; Chander, Markham
    /// and Helder (2009), doi:10.1016/j.rse.2009.01.007, for Landsat 5 and 7.
    pub const fn constants(self) -> (f64, f64) {
        match self {
            Self::Landsat5Band6 => (607.76, 1_260.56),
            Self::Landsat7Band6 => (666.09, 1_282.71),
            Self::Landsat8Band10 => (774.885_3, 1_321.078_9),
            Self::Landsat8Band11 => (480.888_3, 1_201.144_2),
            Self::Landsat9Band10 => (799.028_4, 1_329.240_5),
            Self::Landsat9Band11 => (475.658_1, 1_198.349_4),
        }
    }

    /// Wavelength in metres: the middle of the band.
    ///
    /// USGS, *What are the band designations for the Landsat satellites?*: 10.40–12.50 µm, 10.60–11.19 µm, 11.50–12.51 µm.
    pub const fn wavelength(self) -> f64 {
        match self {
            Self::Landsat5Band6 | Self::Landsat7Band6 => 11.45e-6,
            Self::Landsat8Band10 | Self::Landsat9Band10 => 10.895e-6,
            Self::Landsat8Band11 | Self::Landsat9Band11 => 12.005e-6,
        }
    }
}

/// How well ground of some vegetation index radiates: the thresholds of NDVI.
///
/// Sobrino, J. A., Jiménez-Muñoz, J. C. and Paolini, L. (2004). Land surface temperature retrieval from LANDSAT TM 5. Remote
/// Sens. Environ. 90, 434–440, section 3: bare below the lower threshold, all green above the upper one, between them a
/// mixture `ε = 0.986 + 0.004 · P` with the green share `P = ((NDVI − lower) / (upper − lower))²`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct EmissivityModel {
    /// Index below which ground is bare.
    pub bare_below: f64,
    /// Index above which it is all green.
    pub green_above: f64,
    /// Emissivity of bare ground.
    pub bare: f64,
    /// Emissivity of vegetation.
    pub green: f64,
    /// Emissivity of the mixture where nothing is green, and what green ground adds.
    pub mixed: (f64, f64),
    /// Emissivity where the index is negative, that is of water: Masuda, Takashima and Takayama (1988),
    /// doi:10.1016/0034-4257(88)90032-6.
    pub water: f64,
}

impl Default for EmissivityModel {
    /// 0.97 below an index of 0.2, 0.99 above 0.5, 0.986 to 0.990 between, and 0.99 of water.
    fn default() -> Self {
        Self {
            bare_below: 0.2,
            green_above: 0.5,
            bare: 0.97,
            green: 0.99,
            mixed: (0.986, 0.004),
            water: 0.99,
        }
    }
}

impl EmissivityModel {
    /// Emissivity of ground with this vegetation index.
    ///
    /// ```
    /// use datagora_indicators::heat::EmissivityModel;
    ///
    /// let model = EmissivityModel::default();
    /// assert_eq!([0.1, 0.7].map(|index| model.at(index)), [0.97, 0.99]);
    /// assert!((model.at(0.35) - 0.987).abs() < 1e-12);
    /// ```
    pub fn at(&self, index: f64) -> f64 {
        if index < 0.0 {
            self.water
        } else if index < self.bare_below {
            self.bare
        } else if index > self.green_above {
            self.green
        } else {
            let green = ((index - self.bare_below) / (self.green_above - self.bare_below)).powi(2);
            self.mixed.0 + self.mixed.1 * green
        }
    }

    /// Emissivity of each cell; missing where the index is.
    pub fn of(&self, index: &Band) -> Band {
        Band::from_options(index.values().map(|index| index.map(|index| self.at(index))))
            .with_name("emissivity")
    }
}

/// Numbers that are no temperature of the ground.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TemperatureError {
    /// Bands of two grids.
    #[error("the emissivity has {found} cells, the brightness {needed}; bring both to one grid")]
    Length {
        /// Cells of the emissivity.
        found: usize,
        /// Cells of the brightness.
        needed: usize,
    },
    /// Numbers that are no radiances.
    #[error(
        "found {value} in cell {cell}, above {MOST_RADIANCE} W/(m²·sr·µm); give the band RADIANCE_MULT and RADIANCE_ADD of its metadata with `Band::with_scale`"
    )]
    NotRadiance {
        /// Cell.
        cell: usize,
        /// Value found.
        value: f64,
    },
    /// Numbers that are no kelvins.
    #[error(
        "found {value} K in cell {cell}, which no ground has; give the band its scale and offset with `Band::with_scale`"
    )]
    NotKelvin {
        /// Cell.
        cell: usize,
        /// Value found.
        value: f64,
    },
    /// A number that is no emissivity.
    #[error("found an emissivity of {value} in cell {cell}; it lies above 0 and at most at 1")]
    Emissivity {
        /// Cell.
        cell: usize,
        /// Value found.
        value: f64,
    },
    /// A band that does not fit the grid.
    #[error(transparent)]
    Grid(#[from] RasterError),
}

/// Brightness temperature at the satellite, in kelvins: `K2 / ln(K1 / L + 1)`.
///
/// # Shapes and units
///
/// A band of radiances in W/(m²·sr·µm), with the scale and offset of the scene's metadata (`RADIANCE_MULT_BAND_x`,
/// `RADIANCE_ADD_BAND_x`) → kelvins.
///
/// # Missing values
///
/// Cells without radiance, and those whose radiance is not above 0.
///
/// # Errors
///
/// [`TemperatureError::NotRadiance`] of numbers too large for radiances, such as those stored in the file.
///
/// # Example
///
/// ```
/// use datagora_geo::Band;
/// use datagora_indicators::heat::{ThermalBand, brightness_temperature};
///
/// let thermal = Band::new(vec![27_000_u16]).with_scale(3.342e-4, 0.1); // of Landsat 8, band 10
/// let found = brightness_temperature(&thermal, ThermalBand::Landsat8Band10)?;
/// assert!((found.value(0).unwrap() - 296.633).abs() < 0.01);
/// # Ok::<(), datagora_indicators::heat::TemperatureError>(())
/// ```
///
/// # References
///
/// USGS. *Using the USGS Landsat Level-1 Data Product*, conversion to top of atmosphere brightness temperature.
pub fn brightness_temperature(radiance: &Band, band: ThermalBand) -> Result<Band, TemperatureError> {
    let (k1, k2) = band.constants();
    let mut kelvin = Vec::with_capacity(radiance.len());
    for (cell, value) in radiance.values().enumerate() {
        kelvin.push(match value {
            Some(value) if value > MOST_RADIANCE => {
                return Err(TemperatureError::NotRadiance { cell, value });
            }
            Some(value) if value > 0.0 => k2 / (k1 / value + 1.0).ln(),
            _ => f64::NAN,
        });
    }
    Ok(Band::new(kelvin).with_unit("K"))
}

/// The temperature of the ground at the moment at which a satellite passed, in degrees Celsius.
///
/// What radiates is roofs, crowns and streets as seen from above: no temperature of the air. On a summer noon a street is
/// 15 to 25 K hotter than the air above it; at night they are near each other.
///
/// ```
/// use datagora_core::{Crs, DateTime, Utc};
/// use datagora_geo::{Band, Grid};
/// use datagora_indicators::heat::{LANDSAT_SURFACE_TEMPERATURE, SurfaceTemperature};
///
/// let grid = Grid::new([840_000.0, 6_520_030.0], [30.0, 30.0], 1, 1, Crs::LAMBERT_93)?;
/// let (scale, offset) = LANDSAT_SURFACE_TEMPERATURE;
/// let stored = Band::new(vec![46_500_u16]).with_scale(scale, offset);
/// let pass: DateTime<Utc> = "2022-07-18T10:24:00Z".parse()?;
/// let ground = SurfaceTemperature::from_kelvin(grid, &stored, pass)?;
/// assert!((ground.raster().value(0, 0, 0).unwrap() - 34.79).abs() < 0.01);
/// assert_eq!(ground.acquired(), pass);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SurfaceTemperature {
    raster: Raster,
    acquired: DateTime<Utc>,
}

impl SurfaceTemperature {
    /// From kelvins, such as Level 2 of Landsat with [`LANDSAT_SURFACE_TEMPERATURE`], and the moment of the image.
    ///
    /// # Errors
    ///
    /// [`TemperatureError::NotKelvin`] of numbers below 150 K or above 400 K, such as those stored in the file, or degrees
    /// Celsius; [`TemperatureError::Grid`].
    pub fn from_kelvin(grid: Grid, kelvin: &Band, acquired: DateTime<Utc>) -> Result<Self, TemperatureError> {
        let mut celsius = Vec::with_capacity(kelvin.len());
        for (cell, value) in kelvin.values().enumerate() {
            celsius.push(match value {
                Some(value) if !PLAUSIBLE.contains(&value) => {
                    return Err(TemperatureError::NotKelvin { cell, value });
                }
                value => value.map_or(f64::NAN, |value| value - FREEZING),
            });
        }
        let band = Band::new(celsius).with_name("LST").with_unit("Cel");
        Ok(Self { raster: Raster::new(grid, [band])?, acquired })
    }

    /// From brightness at the satellite: `T_B / (1 + (λ · T_B / ρ) · ln ε)`, ρ = 0.014388 m·K.
    ///
    /// It takes the emissivity of the ground into account, not the atmosphere, which on a humid day takes several kelvins
    /// away: for comparisons within one image. Level 2 of Landsat takes both into account.
    ///
    /// # Errors
    ///
    /// [`TemperatureError::Length`], [`TemperatureError::Emissivity`], and those of [`Self::from_kelvin`].
    ///
    /// # References
    ///
    /// Artis, D. A. and Carnahan, W. H. (1982). Survey of emissivity variability in thermography of urban areas. Remote Sens.
    /// Environ. 12, 313–329. doi:10.1016/0034-4257(82)90043-8
    pub fn from_brightness(
        grid: Grid,
        brightness: &Band,
        emissivity: &Band,
        band: ThermalBand,
        acquired: DateTime<Utc>,
    ) -> Result<Self, TemperatureError> {
        if emissivity.len() != brightness.len() {
            return Err(TemperatureError::Length { found: emissivity.len(), needed: brightness.len() });
        }
        let factor = band.wavelength() / RADIATION;
        let mut kelvin = Vec::with_capacity(brightness.len());
        for (cell, pair) in brightness.values().zip(emissivity.values()).enumerate() {
            kelvin.push(match pair {
                (_, Some(value)) if !(value > 0.0 && value <= 1.0) => {
                    return Err(TemperatureError::Emissivity { cell, value });
                }
                (Some(brightness), Some(emissivity)) => {
                    brightness / (1.0 + factor * brightness * emissivity.ln())
                }
                _ => f64::NAN,
            });
        }
        Self::from_kelvin(grid, &Band::new(kelvin), acquired)
    }

    /// Degrees Celsius by cell.
    pub fn raster(&self) -> &Raster {
        &self.raster
    }

    /// When the satellite passed.
    pub fn acquired(&self) -> DateTime<Utc> {
        self.acquired
    }

    /// Mean temperature of the ground by zone, by exact shares of cells.
    ///
    /// # Missing values
    ///
    /// Cells without temperature do not count; the completeness is the share of the zone that has one. A zone without any
    /// is suppressed.
    ///
    /// # Errors
    ///
    /// [`ZonalError`], as [`zonal_statistics`].
    pub fn by_zone(&self, zones: &GeometryColumn) -> Result<Vec<ZoneTemperature>, ZonalError> {
        let table = zonal_statistics(&self.raster, zones, &ZonalOptions::default())?;
        let zone = |zone| ZoneTemperature {
            mean: of_zone(&table, zone, ZonalStatistic::Mean, 1.0, &Unit::CELSIUS),
            acquired: self.acquired,
        };
        Ok((0..table.len()).map(zone).collect())
    }
}

/// The mean temperature of the ground of a zone, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneTemperature {
    /// Degrees Celsius.
    pub mean: Measured,
    /// When the satellite passed: the value holds for this moment.
    pub acquired: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Crs;
    use proptest::prelude::*;

    fn grid(cells: usize) -> Grid {
        Grid::new([0.0, 30.0], [30.0, 30.0], cells, 1, Crs::LAMBERT_93).unwrap()
    }

    fn pass() -> DateTime<Utc> {
        "2022-07-18T10:24:00Z".parse().unwrap()
    }

    #[test]
    fn the_ground_is_warmer_than_it_looks() {
        // NumPy 2.4.6: 1321.0789/log(774.8853/10.5+1), then /(1 + 10.895e-6*T/0.014388*log(0.97)).
        let brightness =
            brightness_temperature(&Band::new(vec![10.5, 0.0]), ThermalBand::Landsat8Band10).unwrap();
        assert!((brightness.value(0).unwrap() - 306.173_902_5).abs() < 1e-6, "{:?}", brightness.value(0));
        assert_eq!(brightness.value(1), None);
        let emissivity = Band::new(vec![0.97, 0.97]);
        let found = SurfaceTemperature::from_brightness(
            grid(2),
            &brightness,
            &emissivity,
            ThermalBand::Landsat8Band10,
            pass(),
        )
        .unwrap();
        assert!((found.raster().value(0, 0, 0).unwrap() - 35.201_4).abs() < 1e-3);
        assert_eq!(found.raster().value(0, 0, 1), None);
    }

    #[test]
    fn numbers_in_another_unit_are_refused() {
        let stored = Band::new(vec![46_500_u16]);
        let band = ThermalBand::Landsat9Band10;
        assert!(matches!(brightness_temperature(&stored, band), Err(TemperatureError::NotRadiance { .. })));
        for wrong in [46_500.0, 34.8] {
            let found = SurfaceTemperature::from_kelvin(grid(1), &Band::new(vec![wrong]), pass());
            assert_eq!(found, Err(TemperatureError::NotKelvin { cell: 0, value: wrong }));
        }
        let kelvin = Band::new(vec![300.0]);
        assert!(matches!(
            SurfaceTemperature::from_kelvin(grid(2), &kelvin, pass()),
            Err(TemperatureError::Grid(_))
        ));
        for wrong in [0.0, 1.01] {
            let emissivity = Band::new(vec![wrong]);
            let found = SurfaceTemperature::from_brightness(grid(1), &kelvin, &emissivity, band, pass());
            assert_eq!(found, Err(TemperatureError::Emissivity { cell: 0, value: wrong }));
        }
    }

    #[test]
    fn emissivity_has_its_steps() {
        let model = EmissivityModel::default();
        let found = model.of(&Band::new(vec![-0.2, 0.19, 0.2, 0.5, 0.51, f64::NAN]));
        let values: Vec<Option<f64>> = found.values().collect();
        assert_eq!(values, [Some(0.99), Some(0.97), Some(0.986), Some(0.99), Some(0.99), None]);
    }

    proptest! {
        #[test]
        fn more_radiance_is_hotter_and_less_emissivity_too(
            radiance in 4.0..12.0_f64, more in 0.1..5.0_f64, emissivity in 0.9..0.99_f64
        ) {
            for band in ThermalBand::ALL {
                let found = brightness_temperature(&Band::new(vec![radiance, radiance + more]), band).unwrap();
                prop_assert!(found.value(0) < found.value(1));
                // Planck's law at the wavelength of the band agrees to 4 %.
                let (t, wavelength) = (found.value(0).unwrap(), band.wavelength());
                let planck = 1.191_043e-16 / wavelength.powi(5) / ((RADIATION / (wavelength * t)).exp() - 1.0) * 1e-6;
                prop_assert!((planck / radiance - 1.0).abs() < 0.04, "{band:?}: {planck} {radiance}");
                let ground = |emissivity| {
                    let (cold, e) = (Band::new(vec![found.value(0).unwrap()]), Band::new(vec![emissivity]));
                    SurfaceTemperature::from_brightness(grid(1), &cold, &e, band, pass()).unwrap().raster.value(0, 0, 0)
                };
                prop_assert!(ground(emissivity) > ground(1.0));
            }
        }
    }
}
