//! Staff of an establishment, known by bracket: bounds, never a midpoint.
use std::fmt;

use datagora_core::{Language, Measured, Unit};

/// Staff bracket (*tranche d'effectifs*) of the register of establishments.
///
/// # Example
///
/// ```
/// use datagora_core::Language;
/// use datagora_indicators::economy::StaffBracket;
///
/// let bracket = StaffBracket::parse("12")?;
/// assert_eq!(bracket.bounds(), (20, Some(49)));
/// assert_eq!(bracket.label(Language::French), "20 à 49 salariés");
/// assert_eq!(StaffBracket::containing(35), bracket); // what a file calls 35 is somewhere between 20 and 49
/// # Ok::<(), datagora_indicators::economy::StaffError>(())
/// ```
///
/// # References
///
/// Insee, *base Sirene*, variable `trancheEffectifsEtablissement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum StaffBracket {
    /// NN: not an employer.
    #[cfg_attr(feature = "serde", serde(rename = "NN"))]
    NotEmployer,
    /// 00: employed somebody in the year, nobody at its end.
    #[cfg_attr(feature = "serde", serde(rename = "00"))]
    From0,
    /// 01: 1 or 2.
    #[cfg_attr(feature = "serde", serde(rename = "01"))]
    From1,
    /// 02: 3 to 5.
    #[cfg_attr(feature = "serde", serde(rename = "02"))]
    From3,
    /// 03: 6 to 9.
    #[cfg_attr(feature = "serde", serde(rename = "03"))]
    From6,
    /// 11: 10 to 19.
    #[cfg_attr(feature = "serde", serde(rename = "11"))]
    From10,
    /// 12: 20 to 49.
    #[cfg_attr(feature = "serde", serde(rename = "12"))]
    From20,
    /// 21: 50 to 99.
    #[cfg_attr(feature = "serde", serde(rename = "21"))]
    From50,
    /// 22: 100 to 199.
    #[cfg_attr(feature = "serde", serde(rename = "22"))]
    From100,
    /// 31: 200 to 249.
    #[cfg_attr(feature = "serde", serde(rename = "31"))]
    From200,
    /// 32: 250 to 499.
    #[cfg_attr(feature = "serde", serde(rename = "32"))]
    From250,
    /// 41: 500 to 999.
    #[cfg_attr(feature = "serde", serde(rename = "41"))]
    From500,
    /// 42: 1,000 to 1,999.
    #[cfg_attr(feature = "serde", serde(rename = "42"))]
    From1000,
    /// 51: 2,000 to 4,999.
    #[cfg_attr(feature = "serde", serde(rename = "51"))]
    From2000,
    /// 52: 5,000 to 9,999.
    #[cfg_attr(feature = "serde", serde(rename = "52"))]
    From5000,
    /// 53: 10,000 and more.
    #[cfg_attr(feature = "serde", serde(rename = "53"))]
    From10000,
}

/// What is no staff bracket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{found:?} is not a staff bracket; Insee's codes are NN, 00 to 03, 11, 12, 21, 22, 31, 32, 41, 42 and 51 to 53"
)]
pub struct StaffError {
    /// What was read, cut after 20 characters.
    pub found: String,
}

/// Code, smallest and largest staff of each bracket, in ascending order.
const BRACKETS: [(StaffBracket, &str, u32, Option<u32>); 16] = [
    (StaffBracket::NotEmployer, "NN", 0, Some(0)),
    (StaffBracket::From0, "00", 0, Some(0)),
    (StaffBracket::From1, "01", 1, Some(2)),
    (StaffBracket::From3, "02", 3, Some(5)),
    (StaffBracket::From6, "03", 6, Some(9)),
    (StaffBracket::From10, "11", 10, Some(19)),
    (StaffBracket::From20, "12", 20, Some(49)),
    (StaffBracket::From50, "21", 50, Some(99)),
    (StaffBracket::From100, "22", 100, Some(199)),
    (StaffBracket::From200, "31", 200, Some(249)),
    (StaffBracket::From250, "32", 250, Some(499)),
    (StaffBracket::From500, "41", 500, Some(999)),
    (StaffBracket::From1000, "42", 1_000, Some(1_999)),
    (StaffBracket::From2000, "51", 2_000, Some(4_999)),
    (StaffBracket::From5000, "52", 5_000, Some(9_999)),
    (StaffBracket::From10000, "53", 10_000, None),
];

impl StaffBracket {
    /// All brackets, in ascending order.
    pub fn all() -> impl DoubleEndedIterator<Item = StaffBracket> + ExactSizeIterator {
        BRACKETS.iter().map(|row| row.0)
    }

    /// Reads Insee's code. A leading zero lost on the way through a spreadsheet is restored: `2` is `02`.
    ///
    /// An empty cell is no bracket: it means that the staff is not known.
    ///
    /// # Errors
    ///
    /// [`StaffError`].
    pub fn parse(text: &str) -> Result<Self, StaffError> {
        let code = text.trim();
        BRACKETS
            .iter()
            .find(|row| {
                row.1.eq_ignore_ascii_case(code) || (code.len() == 1 && row.1.strip_prefix('0') == Some(code))
            })
            .map(|row| row.0)
            .ok_or_else(|| StaffError { found: text.chars().take(20).collect() })
    }

    /// The bracket of a number of employees.
    pub fn containing(employees: u32) -> Self {
        BRACKETS.iter().rev().find(|row| row.2 <= employees).map_or(StaffBracket::From0, |row| row.0)
    }

    fn row(self) -> &'static (StaffBracket, &'static str, u32, Option<u32>) {
        &BRACKETS[self as usize]
    }

    /// Insee's code.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// Smallest and largest staff; `None` above means that there is no limit.
    pub fn bounds(self) -> (u32, Option<u32>) {
        (self.row().2, self.row().3)
    }

    /// Upper bound as a number, infinite in the top bracket.
    pub(super) fn upper(self) -> f64 {
        self.row().3.map_or(f64::INFINITY, f64::from)
    }

    /// In words.
    pub fn label(self, language: Language) -> String {
        match (self, self.bounds()) {
            (StaffBracket::NotEmployer, _) => language.pick("non employeur", "not an employer").to_owned(),
            (_, (_, Some(0))) => language.pick("0 salarié", "0 employees").to_owned(),
            (StaffBracket::From1, _) => language.pick("1 ou 2 salariés", "1 or 2 employees").to_owned(),
            (_, (lower, Some(upper))) => {
                let (lower, upper) = (grouped(lower, language), grouped(upper, language));
                language
                    .pick(
                        format!("{lower} à {upper} salariés").as_str(),
                        &format!("{lower} to {upper} employees"),
                    )
                    .to_owned()
            }
            (_, (lower, None)) => {
                let lower = grouped(lower, language);
                language
                    .pick(
                        format!("{lower} salariés et plus").as_str(),
                        &format!("{lower} employees and more"),
                    )
                    .to_owned()
            }
        }
    }
}

/// Thousands set apart.
fn grouped(number: u32, language: Language) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{thousands}{}{:03}", language.pick("\u{202f}", ","), number % 1_000),
    }
}

impl fmt::Display for StaffBracket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Jobs of a group of establishments: the bounds that their brackets add up to.
///
/// The true number lies between the sum of the lower and the sum of the upper bounds for certain. There is no best guess:
/// the middle of a bracket is not the mean of its establishments, which are mostly near the lower end.
///
/// # Missing values
///
/// `None` is an establishment of unknown staff: the sum has no upper bound then, and the completeness is the share of
/// establishments whose bracket is known. One in the open top bracket takes the upper bound away, too.
///
/// # Interpretation
///
/// Employees, not all jobs: the self-employed are not in it. The brackets speak of 31 December of some year past.
///
/// # Example
///
/// ```
/// use datagora_indicators::economy::{StaffBracket, jobs};
///
/// let found = jobs(&[Some(StaffBracket::From1), Some(StaffBracket::From20)]);
/// let bounds = found.interval().unwrap();
/// assert_eq!((bounds.lower, bounds.upper, found.value()), (21.0, 51.0, None));
/// ```
pub fn jobs(staff: &[Option<StaffBracket>]) -> Measured {
    let known: Vec<StaffBracket> = staff.iter().flatten().copied().collect();
    let lower: u64 = known.iter().map(|bracket| u64::from(bracket.bounds().0)).sum();
    let upper: f64 = known.iter().map(|bracket| bracket.upper()).sum();
    let open = known.len() < staff.len();
    bounded_jobs(lower as f64, if open { f64::INFINITY } else { upper })
        .with_observations(known.len() as u64)
        .with_completeness(if staff.is_empty() { 1.0 } else { known.len() as f64 / staff.len() as f64 })
}

/// Jobs between two bounds.
pub(super) fn bounded_jobs(lower: f64, upper: f64) -> Measured {
    let unit = Unit::of("{job}");
    Measured::bounded(lower, upper, unit.clone()).unwrap_or_else(|_| Measured::new(f64::NAN, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn brackets_follow_each_other_without_gap() {
        for (at, row) in BRACKETS.iter().enumerate() {
            assert_eq!(row.0 as usize, at);
            assert_eq!(StaffBracket::parse(row.1), Ok(row.0));
            if at > 1 {
                assert_eq!(BRACKETS[at - 1].3.map(|upper| upper + 1), Some(row.2));
            }
        }
        assert_eq!(StaffBracket::parse(" 2 "), Ok(StaffBracket::From3));
        assert_eq!(StaffBracket::parse("nn"), Ok(StaffBracket::NotEmployer));
        for wrong in ["", "13", "4", "é1", "1111111111111111111111111"] {
            assert!(StaffBracket::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(StaffBracket::From1000.label(Language::French), "1\u{202f}000 à 1\u{202f}999 salariés");
        assert_eq!(StaffBracket::From10000.label(Language::English), "10,000 employees and more");
    }

    #[test]
    fn open_and_unknown_staff_have_no_upper_bound() {
        let top = jobs(&[Some(StaffBracket::From10000)]);
        assert_eq!(top.interval().unwrap().upper, f64::INFINITY);
        let unknown = jobs(&[Some(StaffBracket::From3), None]);
        assert_eq!((unknown.interval().unwrap().lower, unknown.completeness()), (3.0, 0.5));
        assert_eq!(unknown.interval().unwrap().upper, f64::INFINITY);
        assert_eq!(jobs(&[]).value(), Some(0.0));
    }

    proptest! {
        #[test]
        fn the_bounds_hold_whatever_the_true_staff(staff in proptest::collection::vec(0_u32..20_000, 0..40)) {
            let brackets: Vec<_> = staff.iter().map(|&jobs| Some(StaffBracket::containing(jobs))).collect();
            let truth: f64 = staff.iter().map(|&jobs| f64::from(jobs)).sum();
            let bounds = jobs(&brackets).interval().unwrap();
            prop_assert!(bounds.lower <= truth && truth <= bounds.upper);
        }

        #[test]
        fn parsing_never_panics(text in ".{0,8}") {
            if let Ok(bracket) = StaffBracket::parse(&text) {
                prop_assert!(text.to_uppercase().contains(bracket.code().trim_start_matches('0').trim()));
            }
        }
    }
}
