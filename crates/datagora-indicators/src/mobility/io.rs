//! Readers of the files in which counts, traffic data and shared vehicles are published.
//!
//! Each reader lists *all* that is wrong with a file, with file, line or byte, column and key, and gives what is usable.
//! What is missing stays missing.
//!
//! * [`ComptageReader`] – the French national standard *comptage-mobilités*, and exports of Eco-Compteur in its form.
//! * [`read_datex2`], [`Datex2Reader`], [`read_datex2_sites`] – DATEX II, versions 2 and 3: measured data of detectors, and the
//!   table of measurement sites that says what each value is.
//! * [`read_gbfs_station_status`] and its kin – the General Bikeshare Feed Specification, versions 2 and 3;
//!   [`read_station_records`] – station status as recorded in Parquet files.
//! * [`CountBatches`] – counts in Parquet files, more than fit into memory; [`hourly_years_from_parquet`] – what a year of them
//!   comes down to, in one pass.
//! * [`read_cyclopolis`], [`read_cerema_count_points`] – monthly counts and counting points as published for Lyon.
mod comptage;
mod count_batches;
mod count_years;
mod cyclopolis;
mod datex2;
mod file;
mod gbfs;
mod parquet_file;
mod source_file;
mod station_records;
mod timestamp;
mod xml;

pub use comptage::{ComptageOptions, ComptageReader};
pub use count_batches::{CountBatch, CountBatches, CountColumns};
pub use count_years::{CountYears, hourly_years_from_parquet};
pub use cyclopolis::{Cyclopolis, read_cerema_count_points, read_cyclopolis};
pub use datex2::{
    Characteristic, Comparison, Datex2Options, Datex2Reader, Datex2Version, LengthRule, MeasuredData,
    MeasuredSite, Measurement, MeasurementSite, MeasurementState, Publication, Quantity, SiteMeasurements,
    SiteTable, TimeMeaning, datex2_counts, parse_datex2, parse_datex2_sites, read_datex2, read_datex2_sites,
};
pub use gbfs::{
    GbfsFeed, GbfsVersion, StationInformation, StationStatus, SystemInformation, VehicleType,
    parse_gbfs_station_information, parse_gbfs_station_status, parse_gbfs_system_information,
    parse_gbfs_vehicle_types, read_gbfs_station_information, read_gbfs_station_status,
    read_gbfs_system_information, read_gbfs_vehicle_types,
};
pub use source_file::SourceFile;
pub use station_records::{StationColumns, StationRecords, read_station_records};
