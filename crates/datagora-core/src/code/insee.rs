//! Communes and municipal arrondissements.
use std::fmt;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{code_as_text, excerpt};
use crate::CodeError;

const CODE: &str = "an INSEE commune code";

/// Code of a commune or municipal arrondissement in the *Code officiel géographique*: five characters, of which the
/// first two (three overseas) are the department.
///
/// Paris, Lyon and Marseille are each one commune and several arrondissements with codes of their own; files mix them.
///
/// # Example
///
/// ```
/// use datagora_core::InseeCode;
///
/// let part_dieu = InseeCode::parse("69383")?;
/// assert_eq!(part_dieu.commune(), InseeCode::LYON);
/// assert!(part_dieu.is_arrondissement());
/// assert_eq!(InseeCode::LYON.arrondissements().len(), 9);
///
/// let amberieu = InseeCode::from_number(1004)?; // a spreadsheet ate the zero
/// assert_eq!(amberieu.as_str(), "01004");
/// # Ok::<(), datagora_core::CodeError>(())
/// ```
///
/// # References
///
/// INSEE, *Code officiel géographique*. <https://www.insee.fr/fr/information/2560452>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InseeCode([u8; 5]);

/// A commune that became part of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merger {
    /// The code that ended.
    pub from: InseeCode,
    /// The code under which the territory goes on.
    pub into: InseeCode,
    /// First day of the new commune.
    pub since: NaiveDate,
    /// Name of the commune that ended.
    pub name: &'static str,
    /// Name of the commune it became part of.
    pub into_name: &'static str,
}

/// Oullins (69149) and Pierre-Bénite (69152) became Oullins-Pierre-Bénite, which keeps 69149.
///
/// INSEE, *Code officiel géographique au 1er janvier 2024*, movements of communes; prefectoral order of 7 August 2023.
const MERGERS: [Merger; 1] = [Merger {
    from: InseeCode(*b"69152"),
    into: InseeCode(*b"69149"),
    since: match NaiveDate::from_ymd_opt(2024, 1, 1) {
        Some(date) => date,
        None => NaiveDate::MIN,
    },
    name: "Pierre-Bénite",
    into_name: "Oullins-Pierre-Bénite",
}];

/// Communes with municipal arrondissements, and the last three digits of those in the same department.
const WITH_ARRONDISSEMENTS: [(InseeCode, RangeInclusive<u16>); 3] =
    [(InseeCode::PARIS, 101..=120), (InseeCode::LYON, 381..=389), (InseeCode::MARSEILLE, 201..=216)];

impl InseeCode {
    /// Paris.
    pub const PARIS: InseeCode = InseeCode(*b"75056");
    /// Lyon.
    pub const LYON: InseeCode = InseeCode(*b"69123");
    /// Marseille.
    pub const MARSEILLE: InseeCode = InseeCode(*b"13055");

    /// Reads five characters, as in `69123`, `01004` or `2A004`; spaces around are ignored.
    ///
    /// Whether a commune of this code exists is not checked, only that its department does.
    ///
    /// # Errors
    ///
    /// [`CodeError::Malformed`], also for four digits that lost their zero ([`InseeCode::from_number`] restores it);
    /// [`CodeError::Unknown`] if there is no such department.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let malformed = |needed| CodeError::Malformed { code: CODE, found: excerpt(text), needed };
        let trimmed = text.trim();
        if trimmed.len() == 4 && trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed(
                "five characters; a leading zero was lost, read it with InseeCode::from_number",
            ));
        }
        let bytes: [u8; 5] = trimmed
            .as_bytes()
            .try_into()
            .map_err(|_| malformed("five characters such as 69123, 01004 or 2A004"))?;
        let department =
            bytes[0].is_ascii_digit() && (bytes[1].is_ascii_digit() || matches!(&bytes[..2], b"2A" | b"2B"));
        if !department || !bytes[2..].iter().all(u8::is_ascii_digit) {
            return Err(malformed("five digits, or 2A or 2B and three digits"));
        }
        let reason = match &bytes[..2] {
            b"00" => "there is no department 00",
            b"20" => "Corsica has been 2A and 2B since 1976",
            b"96" => "there is no department 96",
            b"99" => "99 stands for places outside France",
            _ if bytes[2..] == *b"000" => "the commune number is missing",
            _ => return Ok(Self(bytes)),
        };
        Err(CodeError::Unknown { code: CODE, found: trimmed.to_owned(), reason })
    }

    /// The code that a program stored as a number, which loses the zero of departments 01 to 09.
    ///
    /// Corsican codes are not numbers and cannot be restored.
    ///
    /// # Errors
    ///
    /// As [`InseeCode::parse`].
    pub fn from_number(number: u32) -> Result<Self, CodeError> {
        Self::parse(&format!("{number:05}"))
    }

    /// Its five characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Its department: two characters, three overseas (`69`, `2A`, `974`).
    pub fn department(&self) -> &str {
        let length = if self.0.starts_with(b"97") || self.0.starts_with(b"98") { 3 } else { 2 };
        &self.as_str()[..length]
    }

    /// Is it one of the arrondissements of Paris, Lyon or Marseille?
    pub fn is_arrondissement(&self) -> bool {
        self.commune() != *self
    }

    /// The commune it is part of: itself, unless it is an arrondissement.
    pub fn commune(&self) -> InseeCode {
        let [_, _, digits @ ..] = self.0;
        let number = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        WITH_ARRONDISSEMENTS
            .iter()
            .find(|(commune, range)| commune.0[..2] == self.0[..2] && range.contains(&number))
            .map_or(*self, |(commune, _)| *commune)
    }

    /// Its arrondissements in order; none unless it is Paris, Lyon or Marseille.
    pub fn arrondissements(&self) -> Vec<InseeCode> {
        let Some((_, range)) = WITH_ARRONDISSEMENTS.iter().find(|(commune, _)| commune == self) else {
            return Vec::new();
        };
        let [tens, ones, ..] = self.0;
        let digit = |number: u16| b'0' + (number % 10) as u8;
        range
            .clone()
            .map(|number| InseeCode([tens, ones, digit(number / 100), digit(number / 10), digit(number)]))
            .collect()
    }

    /// The mergers of communes of the Métropole de Lyon since it was founded on 1 January 2015.
    pub const fn mergers() -> &'static [Merger] {
        &MERGERS
    }

    /// The code of its territory on a day: itself, or the commune it has become part of by then.
    ///
    /// Knows the Métropole de Lyon ([`InseeCode::mergers`]); other codes are returned unchanged.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{InseeCode, Month};
    ///
    /// let pierre_benite = InseeCode::parse("69152")?;
    /// let on = |year| Month::new(year, 1).map(Month::first_day);
    /// assert_eq!(pierre_benite.successor(on(2023)?).as_str(), "69152");
    /// assert_eq!(pierre_benite.successor(on(2024)?).as_str(), "69149");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn successor(&self, on: NaiveDate) -> InseeCode {
        MERGERS
            .iter()
            .find(|merger| merger.from == *self && merger.since <= on)
            .map_or(*self, |merger| merger.into)
    }
}

impl fmt::Display for InseeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

code_as_text!(InseeCode);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> InseeCode {
        InseeCode::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn reads_codes_of_all_kinds() {
        for (text, department) in [
            ("69123", "69"),
            (" 01004 ", "01"),
            ("2A004", "2A"),
            ("2B033", "2B"),
            ("97411", "974"),
            ("98818", "988"),
        ] {
            assert_eq!(code(text).as_str(), text.trim());
            assert_eq!(code(text).department(), department);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "6912", "691234", "2C004", "A9123", "6912é", "６９１２３", "69 23", "2a004"] {
            assert!(matches!(InseeCode::parse(text), Err(CodeError::Malformed { .. })), "{text}");
        }
        for text in ["00001", "20004", "96001", "99100", "69000"] {
            assert!(matches!(InseeCode::parse(text), Err(CodeError::Unknown { .. })), "{text}");
        }
        let lost = InseeCode::parse("1004").map_err(|error| error.to_string());
        assert_eq!(
            lost,
            Err("\"1004\" is not an INSEE commune code: needed five characters; a leading zero was lost, \
                 read it with InseeCode::from_number"
                .to_owned())
        );
        assert_eq!(InseeCode::from_number(1004), Ok(code("01004")));
        assert!(InseeCode::from_number(123_456).is_err());
        assert!(InseeCode::from_number(0).is_err());
    }

    #[test]
    fn knows_the_arrondissements() {
        let lyon: Vec<String> = InseeCode::LYON.arrondissements().iter().map(ToString::to_string).collect();
        assert_eq!(lyon.first().map(String::as_str), Some("69381"));
        assert_eq!(lyon.last().map(String::as_str), Some("69389"));
        assert_eq!(InseeCode::PARIS.arrondissements().len(), 20);
        assert_eq!(InseeCode::MARSEILLE.arrondissements().len(), 16);
        for commune in [InseeCode::PARIS, InseeCode::LYON, InseeCode::MARSEILLE] {
            assert!(!commune.is_arrondissement());
            for arrondissement in commune.arrondissements() {
                assert!(arrondissement.is_arrondissement());
                assert_eq!(arrondissement.commune(), commune);
            }
        }
        for neighbour in ["69380", "69390", "75121", "75100", "13217", "13200", "38381"] {
            assert_eq!(code(neighbour).commune(), code(neighbour));
        }
        assert!(code("69266").arrondissements().is_empty());
    }

    #[test]
    fn follows_mergers() {
        for merger in InseeCode::mergers() {
            assert_ne!(merger.since, NaiveDate::MIN);
            assert_eq!(merger.from.successor(merger.since), merger.into);
            assert_eq!(merger.since.pred_opt().map(|eve| merger.from.successor(eve)), Some(merger.from));
            assert_eq!(merger.into.successor(NaiveDate::MAX), merger.into);
        }
    }

    /// The communes of 2017 become those of 2025 by the mergers that are known here.
    #[test]
    fn mergers_explain_the_vintages() -> Result<(), Box<dyn std::error::Error>> {
        use std::collections::BTreeSet;

        use crate::code::shared_data;

        let codes = |text: &str| -> BTreeSet<InseeCode> {
            let cells = text.split("\"insee\": \"").skip(1).filter_map(|rest| rest.split('"').next());
            cells.filter_map(|cell| InseeCode::parse(cell).ok()).collect()
        };
        let (Some(before), Some(after)) = (
            shared_data("lyon_admin/communes_limit_grandlyon.geojson")?,
            shared_data("lyon_admin/communes_gl_2025_iarbre.geojson")?,
        ) else {
            return Ok(());
        };
        let (before, after) = (codes(&before), codes(&after));
        assert_eq!((before.len(), after.len()), (59, 66));
        let today = NaiveDate::from_ymd_opt(2025, 1, 1).ok_or("no such day")?;
        let expected: BTreeSet<InseeCode> = before.iter().map(|code| code.successor(today)).collect();
        let found: BTreeSet<InseeCode> = after.iter().map(InseeCode::commune).collect();
        assert_eq!(found, expected);
        Ok(())
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,8}") {
            if let Ok(read) = InseeCode::parse(&text) {
                prop_assert_eq!(read.as_str(), text.trim());
                prop_assert!(!read.department().is_empty());
                prop_assert_eq!(read.commune().commune(), read.commune());
            }
        }

        #[test]
        fn numbers_and_texts_agree(number in 0u32..110_000) {
            if let Ok(read) = InseeCode::from_number(number) {
                prop_assert_eq!(read.as_str().parse(), Ok(number));
            }
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn is_text_in_json() -> Result<(), Box<dyn std::error::Error>> {
        let read: InseeCode = serde_json::from_str("\"2A004\"")?;
        assert_eq!(serde_json::to_string(&read)?, "\"2A004\"");
        assert!(serde_json::from_str::<InseeCode>("69123").is_err());
        Ok(())
    }
}
