use proptest::prelude::*;

use super::*;

const CONSTANTS: [Unit; 15] = [
    Unit::ONE,
    Unit::PERCENT,
    Unit::METRE,
    Unit::KILOMETRE,
    Unit::SQUARE_METRE,
    Unit::HECTARE,
    Unit::SQUARE_KILOMETRE,
    Unit::SECOND,
    Unit::MINUTE,
    Unit::HOUR,
    Unit::DAY,
    Unit::KILOMETRE_PER_HOUR,
    Unit::CELSIUS,
    Unit::KELVIN,
    Unit::of("{tree}/har"),
];

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-12 * right.abs()
}

#[test]
fn every_constant_parses() {
    for unit in CONSTANTS {
        assert!(Unit::parse(unit.code()).is_ok(), "{unit}");
    }
}

/// The units named in the sources of the workspace are all well formed. Outside the workspace there is nothing to read.
#[test]
fn every_literal_of_the_workspace_parses() -> Result<(), Box<dyn std::error::Error>> {
    let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for folder in std::fs::read_dir(crates)? {
        let mut open = vec![folder?.path().join("src")];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                for entry in std::fs::read_dir(&path)? {
                    open.push(entry?.path());
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path)?;
                for code in source.split("Unit::of(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                    if code != BAD {
                        assert!(Unit::parse(code).is_ok(), "{}: {code}", path.display());
                    }
                }
            }
        }
    }
    Ok(())
}

/// A unit that is not one, for tests of what happens then.
const BAD: &str = "furlong";

#[test]
fn converts_what_urban_data_holds() -> Result<(), UnitError> {
    // From the definitions: 1 har = 10000 m2, 1 t = 1000 kg, 1 W.h = 3600 J, 1 L = 1 dm3, 1 a = 365.25 d.
    for (from, to, factor) in [
        ("har", "m2", 1e4),
        ("km2", "har", 100.0),
        ("km/h", "m/s", 1.0 / 3.6),
        ("t", "kg", 1e3),
        ("kW.h", "MJ", 3.6),
        ("GW.h/a", "MW", 1e3 / 8_766.0),
        ("L", "dm3", 1.0),
        ("m3", "L", 1e3),
        ("%", "1", 0.01),
        ("[ppm]", "%", 1e-4),
        ("wk", "d", 7.0),
        ("a", "mo", 12.0),
        ("hPa", "Pa", 100.0),
        ("[mi_i]/h", "km/h", 1.609_344),
        ("ug/m3", "mg/m3", 1e-3),
        ("J/s", "W", 1.0),
        ("N.m", "J", 1.0),
        ("lx", "lm/m2", 1.0),
        ("{vehicle}/(15.min)", "{vehicle}/h", 4.0),
        ("{tree}/har", "{tree}/km2", 100.0),
        ("{job}/(1000.{inhabitant})", "{job}/{inhabitant}", 1e-3),
        ("10*3.{inhabitant}", "{inhabitant}", 1e3),
        ("s-1", "Hz", 1.0),
        ("m+2", "m2", 1.0),
        ("dB[SPL]", "B[SPL]", 0.1),
        ("/har", "har-1", 1.0),
        ("K", "mK", 1e3),
    ] {
        let found = Unit::parse(from)?.factor_to(&Unit::parse(to)?)?;
        assert!(close(found, factor), "{from} to {to}: {found}, not {factor}");
    }
    Ok(())
}

#[test]
fn converts_temperatures_with_their_zeros() -> Result<(), UnitError> {
    assert_eq!(Unit::CELSIUS.convert(0.0, &Unit::KELVIN)?, 273.15);
    assert!(close(Unit::KELVIN.convert(300.0, &Unit::CELSIUS)?, 26.85));
    assert!(matches!(Unit::CELSIUS.factor_to(&Unit::KELVIN), Err(UnitError::NoFactor { .. })));
    assert_eq!(Unit::CELSIUS.factor_to(&Unit::CELSIUS)?, 1.0);
    // In a product they are differences.
    assert_eq!(Unit::of("W/(m2.Cel)").factor_to(&Unit::of("W/(m2.K)"))?, 1.0);
    assert!(
        !Unit::CELSIUS.is_additive() && !Unit::of("dB[SPL]").is_additive() && !Unit::of("dB").is_additive()
    );
    assert!(Unit::of("K").is_additive() && Unit::of("By").is_additive() && Unit::of("{tree}").is_additive());
    assert_eq!(Unit::CELSIUS.of_difference(), Unit::KELVIN);
    Ok(())
}

#[test]
fn keeps_counts_and_levels_apart() {
    for (left, right) in [
        ("{tree}", "{inhabitant}"),
        ("{tree}", "1"),
        ("kg{CO2}", "kg{PM10}"),
        ("{tree}/har", "{tree}/m"),
        ("dB[SPL]", "1"),
        ("dB", "dB[SPL]"),
        ("m2{canopy}/m2", "%"),
    ] {
        let (left, right) = (Unit::of(left), Unit::of(right));
        assert!(!left.is_comparable(&right), "{left} and {right}");
        assert!(matches!(left.factor_to(&right), Err(UnitError::Incomparable { .. })), "{left} and {right}");
    }
    assert!(Unit::of("{tree}.{inhabitant}/{tree}").is_comparable(&Unit::of("{inhabitant}")));
    assert_eq!(Unit::of("kg{CO2}/a").without_annotations(), Ok(Unit::of("kg/a")));
}

#[test]
fn explains_a_mismatch() {
    let error = Unit::of("{tree}/har").factor_to(&Unit::of("m")).map_err(|error| error.to_string());
    let expected = "{tree}/har is m-2.{tree} and m is m: they measure different things and do not convert";
    assert_eq!(error, Err(expected.to_owned()));
}

#[test]
fn multiplies_and_divides() -> Result<(), UnitError> {
    for (left, right, product) in [
        ("{tree}/har", "har", "{tree}"),
        ("km/h", "h", "km"),
        ("m", "m", "m2"),
        ("1", "{job}", "{job}"),
        ("{job}", "1", "{job}"),
        ("m2/{inhabitant}", "{inhabitant}/m2", "1"),
        ("/har", "{tree}", "{tree}/har"),
    ] {
        assert_eq!(Unit::of(left).multiply(&Unit::of(right))?, Unit::of(product), "{left} by {right}");
    }
    for (left, right, quotient) in [
        ("{tree}", "har", "{tree}/har"),
        ("{tree}", "{tree}", "1"),
        ("km", "km/h", "h"),
        ("1", "s", "/s"),
        ("m2{canopy}", "m2{canopy}", "1"),
        ("{job}", "{inhabitant}.har", "{job}/{inhabitant}/har"),
    ] {
        assert_eq!(Unit::of(left).divide(&Unit::of(right))?, Unit::of(quotient), "{left} by {right}");
    }
    assert!(Unit::of(BAD).multiply(&Unit::ONE).is_err());
    Ok(())
}

#[test]
fn speaks_to_citizens() {
    for (code, french, english) in [
        ("{tree}/har", "arbres/ha", "trees/ha"),
        ("m2/{inhabitant}", "m²/hab.", "m²/inhabitant"),
        ("%", "%", "%"),
        ("1", "", ""),
        ("km/h", "km/h", "km/h"),
        ("{vehicle}/d", "véhicules/j", "vehicles/d"),
        ("{job}/(1000.{inhabitant})", "emplois/1\u{202f}000\u{a0}hab.", "jobs/1,000\u{a0}inhabitants"),
        ("Cel", "°C", "°C"),
        ("ug/m3", "µg/m³", "µg/m³"),
        ("[ppm]", "ppm", "ppm"),
        ("dB[SPL]", "dB", "dB"),
        ("kW.h", "kW·h", "kW·h"),
        ("{vehicle}.km/a", "véhicules·km/an", "vehicles·km/yr"),
        ("a", "ans", "yr"),
        ("{bench}", "bench", "bench"),
        ("{tree}/{inhabitant}/har", "arbres/(hab.·ha)", "trees/(inhabitant·ha)"),
        ("/har", "/ha", "/ha"),
        ("kg{CO2}/a", "kg\u{a0}CO₂/an", "kg\u{a0}CO₂/yr"),
        ("{person}", "personnes", "people"),
        ("{EUR}", "€", "€"),
        ("{EUR}/{inhabitant}/a", "€/(hab.·an)", "€/(inhabitant·yr)"),
        ("{tree}/(1000.{inhabitant})", "arbres/1\u{202f}000\u{a0}hab.", "trees/1,000\u{a0}inhabitants"),
        (BAD, BAD, BAD),
    ] {
        let unit = Unit(Cow::Borrowed(code));
        assert_eq!(unit.symbol(Language::French), french, "{code}");
        assert_eq!(unit.symbol(Language::English), english, "{code}");
    }
    let trees = Unit::of("{tree}");
    assert_eq!(trees.symbol_of(1.5, Language::French), "arbre");
    assert_eq!(trees.symbol_of(1.5, Language::English), "trees");
    assert_eq!(trees.symbol_of(1.0, Language::English), "tree");
}

#[test]
fn refuses_with_a_hint() {
    for (code, hint) in
        [("ha", "har"), ("°C", "Cel"), ("kWh", "kW.h"), ("veh/h", "{vehicle}"), ("an", "is a")]
    {
        let message = Unit::parse(code).map_err(|error| error.to_string());
        assert!(matches!(&message, Err(text) if text.contains(hint)), "{message:?}");
    }
    for code in
        ["", "m2/", "m..s", "(m", "m)", "{tree", "{}", "m0", "m31", "m-", "0", "m s", "hmin", "k%", "/", "m²"]
    {
        assert!(Unit::parse(code).is_err(), "{code}");
    }
    let error = Unit::parse("har.{tree").map_err(|error| error.to_string());
    assert_eq!(
        error,
        Err("unit \"har.{tree\": an annotation with its closing brace needed at character 5".to_owned())
    );
    assert!(Unit::parse(&"(".repeat(150)).is_err());
}

#[cfg(feature = "serde")]
#[test]
fn is_text_in_json() -> Result<(), Box<dyn std::error::Error>> {
    let unit: Unit = serde_json::from_str("\"{tree}/har\"")?;
    assert_eq!(serde_json::to_string(&unit)?, "\"{tree}/har\"");
    assert!(serde_json::from_str::<Unit>("\"furlong\"").is_err());
    Ok(())
}

fn code() -> impl Strategy<Value = String> {
    let factor = prop_oneof![
        Just("m".to_owned()),
        Just("km2".to_owned()),
        Just("har".to_owned()),
        Just("{tree}".to_owned()),
        Just("kg{CO2}".to_owned()),
        Just("h".to_owned()),
        Just("15".to_owned()),
        Just("%".to_owned()),
        Just("10*3".to_owned()),
        Just("(W.h/m2)".to_owned()),
    ];
    proptest::collection::vec((factor, prop_oneof![Just("."), Just("/")]), 1..5)
        .prop_map(|parts| parts.into_iter().fold("1".to_owned(), |code, (part, sign)| code + sign + &part))
}

proptest! {
    #[test]
    fn never_panics(code in ".{0,20}") {
        if let Ok(unit) = Unit::parse(&code) {
            prop_assert!(unit.is_comparable(&unit));
            let _ = unit.symbol(Language::French);
        }
    }

    #[test]
    fn survives_what_looks_like_units(code in "[a-zA-Z0-9{}\\[\\]()./%*^+'-]{0,20}") {
        if let Ok(unit) = Unit::parse(&code) {
            prop_assert!(Unit::parse(unit.multiply(&Unit::METRE)?.code()).is_ok());
        }
    }

    #[test]
    fn products_and_quotients_undo_each_other(left in code(), right in code()) {
        let (left, right) = (Unit::parse(&left)?, Unit::parse(&right)?);
        let back = left.multiply(&right)?.divide(&right)?;
        prop_assert!(close(back.factor_to(&left)?, 1.0));
        prop_assert_eq!(Unit::parse(back.code())?, back);
        prop_assert!(left.divide(&left)?.dimension()?.is_one());
    }

    #[test]
    fn conversions_undo_each_other(value in -1e6f64..1e6) {
        for (from, to) in [("Cel", "K"), ("km/h", "m/s"), ("har", "km2"), ("mCel", "Cel")] {
            let (from, to) = (Unit::parse(from)?, Unit::parse(to)?);
            let back = to.convert(from.convert(value, &to)?, &from)?;
            prop_assert!((back - value).abs() <= 1e-9 * value.abs().max(1.0));
        }
    }
}
