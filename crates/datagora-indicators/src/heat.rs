//! Heat and ground: who suffers from heat and where, how hot and how green the ground is seen from above, how much of it
//! lets water through, how much nature lies around.
//!
//! Images come as bands and rasters of [`datagora_geo`], zones as geometry columns, everything else as slices. Whatever is
//! averaged over zones is averaged by the exact shares of cells and areas.
mod biotope;
mod bivariate;
mod carry;
mod coefficients;
mod definitions;
mod distance;
mod functional_integrity;
mod heat_days;
mod heat_island;
mod infiltration;
mod quality_mask;
mod slope;
mod surface_temperature;
mod vegetation_index;
mod vulnerability;
mod wetness;
mod zonal;

pub use biotope::{biotope_area_factor, imperviousness};
pub use bivariate::{BivariatePair, BivariateTable, bivariate_code, iarbre_bivariate_code};
pub use carry::{CarriedCells, CarryError, area_weighted_to_cells, area_weighted_to_zones};
pub use coefficients::{CoefficientError, CoefficientTable};
pub(crate) use definitions::DEFINITIONS;
pub use functional_integrity::{
    FunctionalIntegrity, INTEGRITY_CUTS, INTEGRITY_RADIUS, INTEGRITY_TARGET, IntegrityCover, IntegrityError,
    functional_integrity,
};
pub use heat_days::{HeatDayError, HeatDayOptions, HeatYear, HeatwaveThresholds, heat_days};
pub use heat_island::{
    AirHeatIsland, HeatIslandError, RuralReference, SurfaceHeatIsland, SurfaceHeatIslandOptions,
    air_heat_island, surface_heat_island,
};
pub use infiltration::{InfiltrationError, InfiltrationOptions, SlopeScale, infiltration_index};
pub use quality_mask::{LandsatFlag, MaskError, QualityMask, SceneClass};
pub use slope::{SlopeError, SlopeSummary, slope, slope_by_zone};
pub use surface_temperature::{
    EmissivityModel, LANDSAT_SURFACE_TEMPERATURE, SurfaceTemperature, TemperatureError, ThermalBand,
    ZoneTemperature, brightness_temperature,
};
pub use vegetation_index::{
    GREEN_NDVI, LANDSAT_REFLECTANCE, Radiometry, SENTINEL_2_REFLECTANCE, VegetationIndex,
    VegetationIndexError, ZoneVegetation, ndvi, vegetation_by_zone,
};
pub use vulnerability::{
    Binning, Component, ComponentScore, Counts, IndicatorPoints, MissingRule, Period, REFERENCE_INDICATORS,
    ReferenceIndicator, Rounding, StabilityOptions, VulnerabilityError, VulnerabilityIndicator,
    VulnerabilityModel, Worse, ZoneStability, ZoneVulnerability,
};
pub use wetness::topographic_wetness;
