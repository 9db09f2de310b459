//! What the atlas is made of, typed, whether it was read or made.
use std::ops::Range;

use datagora::core::{Bilingual, Dataset, NaiveDate};
use datagora::geo::GeometryColumn;
use datagora::indicators::economy::StaffBracket;
use datagora::indicators::greening::Trees;
use datagora::indicators::mobility::{Counts, MonthlyCounts, StationRecord};

/// How much of the material is read or made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All, for the atlas of the whole territory.
    All,
    /// What the pages of communes need.
    Communes,
}

/// Everything the chapters may use; what could not be read is `None`, and the recorder knows why.
pub(crate) struct Material {
    /// Name of the place.
    pub(crate) place: Bilingual,
    /// Made, not observed.
    pub(crate) made: bool,
    pub(crate) communes: Option<Dataset<Zones>>,
    pub(crate) iris: Option<Dataset<Zones>>,
    pub(crate) quarters: Option<Dataset<Quarters>>,
    pub(crate) counters: Option<Dataset<Counters>>,
    pub(crate) hourly: Option<Dataset<Hourly>>,
    pub(crate) night: Option<Dataset<Night>>,
    pub(crate) week: Option<Dataset<Week>>,
    pub(crate) travel_times: Option<Dataset<TravelTimes>>,
    pub(crate) trees: Option<Dataset<GeometryColumn>>,
    pub(crate) inventory: Option<Dataset<Inventory>>,
    pub(crate) parks: Option<Dataset<Parks>>,
    /// Ground under trees as seen from above, surfaces in CC46.
    pub(crate) canopy: Option<Dataset<GeometryColumn>>,
    pub(crate) homes: Option<Dataset<Homes>>,
    pub(crate) ground: Option<Dataset<Ground>>,
    pub(crate) establishments: Option<Dataset<Establishments>>,
    pub(crate) amenities: Vec<Dataset<Amenity>>,
}

impl Material {
    /// Nothing yet but the name of the place.
    pub(crate) fn empty(place: Bilingual, made: bool) -> Self {
        Self {
            place,
            made,
            communes: None,
            iris: None,
            quarters: None,
            counters: None,
            hourly: None,
            night: None,
            week: None,
            travel_times: None,
            trees: None,
            inventory: None,
            parks: None,
            canopy: None,
            homes: None,
            ground: None,
            establishments: None,
            amenities: Vec::new(),
        }
    }
}

/// Zones with their inhabitants; geometry in CC46.
pub(crate) struct Zones {
    pub(crate) geometry: GeometryColumn,
    pub(crate) code: Vec<String>,
    pub(crate) name: Vec<String>,
    /// NaN where it is not known.
    pub(crate) population: Vec<f64>,
}

/// Statistical quarters with what is known of their environment; geometry in CC46.
pub(crate) struct Quarters {
    pub(crate) geometry: GeometryColumn,
    pub(crate) code: Vec<String>,
    /// Inhabitants; NaN where no census of the same zone was found.
    pub(crate) population: Vec<f64>,
    /// Share younger than 15, %.
    pub(crate) young: Vec<f64>,
    /// Share of 65 and older, %.
    pub(crate) old: Vec<f64>,
    /// Noise, dB(A) Lden.
    pub(crate) noise: Vec<f64>,
    /// Share of the land under high vegetation, %.
    pub(crate) high_vegetation: Vec<f64>,
    /// Share of the land under vegetation of any height, %, if somebody measured it.
    pub(crate) vegetation: Option<Vec<f64>>,
    /// Volume of buildings by ground, m³/m², if somebody measured it.
    pub(crate) built_volume: Option<Vec<f64>>,
    /// Median of the standard of living, € a year, if somebody tells it.
    pub(crate) living: Option<Vec<f64>>,
    /// Unemployed among those of 15 to 64 years, %, if somebody tells it.
    pub(crate) unemployed: Option<Vec<f64>>,
}

/// Who is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    Bicycle,
    Car,
    Pedestrian,
}

impl Mode {
    pub(crate) const ALL: [Mode; 3] = [Mode::Bicycle, Mode::Car, Mode::Pedestrian];

    pub(crate) fn name(self) -> Bilingual {
        match self {
            Mode::Bicycle => Bilingual::new("vélos", "bicycles"),
            Mode::Car => Bilingual::new("voitures", "cars"),
            Mode::Pedestrian => Bilingual::new("piétons", "pedestrians"),
        }
    }
}

/// Counters with their monthly totals; geometry in CC46, in the order of the channels of the counts.
pub(crate) struct Counters {
    pub(crate) geometry: GeometryColumn,
    pub(crate) name: Vec<String>,
    pub(crate) mode: Vec<Mode>,
    /// As recorded: zeros are still zeros.
    pub(crate) counts: MonthlyCounts,
}

/// Counters hour by hour over about a year.
pub(crate) struct Hourly {
    /// Where they are, if it is elsewhere: then they show the method, not the place.
    pub(crate) elsewhere: Option<Bilingual>,
    /// As recorded: zeros are still zeros. Identifiers of the channels are names for readers.
    pub(crate) counts: Counts,
    /// In the order of the channels.
    pub(crate) mode: Vec<Mode>,
}

/// How full stations of shared bicycles were, hour by hour over about a week; geometry in CC46.
pub(crate) struct Week {
    pub(crate) geometry: GeometryColumn,
    pub(crate) name: Vec<String>,
    /// Whether a station is on a hill, to which fewer ride than from it.
    pub(crate) uphill: Vec<bool>,
    /// Its first day.
    pub(crate) first: NaiveDate,
    /// What the clock showed at the first observation.
    pub(crate) first_hour: usize,
    /// For each station, hour after hour: bicycles to places, 0 to 1; NaN if it is not known.
    pub(crate) load: Vec<Vec<f64>>,
}

/// Travel times on a section of road, not of this place.
pub(crate) struct TravelTimes {
    pub(crate) place: Bilingual,
    /// Calendar year.
    pub(crate) year: i32,
    /// Seconds since 1970 (UTC).
    pub(crate) start: Vec<i64>,
    pub(crate) seconds: Vec<f64>,
}

/// Stations of shared bicycles through a night; geometry in CC46.
pub(crate) struct Night {
    pub(crate) geometry: GeometryColumn,
    pub(crate) name: Vec<String>,
    pub(crate) records: Vec<StationRecord>,
    /// Seconds since 1970, UTC.
    pub(crate) period: Range<i64>,
}

/// Trees with their species.
pub(crate) struct Inventory {
    /// Where they are, if it is elsewhere: then they show the method, not the place.
    pub(crate) elsewhere: Option<Bilingual>,
    pub(crate) trees: Trees,
}

/// Parks with the share of each under trees; geometry in CC46.
pub(crate) struct Parks {
    pub(crate) geometry: GeometryColumn,
    pub(crate) name: Vec<String>,
    pub(crate) canopy: Vec<f64>,
}

/// What stands in public space for everybody, such as benches; geometry in CC46.
pub(crate) struct Amenity {
    /// What names it in links.
    pub(crate) id: &'static str,
    /// What it is, in the plural.
    pub(crate) name: Bilingual,
    /// What was counted.
    pub(crate) definition: Bilingual,
    /// Inhabitants to which its number is told.
    pub(crate) per: f64,
    pub(crate) geometry: GeometryColumn,
}

/// Buildings in which people may live; geometry in CC46.
pub(crate) struct Homes {
    /// Footprints.
    pub(crate) geometry: GeometryColumn,
    /// Height, m; NaN where it is not known.
    pub(crate) height: Vec<f64>,
}

/// What lies on the ground and under it, by factor of the plantability index; geometry in CC46.
pub(crate) struct Ground {
    /// Where it is, if it is a part of the place only.
    pub(crate) part: Option<Bilingual>,
    /// The ground that is known: there is no score elsewhere.
    pub(crate) area: GeometryColumn,
    /// Identifiers of factors, each with its polygons.
    pub(crate) layers: Vec<(String, GeometryColumn)>,
}

/// Industrial establishments; geometry in CC46.
pub(crate) struct Establishments {
    pub(crate) geometry: GeometryColumn,
    /// Group of activities.
    pub(crate) sector: Vec<String>,
    pub(crate) staff: Vec<Option<StaffBracket>>,
}
