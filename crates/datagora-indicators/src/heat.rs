//! Heat and ground: who suffers from heat and where, how hot and how green the ground is seen from above, how much of it
//! lets water through, how much nature lies around.
//!
//! Images come as bands and rasters of [`datagora_geo`], zones as geometry columns, everything else as slices. Whatever is
//! averaged over zones is averaged by the exact shares of cells and areas.
mod biotope;
mod coefficients;
mod definitions;
mod functional_integrity;
mod quality_mask;
mod vegetation_index;
mod zonal;

pub use biotope::{biotope_area_factor, imperviousness};
pub use coefficients::{CoefficientError, CoefficientTable};
pub(crate) use definitions::DEFINITIONS;
pub use functional_integrity::{
    FunctionalIntegrity, INTEGRITY_CUTS, INTEGRITY_RADIUS, INTEGRITY_TARGET, IntegrityCover, IntegrityError,
    functional_integrity,
};
pub use quality_mask::{LandsatFlag, MaskError, QualityMask, SceneClass};
pub use vegetation_index::{
    GREEN_NDVI, LANDSAT_REFLECTANCE, Radiometry, SENTINEL_2_REFLECTANCE, VegetationIndex,
    VegetationIndexError, ZoneVegetation, ndvi, vegetation_by_zone,
};
