//! The rules of the national schema, as data.

/// One of the three files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum File {
    Site,
    Channel,
    Measure,
}

/// A column and what it may hold.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) rule: Rule,
}

/// What a cell may hold, if it is not empty.
#[derive(Debug)]
pub(super) enum Rule {
    /// Any text.
    Text,
    /// One of these.
    One(&'static [&'static str]),
    /// One or several of these, with commas and nothing else between.
    Several(&'static [&'static str]),
    /// The code of a commune.
    Commune,
    /// A number, if these are given between them, both included.
    Number(Option<(f64, f64)>),
    /// A date with time.
    Time,
}

const fn column(name: &'static str, required: bool, rule: Rule) -> Column {
    Column { name, required, rule }
}

impl File {
    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            File::Site => &SITE,
            File::Channel => &CHANNEL,
            File::Measure => &MEASURE,
        }
    }

    /// Must the column be there? Those of required values, and those whose empty cells mean something.
    pub(super) fn needs(self, column: &Column) -> bool {
        column.required || self == File::Measure && matches!(column.name, "end_datetime" | "count")
    }
}

impl Rule {
    /// What is needed, if the text is not it.
    pub(super) fn broken_by(&self, text: &str) -> Option<String> {
        let sound = match self {
            Rule::Text => true,
            Rule::One(known) => known.contains(&text),
            Rule::Several(known) => text.split(',').all(|one| known.contains(&one)),
            Rule::Commune => is_commune(text),
            Rule::Number(range) => match (number(text), range) {
                (Some(number), Some((least, most))) => (*least..=*most).contains(&number),
                (number, _) => number.is_some(),
            },
            Rule::Time => super::super::timestamp::parse(text.as_bytes()).is_some(),
        };
        if sound {
            return None;
        }
        Some(match self {
            Rule::Text => "a text".to_owned(),
            Rule::One(known) => format!("one of {}", known.join(", ")),
            Rule::Several(known) => format!("one or several, with commas, of {}", known.join(", ")),
            Rule::Commune => "an INSEE code of five characters".to_owned(),
            Rule::Number(Some((least, most))) => format!("a number from {least} to {most}"),
            Rule::Number(None) => "a number".to_owned(),
            Rule::Time => "a time such as 2021-09-07T13:15:00Z".to_owned(),
        })
    }
}

/// A number in digits, with a point before the decimals.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| digits && number.is_finite())
}

/// `([013-9]\d|2[AB1-9])\d{3}`.
fn is_commune(text: &str) -> bool {
    let [first, second, rest @ ..] = text.as_bytes() else { return false };
    let department = match first {
        b'2' => matches!(second, b'A' | b'B' | b'1'..=b'9'),
        _ => first.is_ascii_digit() && second.is_ascii_digit(),
    };
    department && rest.len() == 3 && rest.iter().all(u8::is_ascii_digit)
}

static SITE: [Column; 8] = [
    column("site_id", true, Rule::Text),
    column("parent_site_id", false, Rule::Text),
    column("site_name", true, Rule::Text),
    column("fr_insee_code", false, Rule::Commune),
    column("xlong", true, Rule::Number(Some((-180.0, 180.0)))),
    column("ylat", true, Rule::Number(Some((-90.0, 90.0)))),
    column("external_ids", false, Rule::Text),
    column("infrastructure_type", false, Rule::One(&INFRASTRUCTURE)),
];

static CHANNEL: [Column; 19] = [
    column("channel_id", true, Rule::Text),
    column("channel_provider_id", false, Rule::Text),
    column("site_provider_id", false, Rule::Text),
    column("site_id", true, Rule::Text),
    column("mobility_type", false, Rule::Several(&MOBILITY)),
    column("comment", false, Rule::Text),
    column("counter_transmission_type", false, Rule::One(&["REMOTE TRANSMISSION", "MANUAL"])),
    column("publication_transmission_type", false, Rule::One(&["API", "MANUAL"])),
    column("counter_type", false, Rule::Several(&COUNTER)),
    column("direction", false, Rule::One(&["N", "NW", "NE", "W", "SW", "S", "SE", "E"])),
    column("provider_direction_code", false, Rule::Text),
    column("provider_direction_name", false, Rule::Text),
    column("data_provider_name", false, Rule::Text),
    column("temporality", true, Rule::One(&["TEMPORARY", "PERMANENT"])),
    column("started_at", true, Rule::Time),
    column("ended_at", false, Rule::Time),
    column("last_updated_at", false, Rule::Time),
    column("time_step", false, Rule::Number(None)),
    column("provider_portal_url", false, Rule::Text),
];

static MEASURE: [Column; 5] = [
    column("channel_id", true, Rule::Text),
    column("counter_id", false, Rule::Text),
    column("start_datetime", true, Rule::Time),
    column("end_datetime", false, Rule::Time),
    column("count", false, Rule::Number(None)),
];

static MOBILITY: [&str; 13] = [
    "BIKE",
    "TWO WHEELS MOTORIZED",
    "PEDESTRIAN",
    "E-SCOOTER",
    "HORSE-RIDER",
    "CAR",
    "BUS",
    "MINIBUS",
    "TRUCK",
    "VAN",
    "TRAMWAY",
    "CANOE",
    "UNDEFINED",
];

static COUNTER: [&str; 16] = [
    "INDUCTIVE LOOP",
    "ELECTROMAGNETIC SENSOR",
    "PASSIVE INFRARED",
    "ACTIVE INFRARED",
    "PIEZOELECTRIC SENSOR",
    "RADAR SENSOR",
    "VIDEO SENSOR",
    "PNEUMATIC TUBE SENSOR",
    "SLAB SENSOR",
    "LIGHT BEAM SENSOR",
    "MANUAL",
    "ACOUSTIC",
    "LIDAR",
    "OPTICAL FIBER SENSOR",
    "MAGNETOMETER",
    "OTHER",
];

static INFRASTRUCTURE: [&str; 28] = [
    "CYCLE TRACK",
    "CYCLE LANE",
    "CONTRAFLOW TRACK",
    "CONTRAFLOW LANE",
    "CONTRAFLOW CYCLING NOT MATERIALIZED",
    "GREENWAY",
    "BIKE ROAD",
    "SHARED BUSWAY",
    "RAMP",
    "GUTTER",
    "MIXED PEDESTRIAN/BICYCLE DEVELOPMENT NOT INCLUDING THE GREENWAY",
    "ROAD WITH BANALIZED CENTRAL TRACK",
    "COATED SHOULDER OUTSIDE THE RBCT",
    "OTHER SPECIFIC SITE",
    "OTHER SHARED USE ROUTE",
    "HIGHWAY",
    "EUROPEAN ROAD",
    "NATIONAL ROAD",
    "DEPARTEMENTAL ROAD",
    "METROPOLITAN ROAD",
    "MUNICIPAL ROAD",
    "FOOTPATH",
    "DEAD END",
    "FOREST ROADS",
    "SIDE ROADS",
    "TRUNK TRACK",
    "PRIVATE ROAD",
    "OTHER",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The published schema says the same, word for word.
    #[test]
    fn the_published_schema_agrees() {
        let folder = std::env::var("DATAGORA_DATA")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
        for (file, name) in [(File::Site, "site"), (File::Channel, "channel"), (File::Measure, "measure")] {
            let path = format!("{folder}/mobility_schemas/comptage-mobilites_{name}.schema.json");
            let Ok(text) = std::fs::read_to_string(&path) else {
                eprintln!("DATAGORA_DATA absent: {name} not checked");
                continue;
            };
            let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
            let fields = schema["fields"].as_array().unwrap();
            assert_eq!(fields.len(), file.columns().len());
            for (field, column) in fields.iter().zip(file.columns()) {
                let (name, constraints) = (field["name"].as_str().unwrap(), &field["constraints"]);
                assert_eq!((name, constraints["required"].as_bool()), (column.name, Some(column.required)));
                let (kind, pattern) = (field["type"].as_str().unwrap(), constraints["pattern"].as_str());
                match &column.rule {
                    Rule::Text => {
                        assert_eq!(
                            (kind, pattern, constraints.get("enum")),
                            ("string", None, None),
                            "{name}"
                        );
                    }
                    Rule::One(known) => assert_eq!(constraints["enum"], serde_json::json!(known), "{name}"),
                    Rule::Several(known) => {
                        let alternatives = known.join("|").replace('-', "\\-");
                        assert_eq!(pattern.unwrap(), format!("(?:(?:^|,)({alternatives}))+$"), "{name}");
                    }
                    Rule::Commune => assert_eq!(pattern, Some(r"^([013-9]\d|2[AB1-9])\d{3}$")),
                    Rule::Number(range) => {
                        let limits = constraints["minimum"].as_f64().zip(constraints["maximum"].as_f64());
                        assert_eq!((kind, limits), ("number", *range), "{name}");
                    }
                    Rule::Time => assert_eq!(kind, "datetime", "{name}"),
                }
            }
        }
    }

    #[test]
    fn cells_are_what_the_rules_say() {
        let time = Rule::Time;
        assert!(time.broken_by("2020-06-22T10:00:00Z").is_none() && time.broken_by("22/06/2020").is_some());
        let modes = Rule::Several(&MOBILITY);
        assert!(modes.broken_by("E-SCOOTER,PEDESTRIAN").is_none());
        for wrong in ["ERR001", "ERR002,PEDESTRIAN", "BIKE, CAR", "BIKE,", ",BIKE"] {
            assert!(modes.broken_by(wrong).is_some(), "{wrong}");
        }
        for (code, sound) in
            [("07022", true), ("2A004", true), ("20004", false), ("6938", false), ("69 83", false)]
        {
            assert_eq!(Rule::Commune.broken_by(code).is_none(), sound, "{code}");
        }
        let longitude = Rule::Number(Some((-180.0, 180.0)));
        assert!(longitude.broken_by("-1.2684985").is_none());
        for wrong in ["181", "4,85", "inf", "NaN", "x", "1 000"] {
            assert!(longitude.broken_by(wrong).is_some(), "{wrong}");
        }
    }
}
