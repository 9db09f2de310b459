//! Urban indicators by named definitions: mobility counts, greening, economic geography, each value with completeness and interval.
//!
//! HOW MUCH, by whose definition, how sure? Every function takes slices and returns [`datagora_core::Measured`]: value,
//! unit, interval where one exists, number of observations, completeness, and the reason where there is no value. Missing
//! is NaN (or `None`) and never zero; nothing is imputed.
//!
//! ```
//! use datagora_indicators::mobility::{GrowthOptions, constant_perimeter_growth};
//!
//! // Two counters over two months in two years; one more opened in the second year.
//! let nan = f64::NAN;
//! let before = [31_000.0, 28_000.0, 9_000.0, 8_500.0, nan, nan];
//! let after = [32_500.0, 30_100.0, 9_900.0, 9_000.0, 50_000.0, 52_000.0];
//! let found = constant_perimeter_growth(&before, &after, 2, &GrowthOptions::default())?;
//! let growth = found.growth.value().unwrap();
//! assert!((growth - 6.536).abs() < 1e-3); // the plain totals claim +140 %
//! let interval = found.growth.interval().unwrap();
//! assert!(interval.lower < growth && growth < interval.upper);
//! # Ok::<(), datagora_indicators::mobility::GrowthError>(())
//! ```
//!
//! # The map of the crate
//!
//! * [`mobility`] – counts, outages, growth at constant perimeter, seasons, annual averages; speeds, reliability of travel
//!   times, congestion, level of service, fundamental diagram; trends of cycling, shared bicycles.
//! * [`greening`] – trees (names, diversity, age, carbon, choice of species), parks, vegetation by stratum, canopy, green near homes, noise and heat;
//!   factors of plantability.
//! * [`heat`] – vegetation index and surface temperature of satellite images, heat islands, hot days, heat vulnerability;
//!   biosphere functional integrity, imperviousness, biotope area factor, slope and infiltration.
//! * [`suitability`] – of the ground for a use: weighted factors on exactly covered cells, explained, with the uncertainty
//!   of weights, scenarios and edits; [`greening::plantability_v2`] is the first set of factors.
//! * [`economy`] – establishments and jobs by bracket, specialisation, concentration, statistical secrecy.
//! * [`gini`], [`theil`] and other measures of inequality; [`moran`], [`local_moran`] – where like values gather; [`ZoneCounts`], [`weighted_mean_by_zone`];
//!   [`binomial_interval`], [`poisson_interval`].
//! * [`QuantileMethod`] and [`Bootstrap`] – which number is a percentile, and intervals by drawing days again.
//! * [`catalogue`] – the [`Definition`] of each indicator, as data; `docs/indicators.md` is written from it.
//!
//! # Coming from elsewhere
//!
//! | there | here |
//! |---|---|
//! | PySAL `inequality.gini.Gini`, `inequality.theil.Theil`, `TheilD` | [`gini`], [`theil`], [`theil_by_group`] |
//! | vegan `diversity`, `specnumber`, `rarefy(se = TRUE)`, `estimateR` | [`greening::Diversity`] |
//! | i-Tree Eco, carboncalc: carbon storage | [`greening::carbon_stock`] |
//! | rgbif `name_parse`, GNparser | [`greening::Occupant::parse`] |
//! | vegan `renyi(hill = TRUE)`, iNEXT `q` | [`greening::Diversity::hill`] |
//! | esda `Moran`, `Moran_Local`, `fdr`; spdep `moran.mc`, `localmoran_perm` | [`moran`], [`local_moran`], [`false_discovery_threshold`] |
//! | REAT `locq`, EconGeo `location.quotient` | [`economy::location_quotients`], [`economy::location_quotients_of_counts`] |
//! | REAT `herf`, `krugman.spec`, `hoover`, `ellison.a`, `shift` | [`economy::herfindahl`], [`economy::krugman_specialisation`], [`economy::localisation`], [`economy::agglomeration`], [`economy::shift_share`] |
//! | aadtkit, FHWA TMAS: AADT | [`mobility::HourlyYear::aadt`]; from monthly averages [`mobility::annual_average`] |
//! | `numpy.quantile(method=…)`, R `quantile(type = …)` of speeds | [`mobility::spot_speeds`] with a [`QuantileMethod`] |
//! | statsmodels `OLS(…).fit(cov_type="HAC")`, R `sandwich::NeweyWest` for a trend | [`mobility::weather_adjusted_trend`] |
//! | fhwa_pm3 `lottr`, `tttr`, `phed` | [`mobility::level_of_travel_time_reliability`], [`mobility::truck_travel_time_reliability`], [`mobility::peak_hour_excessive_delay`] |
//! | AequilibraE `BPR`, `CONICAL` | [`mobility::LinkDelay`] |
//! | etalab *schema-comptage-mobilites* with Validata | `mobility::io::ComptageReader` (feature `io`) |
//! | DATEX II by lxml or xmltodict, gbfs-validator | `mobility::io::Datex2Reader`, `mobility::io::read_gbfs_station_status` (feature `io`) |
//! | rasterio or NumPy `(nir - red) / (nir + red)` with exactextract | [`heat::ndvi`], [`heat::vegetation_by_zone`] |
//! | SciPy `ndimage.convolve` with a disc, for shares around cells | [`heat::functional_integrity`] |
//! | `gdaldem slope`, `xrspatial.slope` | [`heat::slope`], [`heat::slope_by_zone`] |
//! | IA·rbre plantability | [`suitability::SuitabilityModel::map`]; its own numbers: [`suitability::SuitabilityModel::iarbre_2026`] |
//! | R `epitools::binom.exact`, `pois.exact` | [`binomial_interval`], [`poisson_interval`] |
//! | GeoPandas `sjoin` + `groupby().size()` | [`ZoneCounts::new`] |
//! | `numpy.average(weights=…)` by group | [`weighted_mean_by_zone`] |
//!
//! # Features
//!
//! * `io` – readers of counts, traffic data and shared vehicles (`mobility::io`), and of tree inventories (`greening::io`). Costs Arrow, Parquet and a JSON parser.
//! * `serde` – definitions, options and results as JSON. Costs the derive code.
//! * `parallel` – draws of a [`Bootstrap`], and bands of a [`suitability`] map, on several cores, with the same result. Costs
//!   rayon.
//! * `polars` – passed on to the crates below; nothing in this crate needs it yet.
mod bootstrap;
pub mod catalogue;
mod cores;
mod definition;
mod distribution;
pub mod economy;
pub mod greening;
pub mod heat;
mod inequality;
mod jackknife;
mod level;
pub mod mobility;
mod order;
mod random;
mod regression;
mod runs;
mod spatial_association;
pub mod suitability;
mod wrong;
mod zones;

pub use bootstrap::Bootstrap;
pub use definition::{Definition, Direction, Theme};
pub use distribution::{binomial_interval, poisson_interval};
pub use inequality::{atkinson, gini, hoover, mean_log_deviation, palma, theil, theil_by_group};
pub use level::LevelError;
pub use order::QuantileMethod;
pub use spatial_association::{
    AssociationError, LocalMoran, Moran, Neighbourhood, PermutationOptions, false_discovery_threshold,
    local_moran, moran,
};
pub use zones::{ZoneCounts, ZoneError, weighted_mean_by_zone};

/// The example of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
