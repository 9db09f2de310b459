//! DATEX II: both versions, what is missing, what is broken.
use std::io::Write;

use datagora_core::ProblemKind;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn read(xml: &str) -> MeasuredData {
    parse_datex2(xml.as_bytes(), "test.xml", &Datex2Options::default()).unwrap()
}

/// A publication of version 2 with one site of these values.
fn v2(values: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><d2LogicalModel modelBaseVersion="2"><exchange/>
        <payloadPublication xsi:type="MeasuredDataPublication"><publicationTime>2025-08-15T21:49:42.016Z</publicationTime>
        <measurementSiteTableReference id="NDW01_MT" version="1648"/><siteMeasurements>
        <measurementSiteReference id="a&amp;b" version="3"/><measurementTimeDefault>2025-08-15T21:48:00Z</measurementTimeDefault>
        {values}</siteMeasurements></payloadPublication></d2LogicalModel>"#
    )
}

fn value(index: u32, inside: &str) -> String {
    format!(
        r#"<measuredValue index="{index}"><measuredValue><basicData>{inside}</basicData></measuredValue></measuredValue>"#
    )
}

fn flow(attributes: &str, inside: &str) -> String {
    value(1, &format!("<vehicleFlow{attributes}>{inside}</vehicleFlow>"))
}

fn speed(attributes: &str, inside: &str) -> String {
    value(1, &format!("<averageVehicleSpeed{attributes}>{inside}</averageVehicleSpeed>"))
}

/// Value and state of the only measurement.
fn one(xml: &str) -> (f64, MeasurementState) {
    let data = read(&v2(xml));
    let [found] = data.measurements[..] else { panic!("{data:?}") };
    (found.value, found.state)
}

#[test]
fn version_2_says_who_when_and_what() {
    let data = read(&v2(&value(
        7,
        r#"<measurementOrCalculationTime>2025-08-15T23:47:00+02:00</measurementOrCalculationTime><averageVehicleSpeed
            numberOfInputValuesUsed="2" numberOfIncompleteInputs="1" standardDeviation="10.5" supplierCalculatedDataQuality="86.0">
            <speed> 72 </speed></averageVehicleSpeed>"#,
    )));
    assert_eq!(data.publication.version, Datex2Version::V2);
    assert_eq!(data.publication.time, Some(1_755_294_582));
    assert_eq!(data.publication.site_table.as_deref(), Some("NDW01_MT"));
    let site = &data.sites[0];
    assert_eq!((&*site.site, &*site.version, site.time), ("a&b", "3", Some(1_755_294_480)));
    let [found] = data.of(site) else { panic!("{data:?}") };
    assert_eq!((found.index, found.quantity, found.value), (7, Quantity::Speed, 72.0));
    assert_eq!((found.inputs, found.incomplete, found.deviation), (Some(2), Some(1), Some(10.5)));
    assert_eq!((found.quality, found.time), (Some(86.0), Some(1_755_294_420)));
    assert!(data.complete && data.problems.is_empty());
}

#[test]
fn version_3_has_other_names_for_the_same() {
    let xml = r#"<mc:messageContainer xmlns:mc="http://datex2.eu/schema/3/messageContainer" modelBaseVersion="3">
      <mc:payload xsi:type="vms:VmsPublication"><com:publicationTime>2020-01-01T00:00:00Z</com:publicationTime></mc:payload>
      <mc:payload xsi:type="roa:MeasuredDataPublication" lang="nl" modelBaseVersion="3">
      <com:publicationTime>2026-10-01T18:58:00Z</com:publicationTime>
      <roa:measurementSiteTableReference targetClass="roa:MeasurementSiteTable" id="NDW" version="2"/>
      <roa:siteMeasurements>
        <roa:measurementSiteReference targetClass="roa:MeasurementSite" id="GAD02" version="19"/>
        <roa:physicalQuantity index="1"><roa:physicalQuantity xsi:type="roa:SinglePhysicalQuantity">
          <roa:basicData xsi:type="roa:TrafficFlow"><roa:measurementOrCalculationTime><roa:timeMeaning>startTime</roa:timeMeaning>
          <roa:timeValue>2026-10-01T18:54:00Z</roa:timeValue></roa:measurementOrCalculationTime>
          <roa:vehicleFlow accuracy="0.0"><com:vehicleFlowRate>240</com:vehicleFlowRate></roa:vehicleFlow></roa:basicData>
        </roa:physicalQuantity></roa:physicalQuantity>
        <roa:physicalQuantity index="2"><roa:physicalQuantity xsi:type="roa:SinglePhysicalQuantity">
          <roa:physicalQuantityFault><roa:physicalQuantityFaultType>noDataValuesAvailable</roa:physicalQuantityFaultType>
          </roa:physicalQuantityFault>
          <roa:basicData xsi:type="roa:TrafficSpeed"><roa:averageVehicleSpeed><com:speed>50.0</com:speed>
          </roa:averageVehicleSpeed></roa:basicData></roa:physicalQuantity></roa:physicalQuantity>
        <roa:physicalQuantity index="3"><roa:physicalQuantity xsi:type="roa:SinglePhysicalQuantity">
          <roa:basicData xsi:type="roa:TrafficConcentration"><roa:density><roa:densityOfVehicles>31</roa:densityOfVehicles>
          </roa:density><roa:occupancy><com:percentage>12.5</com:percentage></roa:occupancy></roa:basicData>
        </roa:physicalQuantity></roa:physicalQuantity>
        <roa:measurementTimeDefault><roa:timeMeaning>endTime</roa:timeMeaning><roa:timeValue>2026-10-01T18:55:00Z</roa:timeValue>
        </roa:measurementTimeDefault>
      </roa:siteMeasurements></mc:payload></mc:messageContainer>"#;
    let data = read(xml);
    assert_eq!(data.publication.version, Datex2Version::V3);
    let site = &data.sites[0];
    assert_eq!(
        (&*site.site, site.time, site.meaning),
        ("GAD02", Some(1_790_880_900), Some(TimeMeaning::End))
    );
    let found: Vec<_> = data.of(site).iter().map(|m| (m.index, m.quantity, m.state)).collect();
    use MeasurementState::{Error, Measured};
    assert_eq!(
        found,
        [
            (1, Quantity::Flow, Measured),
            (2, Quantity::Speed, Error),
            (3, Quantity::Density, Measured),
            (3, Quantity::Occupancy, Measured)
        ]
    );
    let values: Vec<f64> = data.measurements.iter().map(|m| m.value).collect();
    assert!(values[0] == 240.0 && values[1].is_nan() && values[2..] == [31.0, 12.5]);
    assert_eq!(data.measurements[0].time, Some(1_790_880_840));
    assert!(data.complete && data.problems.is_empty(), "{}", data.problems);
}

#[test]
fn what_is_missing_says_why() {
    use MeasurementState::{Error, Measured, NoValue, NoVehicle};
    let rate = |rate: &str| format!("<vehicleFlowRate>{rate}</vehicleFlowRate>");
    assert_eq!(one(&flow("", &rate("0"))), (0.0, Measured));
    assert_eq!(one(&flow(" numberOfInputValuesUsed='0'", &rate("0"))), (0.0, Measured));
    assert_eq!(one(&flow(" numberOfInputValuesUsed='0'", &rate("60"))).1, NoValue);
    assert_eq!(one(&flow("", &rate("-1"))).1, NoValue);
    assert_eq!(one(&flow("", "")).1, NoValue);
    let (value, state) = one(&flow("", &format!("<dataError>true</dataError>{}", rate("0"))));
    assert!(value.is_nan() && state == Error);
    assert_eq!(one(&flow("", &format!("<dataError>false</dataError>{}", rate("5")))), (5.0, Measured));
    let reason = "<dataError>true</dataError><reasonForDataError><values><value lang=\"nl\">Geen data</value></values></reasonForDataError>";
    assert_eq!(one(&flow("", &format!("{reason}{}", rate("0")))).1, Error);
    for nobody in ["-1", "0"] {
        let (value, state) =
            one(&speed(" numberOfInputValuesUsed=\"0\"", &format!("<speed>{nobody}</speed>")));
        assert!(value.is_nan() && state == NoVehicle);
    }
    assert_eq!(one(&speed("", "<speed>-1</speed>")).1, NoValue);
    assert_eq!(one(&speed("", "<speed>0</speed>")), (0.0, Measured)); // vehicles that stand
    let careful = Datex2Options::default().with_least_quality(80.0);
    let xml = v2(&flow(" supplierCalculatedDataQuality=\"60.0\"", &rate("60")));
    let data = parse_datex2(xml.as_bytes(), "q.xml", &careful).unwrap();
    assert_eq!(data.measurements[0].state, MeasurementState::LowQuality);
}

#[test]
fn what_cannot_be_is_listed_with_its_place() {
    let bad = [
        flow("", "<vehicleFlowRate>-12</vehicleFlowRate>"),
        flow("", "<vehicleFlowRate>90000</vehicleFlowRate>"),
        speed("", "<speed>INF</speed>"),
        speed("", "<speed>fast</speed>"),
        value(2, "<occupancy><percentage>101</percentage></occupancy>"),
    ];
    let data = read(&v2(&bad.concat()));
    assert!(data.measurements.iter().all(|m| m.value.is_nan()));
    assert_eq!(data.problems.count(), 5, "{}", data.problems);
    assert_eq!(data.problems.count_of(ProblemKind::ImpossibleValue), 4);
    let told = data.problems.to_string();
    let first = "test.xml, row 1, column “index 1”, key “a&b”: found -12 {vehicle}/h as Flow, needed 0 to 20000 {vehicle}/h; taken as missing";
    assert!(told.contains(first), "{told}");
    let nameless = read(&v2("").replace("id=\"a&amp;b\"", ""));
    assert!(nameless.sites.is_empty() && nameless.problems.count() == 1);
    let timeless = read(&v2(&flow("", "<vehicleFlowRate>1</vehicleFlowRate>")).replace("21:48:00Z", "25:99"));
    assert_eq!((timeless.sites[0].time, timeless.problems.count()), (None, 2));
    let local = v2("").replace("21:48:00Z", "23:48:00");
    assert_eq!(read(&local).problems.count(), 1);
    let here = Datex2Options::default().with_zone(datagora_core::Zone::PARIS);
    let here = parse_datex2(local.as_bytes(), "local.xml", &here).unwrap();
    assert_eq!((here.sites[0].time, here.problems.count()), (Some(1_755_294_480), 0));
}

#[test]
fn other_files_are_refused_by_name() {
    let refusal =
        |xml: &str| parse_datex2(xml.as_bytes(), "x.xml", &Datex2Options::default()).unwrap_err().to_string();
    assert!(refusal("<a/>").contains("XML without a publication"));
    assert!(
        refusal(&v2("").replace("BaseVersion=\"2\"", "BaseVersion=\"1.0\""))
            .contains("DATEX II of version 1.0")
    );
    assert!(refusal(&v2("").replace("MeasuredData", "Situation")).contains("found a SituationPublication"));
    assert!(refusal("{\"a\": 1}").contains("XML without a publication"));
    assert!(refusal("<html>\0").contains("x.xml"));
    assert!(refusal("").contains("empty"));
}

#[test]
fn a_file_that_is_cut_off_is_read_up_to_there() {
    let site = |id: &str| {
        let site = v2(&flow("", "<vehicleFlowRate>60</vehicleFlowRate>")).replace("a&amp;b", id);
        let from = site.find("<siteMeasurements").unwrap();
        site[from..site.find("</payload").unwrap()].to_owned()
    };
    let whole = v2("").replace("</payload", &format!("{}{}</payload", site("c"), site("d")));
    let cut = whole.rfind("</vehicleFlow>").unwrap();
    let data = read(&whole[..cut]);
    assert_eq!(data.sites.iter().map(|site| &*site.site).collect::<Vec<_>>(), ["a&b", "c"]);
    assert!(!data.complete);
    let problem = data.problems.problems().next().unwrap();
    assert_eq!((problem.byte, problem.key.as_deref()), (Some(cut as u64), Some("d")));
    // The same within a file packed by gzip, whole and cut off.
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(whole.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let options = Datex2Options::default();
    assert_eq!(parse_datex2(&packed, "x.gz", &options).unwrap().sites.len(), 3);
    let cut = parse_datex2(&packed[..packed.len() - 9], "x.gz", &options).unwrap();
    assert!(!cut.complete && cut.problems.count() == 1, "{}", cut.problems);
}

#[test]
fn sites_of_version_3_are_read_as_well() {
    let xml = r#"<mc:messageContainer><mc:payload><roa:measurementSiteTable id="T"><roa:measurementSite id="s" version="1">
      <roa:measurementSiteName><com:values><com:value lang="nl">A7</com:value></com:values></roa:measurementSiteName>
      <roa:measurementSpecificCharacteristics index="1"><roa:measurementSpecificCharacteristics><roa:period>60.0</roa:period>
        <roa:specificLane><loc:laneNumber>2</loc:laneNumber></roa:specificLane>
        <roa:specificMeasurementValueType>trafficSpeed</roa:specificMeasurementValueType><roa:specificVehicleCharacteristics>
        <com:lengthCharacteristic><com:comparisonOperator>greaterThan</com:comparisonOperator><com:vehicleLength>12.2</com:vehicleLength>
        </com:lengthCharacteristic></roa:specificVehicleCharacteristics>
      </roa:measurementSpecificCharacteristics></roa:measurementSpecificCharacteristics>
      <roa:measurementSpecificCharacteristics index="1"/><roa:measurementSpecificCharacteristics index="x"/>
      <roa:measurementSiteLocation><loc:pointByCoordinates><loc:pointCoordinates><loc:latitude>95</loc:latitude>
        <loc:longitude>4.6</loc:longitude></loc:pointCoordinates></loc:pointByCoordinates></roa:measurementSiteLocation>
      </roa:measurementSite><roa:measurementSite/></roa:measurementSiteTable></mc:payload></mc:messageContainer>"#;
    let table = parse_datex2_sites(xml.as_bytes(), "sites.xml").unwrap();
    let [site] = &table.sites[..] else { panic!("{table:?}") };
    assert_eq!((site.name.as_deref(), site.position), (Some("A7"), None));
    let [one] = &site.characteristics[..] else { panic!("{site:?}") };
    assert_eq!((one.quantity, one.lane.as_deref()), (Some(Quantity::Speed), Some("lane2")));
    assert_eq!(one.lengths, [LengthRule { comparison: Comparison::Greater, metres: 12.2 }]);
    assert!(!one.is_any_vehicle());
    assert_eq!(table.problems.count(), 4, "{}", table.problems);
    assert!(parse_datex2_sites(b"<a/>", "a.xml").is_err());
}

#[test]
fn sites_left_out_are_records_as_well() {
    let xml = r#"<measurementSiteTable><measurementSiteRecord/><measurementSiteRecord/><measurementSiteRecord id="s">
      <measurementSiteNumberOfLanes>many</measurementSiteNumberOfLanes></measurementSiteRecord></measurementSiteTable>"#;
    let table = parse_datex2_sites(xml.as_bytes(), "sites.xml").unwrap();
    let mut rows: Vec<Option<u64>> = table.problems.problems().map(|problem| problem.row).collect();
    rows.sort_unstable();
    assert_eq!(rows, [Some(1), Some(2), Some(3)]);
}

#[test]
fn lanes_are_counted_in_whole_numbers() {
    for (said, lanes) in
        [("3", Some(3)), ("0", Some(0)), ("99", Some(99)), ("100", None), ("-1", None), ("2.5", None)]
    {
        let xml = format!(
            "<measurementSiteTable><measurementSiteRecord id=\"s\"><measurementSiteNumberOfLanes>{said}\
             </measurementSiteNumberOfLanes></measurementSiteRecord></measurementSiteTable>"
        );
        let table = parse_datex2_sites(xml.as_bytes(), "sites.xml").unwrap();
        assert_eq!((table.sites[0].lanes, table.problems.is_empty()), (lanes, lanes.is_some()), "{said}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse_datex2(&bytes, "random", &Datex2Options::default());
        let _ = parse_datex2_sites(&bytes, "random");
    }

    /// A sound file in which a few bytes are changed or lost.
    #[test]
    fn damaged_files_are_read_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<proptest::sample::Index>(), lose in any::<proptest::sample::Index>(), length in 0_usize..40
    ) {
        let sound = v2(&[
            flow(" numberOfInputValuesUsed='2'", "<dataError>true</dataError><vehicleFlowRate>120</vehicleFlowRate>"),
            speed("", "<speed>-1</speed>"), value(3, "<occupancy><percentage>12</percentage></occupancy>"),
        ].concat());
        let mut bytes = sound.into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let lost = lose.index(bytes.len());
        bytes.drain(lost..(lost + length).min(bytes.len()));
        bytes.truncate(cut.index(bytes.len() + 1));
        if let Ok(data) = parse_datex2(&bytes, "damaged", &Datex2Options::default()) {
            prop_assert!(data.complete || !data.problems.is_empty());
            for one in &data.measurements {
                prop_assert_eq!(one.value.is_nan(), one.state != MeasurementState::Measured);
                prop_assert!(one.value.is_nan() || one.value >= 0.0);
            }
        }
        let _ = parse_datex2_sites(&bytes, "damaged");
    }
}
