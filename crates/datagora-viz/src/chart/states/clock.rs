//! Ticks at full hours of the local clock.
use datagora_core::{DateTime, Language, Month, Utc, Zone};

/// A tick: when, its hour or date, and the date to write below it where a day begins.
pub(super) struct Tick {
    pub(super) seconds: f64,
    pub(super) name: String,
    pub(super) day: Option<String>,
}

/// Local time as `19:41`.
pub(super) fn clock(time: DateTime<Utc>, zone: Zone) -> String {
    let hour = zone.hour_of(time);
    format!("{:02}:{:02}", hour.hour, (time - hour.start).num_minutes())
}

/// Local date and time: « 2 mars, 19 h 41 », "2 March, 19:41".
pub(super) fn date_and_clock(time: DateTime<Utc>, zone: Zone, language: Language) -> String {
    let clock = clock(time, zone);
    let clock = match language {
        Language::French => clock.replace(':', "\u{a0}h\u{a0}"),
        Language::English => clock,
    };
    format!("{} {clock}", date(time, zone, language))
}

fn date(time: DateTime<Utc>, zone: Zone, language: Language) -> String {
    let day = zone.hour_of(time).date;
    let number = day.format("%-d").to_string();
    let number = if number == "1" && language == Language::French { "1er".to_owned() } else { number };
    format!("{number}\u{a0}{}", Month::of(day).map_or("", |month| month.name(language)))
}

/// Ticks every 1, 2, 3, 6 or 12 hours, or every so many days, the closest for which at most `most` are needed.
pub(super) fn ticks(from: f64, to: f64, zone: Zone, language: Language, most: usize) -> Vec<Tick> {
    let hours: Vec<DateTime<Utc>> = match DateTime::from_timestamp(from as i64, 0) {
        Some(first) => {
            let start = zone.hour_of(first).start.timestamp();
            let count = ((to - start as f64) / 3600.0).floor().max(0.0) as i64;
            (0..=count)
                .filter_map(|k| DateTime::from_timestamp(start + 3600 * k, 0))
                .filter(|time| time.timestamp() as f64 >= from)
                .collect()
        }
        None => Vec::new(),
    };
    let chosen = |stride: u32| -> Vec<DateTime<Utc>> {
        let fits = |time: &&DateTime<Utc>| {
            let local = zone.hour_of(**time);
            match stride {
                0..24 => local.hour.is_multiple_of(stride) && !local.repeated,
                _ => {
                    local.hour == 0
                        && (local.date.format("%j").to_string().parse().unwrap_or(1) - 1) % (stride / 24) == 0
                }
            }
        };
        hours.iter().filter(fits).copied().collect()
    };
    let strides = [1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 30];
    let all = strides.map(|stride| (stride, chosen(stride)));
    let Some((stride, times)) = all.iter().find(|(_, times)| times.len() <= most.max(1)).or(all.last())
    else {
        return Vec::new();
    };
    let mut before = None;
    let tick = |time: &DateTime<Utc>| {
        let local = zone.hour_of(*time);
        let new_day = before.replace(local.date) != Some(local.date);
        let (name, day) = match (*stride >= 24, language) {
            (true, _) => (date(*time, zone, language), None),
            (false, Language::French) => {
                (format!("{}\u{a0}h", local.hour), Some(date(*time, zone, language)))
            }
            (false, Language::English) => (format!("{}:00", local.hour), Some(date(*time, zone, language))),
        };
        Tick { seconds: time.timestamp() as f64, name, day: day.filter(|_| new_day) }
    };
    times.iter().map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> f64 {
        text.parse::<DateTime<Utc>>().expect("an instant").timestamp() as f64
    }

    #[test]
    fn hours_of_a_night_and_its_two_days() {
        let found =
            ticks(at("2026-03-02T18:41:00Z"), at("2026-03-03T05:30:00Z"), Zone::PARIS, Language::French, 6);
        let names: Vec<&str> = found.iter().map(|tick| tick.name.as_str()).collect();
        assert_eq!(names, ["20\u{a0}h", "22\u{a0}h", "0\u{a0}h", "2\u{a0}h", "4\u{a0}h", "6\u{a0}h"]);
        let days: Vec<Option<&str>> = found.iter().map(|tick| tick.day.as_deref()).collect();
        assert_eq!(days, [Some("2\u{a0}mars"), None, Some("3\u{a0}mars"), None, None, None]);
    }

    #[test]
    fn weeks_have_days() {
        let found =
            ticks(at("2026-03-02T10:00:00Z"), at("2026-03-09T10:00:00Z"), Zone::PARIS, Language::English, 8);
        let names: Vec<&str> = found.iter().map(|tick| tick.name.as_str()).collect();
        assert_eq!(names[0], "3\u{a0}March");
        assert_eq!(names.len(), 7);
    }

    #[test]
    fn clocks_are_local() {
        let time = "2026-03-31T22:05:00Z".parse().expect("an instant");
        assert_eq!(clock(time, Zone::PARIS), "00:05");
        assert_eq!(date_and_clock(time, Zone::PARIS, Language::French), "1er\u{a0}avril 00\u{a0}h\u{a0}05");
    }
}
