//! From rates to counts.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use datagora_core::{Problem, ProblemKind, Report, Zone};

use super::{Characteristic, MeasuredData, MeasurementSite, Quantity, SiteTable, TimeMeaning};
use crate::mobility::{Channel, Counts, CountsBuilder, Mode, Reading, TimestampConvention};

/// Counts from the flows of DATEX II publications: each rate times the period over which it was measured.
///
/// A channel is one index of one site (a lane, a kind of vehicle), `site/index`. The period comes from the table of the sites;
/// without it a rate is no count, and is listed. `convention` says what the time of measurement means where the file does not
/// (version 2 cannot say it); the supplier's documents do.
///
/// # Units
///
/// `count = rate [1/h] · period [s] / 3600`.
///
/// # Missing values
///
/// A flow without value is a reading without value. Speeds and all else are left out.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::TimestampConvention;
/// use datagora_indicators::mobility::io::{Datex2Options, datex2_counts, parse_datex2, parse_datex2_sites};
///
/// let sites = r#"<measurementSiteTable><measurementSiteRecord id="a"><measurementSpecificCharacteristics index="1">
///   <measurementSpecificCharacteristics><period>60</period><specificMeasurementValueType>trafficFlow</specificMeasurementValueType>
///   </measurementSpecificCharacteristics></measurementSpecificCharacteristics></measurementSiteRecord></measurementSiteTable>"#;
/// let data = r#"<d2LogicalModel modelBaseVersion="2"><payloadPublication type="MeasuredDataPublication"><siteMeasurements>
///   <measurementSiteReference id="a"/><measurementTimeDefault>2025-08-15T21:48:00Z</measurementTimeDefault>
///   <measuredValue index="1"><measuredValue><basicData><vehicleFlow><vehicleFlowRate>120</vehicleFlowRate></vehicleFlow>
///   </basicData></measuredValue></measuredValue></siteMeasurements></payloadPublication></d2LogicalModel>"#;
/// let table = parse_datex2_sites(sites.as_bytes(), "sites.xml")?;
/// let data = parse_datex2(data.as_bytes(), "data.xml", &Datex2Options::default())?;
/// let (counts, report) = datex2_counts([&data], &table, TimestampConvention::Start, Zone::PARIS);
/// assert_eq!((counts.of(0).duration[0], counts.of(0).value[0]), (60, 2.0)); // 120 per hour for a minute
/// assert!(report.is_empty());
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
pub fn datex2_counts<'a>(
    publications: impl IntoIterator<Item = &'a MeasuredData>,
    table: &SiteTable,
    convention: TimestampConvention,
    zone: Zone,
) -> (Counts, Report) {
    let sites: HashMap<&str, &MeasurementSite> =
        table.sites.iter().map(|site| (site.id.as_str(), site)).collect();
    let mut builder = CountsBuilder::new(zone);
    let mut channels: BTreeMap<(&str, u32), Option<(u32, u32)>> = BTreeMap::new();
    let mut report = Report::with_limit(100);
    let mut unknown = BTreeSet::new();
    for data in publications {
        for site in &data.sites {
            for measurement in data.of(site).iter().filter(|one| one.quantity == Quantity::Flow) {
                let name: &str = &site.site;
                let channel = channels.entry((name, measurement.index)).or_insert_with(|| {
                    let Some(known) = sites.get(name) else {
                        if unknown.insert(name) {
                            let problem =
                                Problem::new("a site that the table lacks", "one of the table; left out");
                            report.add(problem.of_kind(ProblemKind::UnknownCode).of_key(name));
                        }
                        return None;
                    };
                    let what = known.characteristics.iter().find(|one| one.index == measurement.index);
                    let period = what
                        .and_then(|what| what.period)
                        .filter(|period| period.fract() == 0.0 && *period < 1e6);
                    let Some((what, period)) = what.zip(period) else {
                        let problem = Problem::new(
                            "a flow without period",
                            "its period in seconds in the table; left out",
                        );
                        let problem = problem.of_kind(ProblemKind::MissingValue).of_key(name);
                        report.add(problem.in_column(format!("index {}", measurement.index)));
                        return None;
                    };
                    Some((builder.channel(channel(known, what, period as u32)), period as u32))
                });
                let Some((channel, period)) = *channel else { continue };
                let Some(time) = measurement.time.or(site.time) else {
                    builder.skip();
                    continue;
                };
                // A time of its own has the meaning of the publication's convention.
                let convention = match site.meaning.filter(|_| measurement.time.is_none()) {
                    Some(TimeMeaning::Start) => TimestampConvention::Start,
                    Some(TimeMeaning::End) => TimestampConvention::End,
                    None => convention,
                };
                let value = measurement.value * f64::from(period) / 3_600.0;
                builder.add(Reading::new(channel, convention.start(time, period), period, value));
            }
        }
    }
    let (counts, found) = builder.finish();
    report.merge(found);
    (counts, report)
}

fn channel(site: &MeasurementSite, what: &Characteristic, period: u32) -> Channel {
    let mut channel = Channel::new(format!("{}/{}", site.id, what.index))
        .with_site(site.id.as_str())
        .with_mode(mode(what))
        .with_interval(period);
    channel.position = site.position;
    channel.direction = site.side.clone();
    channel.name = match (&site.name, &what.lane) {
        (Some(name), Some(lane)) => Some(format!("{name}, {lane}")),
        (name, lane) => name.clone().or_else(|| lane.clone()),
    };
    channel
}

/// The mode of the vehicles measured: one if they are of one, mixed if of all or of several, not said where only lengths are.
fn mode(what: &Characteristic) -> Mode {
    if !what.lengths.is_empty() {
        return Mode::Undefined;
    }
    let mut modes = what.vehicles.iter().map(|kind| match kind.as_str() {
        "bicycle" => Mode::Bike,
        "bus" => Mode::Bus,
        "car" | "carWithCaravan" | "carWithTrailer" | "fourWheelDrive" | "largeCar" | "smallCar" => Mode::Car,
        "lorry" | "articulatedVehicle" | "heavyGoodsVehicle" | "tanker" | "articulatedTruck"
        | "rigidLorry" => Mode::Truck,
        "motorcycle" | "moped" | "motorcycleWithSideCar" | "motorscooter" => Mode::TwoWheelsMotorized,
        "van" => Mode::Van,
        "tram" => Mode::Tramway,
        _ => Mode::Mixed,
    });
    let Some(first) = modes.next() else { return Mode::Mixed };
    if modes.all(|other| other == first) { first } else { Mode::Mixed }
}

#[cfg(test)]
mod tests {
    use super::super::{Datex2Options, parse_datex2, parse_datex2_sites};
    use super::*;

    #[test]
    fn rates_need_a_period_to_be_counts() {
        let index = |index: u32, inside: &str| {
            format!(
                r#"<measurementSpecificCharacteristics index="{index}"><measurementSpecificCharacteristics>{inside}
                <specificMeasurementValueType>trafficFlow</specificMeasurementValueType></measurementSpecificCharacteristics>
                </measurementSpecificCharacteristics>"#
            )
        };
        let truck = "<period>300</period><specificVehicleCharacteristics><vehicleType>lorry</vehicleType></specificVehicleCharacteristics>";
        let sites = format!(
            r#"<measurementSiteTable><measurementSiteRecord id="a">{}{}</measurementSiteRecord></measurementSiteTable>"#,
            index(1, truck),
            index(2, "")
        );
        let table = parse_datex2_sites(sites.as_bytes(), "sites.xml").unwrap();
        let flow = |index: u32, rate: &str| {
            format!(
                r#"<measuredValue index="{index}"><measuredValue><basicData><vehicleFlow>{rate}</vehicleFlow></basicData></measuredValue></measuredValue>"#
            )
        };
        let site = |id: &str, minute: u32, rate: &str| {
            let rate = format!("<vehicleFlowRate>{rate}</vehicleFlowRate>");
            format!(
                r#"<siteMeasurements><measurementSiteReference id="{id}"/><measurementTimeDefault>2025-08-15T21:{minute}:00Z
                </measurementTimeDefault>{}{}</siteMeasurements>"#,
                flow(1, &rate),
                flow(2, &rate)
            )
        };
        let broken = "0</vehicleFlowRate><dataError>true</dataError><vehicleFlowRate>0";
        let xml = format!(
            r#"<d2LogicalModel modelBaseVersion="2"><payloadPublication type="MeasuredDataPublication">{}{}{}</payloadPublication></d2LogicalModel>"#,
            site("a", 50, "120"),
            site("a", 55, broken),
            site("b", 50, "60")
        );
        let data = parse_datex2(xml.as_bytes(), "data.xml", &Datex2Options::default()).unwrap();
        let (counts, report) = datex2_counts([&data], &table, TimestampConvention::End, Zone::PARIS);
        let told = counts.of(0);
        assert_eq!(
            (counts.channels().len(), told.channel.id.as_str(), told.channel.mode),
            (1, "a/1", Mode::Truck)
        );
        assert_eq!((told.start, told.duration), (&[1_755_294_300, 1_755_294_600][..], &[300, 300][..]));
        assert!(told.value[0] == 10.0 && told.value[1].is_nan());
        assert_eq!(
            (report.count_of(ProblemKind::MissingValue), report.count_of(ProblemKind::UnknownCode)),
            (1, 1),
            "{report}"
        );
    }
}
