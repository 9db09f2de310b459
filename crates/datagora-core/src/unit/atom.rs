//! The unit atoms and prefixes of the subset, with their values in base units.
//!
//! Values from the tables of *The Unified Code for Units of Measure*, version 2.1.

/// Number of base units.
pub(super) const BASES: usize = 9;

/// The base units. The last two are bels, which UCUM defines as functions: a level converts only to a level of the
/// same kind, so each kind is a dimension of its own.
pub(super) const BASE_NAMES: [&str; BASES] = ["m", "s", "g", "K", "rad", "C", "cd", "B", "B[SPL]"];

/// A unit that is not built from others in writing.
#[derive(Debug)]
pub(super) struct Atom {
    /// Case-sensitive symbol.
    pub(super) symbol: &'static str,
    /// Does it take prefixes?
    pub(super) metric: bool,
    /// Its value in base units.
    pub(super) factor: f64,
    /// Its exponents of the base units.
    pub(super) base: [i32; BASES],
    /// Value in base units of its zero, for a unit whose zero is a convention.
    pub(super) offset: Option<f64>,
}

impl Atom {
    /// Is it the logarithm of a ratio?
    pub(super) fn is_level(&self) -> bool {
        self.base[7] != 0 || self.base[8] != 0
    }
}

const fn atom(symbol: &'static str, metric: bool, factor: f64, base: [i32; BASES]) -> Atom {
    Atom { symbol, metric, factor, base, offset: None }
}

const NUMBER: [i32; BASES] = [0; BASES];
const LENGTH: [i32; BASES] = [1, 0, 0, 0, 0, 0, 0, 0, 0];
const AREA: [i32; BASES] = [2, 0, 0, 0, 0, 0, 0, 0, 0];
const VOLUME: [i32; BASES] = [3, 0, 0, 0, 0, 0, 0, 0, 0];
const TIME: [i32; BASES] = [0, 1, 0, 0, 0, 0, 0, 0, 0];
const MASS: [i32; BASES] = [0, 0, 1, 0, 0, 0, 0, 0, 0];
const TEMPERATURE: [i32; BASES] = [0, 0, 0, 1, 0, 0, 0, 0, 0];
const ANGLE: [i32; BASES] = [0, 0, 0, 0, 1, 0, 0, 0, 0];

const DAY: f64 = 86_400.0;

pub(super) const ATOMS: [Atom; 55] = [
    // Base units.
    atom("m", true, 1.0, LENGTH),
    atom("s", true, 1.0, TIME),
    atom("g", true, 1.0, MASS),
    atom("K", true, 1.0, TEMPERATURE),
    atom("rad", true, 1.0, ANGLE),
    atom("C", true, 1.0, [0, 0, 0, 0, 0, 1, 0, 0, 0]),
    atom("cd", true, 1.0, [0, 0, 0, 0, 0, 0, 1, 0, 0]),
    // Levels.
    atom("B", true, 1.0, [0, 0, 0, 0, 0, 0, 0, 1, 0]),
    atom("B[SPL]", true, 1.0, [0, 0, 0, 0, 0, 0, 0, 0, 1]),
    // Numbers.
    atom("10*", false, 10.0, NUMBER),
    atom("10^", false, 10.0, NUMBER),
    atom("[pi]", false, std::f64::consts::PI, NUMBER),
    atom("%", false, 1e-2, NUMBER),
    atom("[ppth]", false, 1e-3, NUMBER),
    atom("[ppm]", false, 1e-6, NUMBER),
    atom("[ppb]", false, 1e-9, NUMBER),
    // Derived SI units.
    atom("sr", true, 1.0, [0, 0, 0, 0, 2, 0, 0, 0, 0]),
    atom("Hz", true, 1.0, [0, -1, 0, 0, 0, 0, 0, 0, 0]),
    atom("N", true, 1e3, [1, -2, 1, 0, 0, 0, 0, 0, 0]),
    atom("Pa", true, 1e3, [-1, -2, 1, 0, 0, 0, 0, 0, 0]),
    atom("J", true, 1e3, [2, -2, 1, 0, 0, 0, 0, 0, 0]),
    atom("W", true, 1e3, [2, -3, 1, 0, 0, 0, 0, 0, 0]),
    atom("A", true, 1.0, [0, -1, 0, 0, 0, 1, 0, 0, 0]),
    atom("V", true, 1e3, [2, -2, 1, 0, 0, -1, 0, 0, 0]),
    atom("Ohm", true, 1e3, [2, -1, 1, 0, 0, -2, 0, 0, 0]),
    atom("lm", true, 1.0, [0, 0, 0, 0, 2, 0, 1, 0, 0]),
    atom("lx", true, 1.0, [-2, 0, 0, 0, 2, 0, 1, 0, 0]),
    Atom { symbol: "Cel", metric: true, factor: 1.0, base: TEMPERATURE, offset: Some(273.15) },
    // Time.
    atom("min", false, 60.0, TIME),
    atom("h", false, 3_600.0, TIME),
    atom("d", false, DAY, TIME),
    atom("wk", false, 7.0 * DAY, TIME),
    atom("mo", false, 30.4375 * DAY, TIME),
    atom("mo_j", false, 30.4375 * DAY, TIME),
    atom("mo_g", false, 30.436_875 * DAY, TIME),
    atom("a", false, 365.25 * DAY, TIME),
    atom("a_j", false, 365.25 * DAY, TIME),
    atom("a_g", false, 365.2425 * DAY, TIME),
    atom("a_t", false, 365.242_19 * DAY, TIME),
    // Length, area, volume, mass, pressure.
    atom("ar", true, 100.0, AREA),
    atom("l", true, 1e-3, VOLUME),
    atom("L", true, 1e-3, VOLUME),
    atom("t", true, 1e6, MASS),
    atom("bar", true, 1e8, [-1, -2, 1, 0, 0, 0, 0, 0, 0]),
    atom("atm", false, 101_325e3, [-1, -2, 1, 0, 0, 0, 0, 0, 0]),
    atom("[in_i]", false, 0.0254, LENGTH),
    atom("[ft_i]", false, 0.3048, LENGTH),
    atom("[yd_i]", false, 0.9144, LENGTH),
    atom("[mi_i]", false, 1_609.344, LENGTH),
    atom("[kn_i]", false, 1_852.0 / 3_600.0, [1, -1, 0, 0, 0, 0, 0, 0, 0]),
    // Angle.
    atom("deg", false, std::f64::consts::PI / 180.0, ANGLE),
    atom("'", false, std::f64::consts::PI / 10_800.0, ANGLE),
    atom("''", false, std::f64::consts::PI / 648_000.0, ANGLE),
    // Information.
    atom("bit", true, 1.0, NUMBER),
    atom("By", true, 8.0, NUMBER),
];

/// The metric prefixes.
pub(super) const PREFIXES: [(&str, f64); 20] = [
    ("Y", 1e24),
    ("Z", 1e21),
    ("E", 1e18),
    ("P", 1e15),
    ("T", 1e12),
    ("G", 1e9),
    ("M", 1e6),
    ("k", 1e3),
    ("h", 1e2),
    ("da", 1e1),
    ("d", 1e-1),
    ("c", 1e-2),
    ("m", 1e-3),
    ("u", 1e-6),
    ("n", 1e-9),
    ("p", 1e-12),
    ("f", 1e-15),
    ("a", 1e-18),
    ("z", 1e-21),
    ("y", 1e-24),
];

/// Prefix and atom of a symbol, such as `km`. An atom without prefix goes first: `min` is no milli-inch.
pub(super) fn find(symbol: &str) -> Option<(Option<(&'static str, f64)>, &'static Atom)> {
    if let Some(atom) = ATOMS.iter().find(|atom| atom.symbol == symbol) {
        return Some((None, atom));
    }
    PREFIXES.iter().find_map(|prefix| {
        let rest = symbol.strip_prefix(prefix.0)?;
        let atom = ATOMS.iter().find(|atom| atom.metric && atom.symbol == rest)?;
        Some((Some(*prefix), atom))
    })
}

/// What to write instead of a symbol that is common but not UCUM.
pub(super) fn hint(symbol: &str) -> &'static str {
    match symbol {
        "ha" => "a hectare is har",
        "°C" | "degC" | "°" => "a degree Celsius is Cel, a degree of arc deg",
        "Wh" | "kWh" | "MWh" | "GWh" => "an hour of power is a product, such as kW.h",
        "VA" | "Ah" | "kVA" => "write a product with a dot, such as kV.A",
        "hr" | "hour" | "heure" | "hours" => "an hour is h",
        "j" | "day" | "jour" | "days" => "a day is d",
        "an" | "yr" | "year" | "y" => "a year is a",
        "month" | "mois" => "a month is mo",
        "week" | "sem" => "a week is wk",
        "mn" | "minute" | "minutes" => "a minute is min",
        "sec" => "a second is s",
        "kmh" | "kph" => "a kilometre per hour is km/h",
        "mph" | "mi" | "mile" => "a mile is [mi_i], a mile per hour [mi_i]/h",
        "ft" | "foot" => "a foot is [ft_i]",
        "ppm" => "parts per million are [ppm]",
        "ppb" => "parts per billion are [ppb]",
        "dBA" => "sound levels are dB[SPL]; the weighting is an annotation, dB[SPL]{A}",
        "µg" | "μg" => "the prefix micro is u, as in ug",
        "inhab" | "hab" | "inhabitants" | "veh" | "vehicles" | "trees" | "jobs" => {
            "what is counted stands in braces, such as {inhabitant} or {vehicle}"
        }
        _ => "see https://ucum.org; what is counted stands in braces, such as {tree}",
    }
}
