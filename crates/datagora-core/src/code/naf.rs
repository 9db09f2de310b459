//! Activities.
use std::fmt;

use super::{code_as_text, excerpt};
use crate::{CodeError, Language};

const CODE: &str = "a NAF rev. 2 code";

/// Code of an activity in the French nomenclature NAF rev. 2 (2008), at any of its five levels: section `C`, division
/// `25`, group `25.1`, class `25.11`, sub-class `25.11Z`. The first four are those of the European NACE rev. 2.
///
/// # Example
///
/// ```
/// use datagora_core::{Language, NafCode, NafLevel};
///
/// let structures = NafCode::parse("2511Z")?;
/// assert_eq!(structures.to_string(), "25.11Z");
/// assert_eq!(structures.at(NafLevel::Division), Some(NafCode::parse("25")?));
/// assert_eq!(structures.section(), 'C');
/// assert_eq!(structures.section_title(Language::English), "Manufacturing");
/// # Ok::<(), datagora_core::CodeError>(())
/// ```
///
/// # References
///
/// Decree 2007-1888 of 26 December 2007; INSEE, *Nomenclature d'activités française – NAF rév. 2*.
/// <https://www.insee.fr/fr/information/2406147>. Regulation (EC) No 1893/2006 for NACE rev. 2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NafCode {
    /// Index in [`SECTIONS`], so that codes sort by section.
    section: u8,
    /// ASCII without the dot, padded with 0: the digits, then the letter of a sub-class. Nothing for a section.
    rest: [u8; 5],
}

/// Level of the nomenclature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum NafLevel {
    /// A letter; 21.
    Section,
    /// Two digits; 88.
    Division,
    /// Three digits; 272.
    Group,
    /// Four digits; 615.
    Class,
    /// Four digits and a letter; 732.
    SubClass,
}

impl NafLevel {
    /// Characters without the dot and the section.
    const fn length(self) -> usize {
        match self {
            NafLevel::Section => 0,
            NafLevel::Division => 2,
            NafLevel::Group => 3,
            NafLevel::Class => 4,
            NafLevel::SubClass => 5,
        }
    }
}

/// A section with its first and last division.
struct Section {
    letter: char,
    first: u8,
    last: u8,
    french: &'static str,
    english: &'static str,
}

const fn section(letter: char, first: u8, last: u8, french: &'static str, english: &'static str) -> Section {
    Section { letter, first, last, french, english }
}

/// Sections of NAF rev. 2 and NACE rev. 2. Divisions are numbered with gaps between sections, none within.
const SECTIONS: [Section; 21] = [
    section('A', 1, 3, "Agriculture, sylviculture et pêche", "Agriculture, forestry and fishing"),
    section('B', 5, 9, "Industries extractives", "Mining and quarrying"),
    section('C', 10, 33, "Industrie manufacturière", "Manufacturing"),
    section(
        'D',
        35,
        35,
        "Production et distribution d’électricité, de gaz, de vapeur et d’air conditionné",
        "Electricity, gas, steam and air conditioning supply",
    ),
    section(
        'E',
        36,
        39,
        "Production et distribution d’eau\u{202f}; assainissement, gestion des déchets et dépollution",
        "Water supply; sewerage, waste management and remediation activities",
    ),
    section('F', 41, 43, "Construction", "Construction"),
    section(
        'G',
        45,
        47,
        "Commerce\u{202f}; réparation d’automobiles et de motocycles",
        "Wholesale and retail trade; repair of motor vehicles and motorcycles",
    ),
    section('H', 49, 53, "Transports et entreposage", "Transportation and storage"),
    section('I', 55, 56, "Hébergement et restauration", "Accommodation and food service activities"),
    section('J', 58, 63, "Information et communication", "Information and communication"),
    section('K', 64, 66, "Activités financières et d’assurance", "Financial and insurance activities"),
    section('L', 68, 68, "Activités immobilières", "Real estate activities"),
    section(
        'M',
        69,
        75,
        "Activités spécialisées, scientifiques et techniques",
        "Professional, scientific and technical activities",
    ),
    section(
        'N',
        77,
        82,
        "Activités de services administratifs et de soutien",
        "Administrative and support service activities",
    ),
    section(
        'O',
        84,
        84,
        "Administration publique",
        "Public administration and defence; compulsory social security",
    ),
    section('P', 85, 85, "Enseignement", "Education"),
    section('Q', 86, 88, "Santé humaine et action sociale", "Human health and social work activities"),
    section('R', 90, 93, "Arts, spectacles et activités récréatives", "Arts, entertainment and recreation"),
    section('S', 94, 96, "Autres activités de services", "Other service activities"),
    section(
        'T',
        97,
        98,
        "Activités des ménages en tant qu’employeurs\u{202f}; activités indifférenciées des ménages en tant que producteurs \
         de biens et services pour usage propre",
        "Activities of households as employers; undifferentiated goods- and services-producing activities of \
         households for own use",
    ),
    section(
        'U',
        99,
        99,
        "Activités extra-territoriales",
        "Activities of extraterritorial organisations and bodies",
    ),
];

impl NafCode {
    /// Reads a code with or without its dot, as in `25.11Z`, `2511Z`, `25.1`, `25` or `C`; spaces around are ignored.
    ///
    /// The division must exist; whether the deeper levels do is not checked.
    ///
    /// # Errors
    ///
    /// [`CodeError::Malformed`]; [`CodeError::Unknown`] if there is no such section or division.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let malformed = |needed| CodeError::Malformed { code: CODE, found: excerpt(text), needed };
        let unknown = |reason| CodeError::Unknown { code: CODE, found: excerpt(text), reason };
        let trimmed = text.trim();
        if let [letter] = trimmed.as_bytes()
            && letter.is_ascii_uppercase()
        {
            let section = SECTIONS.iter().position(|section| section.letter == char::from(*letter));
            let section = section.ok_or_else(|| unknown("sections are A to U"))?;
            return Ok(Self { section: section as u8, rest: [0; 5] });
        }
        const NEEDED: &str =
            "a section, or two to four digits and a letter for a sub-class, such as C, 25, 25.11 or 25.11Z";
        let compact = match trimmed.split_once('.') {
            Some((division, rest)) if division.len() == 2 && !rest.is_empty() => format!("{division}{rest}"),
            Some(_) => return Err(malformed(NEEDED)),
            None => trimmed.to_owned(),
        };
        let bytes = compact.as_bytes();
        let (digits, letter) = bytes.split_at(bytes.len().min(4));
        let sub_class = letter.is_empty() || letter.len() == 1 && letter[0].is_ascii_uppercase();
        if digits.len() < 2 || !digits.iter().all(u8::is_ascii_digit) || !sub_class {
            let lost = digits.len() == 4
                && digits[..3].iter().all(u8::is_ascii_digit)
                && digits[3].is_ascii_uppercase();
            return Err(malformed(if lost {
                "four digits before the letter; a leading zero was lost"
            } else {
                NEEDED
            }));
        }
        let division = (digits[0] - b'0') * 10 + (digits[1] - b'0');
        let section = SECTIONS.iter().position(|section| (section.first..=section.last).contains(&division));
        let section = match section {
            Some(section) => section,
            None => return Err(unknown("there is no such division in NAF rev. 2")),
        };
        let mut rest = [0; 5];
        rest.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
        Ok(Self { section: section as u8, rest })
    }

    /// How deep in the nomenclature it is.
    pub fn level(self) -> NafLevel {
        match self.rest.iter().filter(|byte| **byte != 0).count() {
            0 => NafLevel::Section,
            2 => NafLevel::Division,
            3 => NafLevel::Group,
            4 => NafLevel::Class,
            _ => NafLevel::SubClass,
        }
    }

    /// The code above it, or itself, at a level; `None` at a level below its own.
    pub fn at(self, level: NafLevel) -> Option<Self> {
        if level > self.level() {
            return None;
        }
        let mut rest = [0; 5];
        rest[..level.length()].copy_from_slice(&self.rest[..level.length()]);
        Some(Self { rest, ..self })
    }

    /// Is the other code this one, or below it?
    pub fn contains(self, other: NafCode) -> bool {
        other.at(self.level()) == Some(self)
    }

    /// The letter of its section.
    pub fn section(self) -> char {
        SECTIONS.get(usize::from(self.section)).map_or('?', |section| section.letter)
    }

    /// The title of its section.
    pub fn section_title(self, language: Language) -> &'static str {
        SECTIONS
            .get(usize::from(self.section))
            .map_or("", |section| language.pick(section.french, section.english))
    }

    /// The sections, in order.
    pub fn sections() -> impl Iterator<Item = NafCode> {
        (0..SECTIONS.len() as u8).map(|section| Self { section, rest: [0; 5] })
    }
}

/// The code as INSEE writes it, with a dot after the division.
impl fmt::Display for NafCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut code = String::new();
        for (at, byte) in self.rest.iter().filter(|byte| **byte != 0).enumerate() {
            if at == 2 {
                code.push('.');
            }
            code.push(char::from(*byte));
        }
        if code.is_empty() {
            code.push(self.section());
        }
        f.pad(&code)
    }
}

code_as_text!(NafCode);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::code::shared_data;

    #[test]
    fn reads_all_levels() -> Result<(), CodeError> {
        for (text, canonical, level) in [
            ("C", "C", NafLevel::Section),
            ("25", "25", NafLevel::Division),
            ("251", "25.1", NafLevel::Group),
            ("25.1", "25.1", NafLevel::Group),
            ("2511", "25.11", NafLevel::Class),
            (" 25.11Z ", "25.11Z", NafLevel::SubClass),
            ("2511Z", "25.11Z", NafLevel::SubClass),
        ] {
            let code = NafCode::parse(text)?;
            assert_eq!(
                (code.to_string().as_str(), code.level(), code.section()),
                (canonical, level, 'C'),
                "{text}"
            );
        }
        Ok(())
    }

    #[test]
    fn says_what_is_wrong() {
        for text in [
            "", "c", "2", "25.", "2.5", "251.1Z", "25.11z", "25.11ZZ", "25 11Z", "25.1Z", "251Z", "é", "25é",
            "25..1",
        ] {
            assert!(matches!(NafCode::parse(text), Err(CodeError::Malformed { .. })), "{text}");
        }
        for text in ["V", "04.11Z", "34", "00.00Z", "0000"] {
            assert!(matches!(NafCode::parse(text), Err(CodeError::Unknown { .. })), "{text}");
        }
        let lost = NafCode::parse("111Z").map_err(|error| error.to_string());
        assert!(matches!(lost, Err(message) if message.contains("zero was lost")));
    }

    #[test]
    fn climbs_the_nomenclature() -> Result<(), CodeError> {
        let code = NafCode::parse("10.71C")?;
        let levels =
            [NafLevel::Section, NafLevel::Division, NafLevel::Group, NafLevel::Class, NafLevel::SubClass];
        let path: Vec<String> =
            levels.iter().filter_map(|level| code.at(*level)).map(|code| code.to_string()).collect();
        assert_eq!(path, ["C", "10", "10.7", "10.71", "10.71C"]);
        assert_eq!(NafCode::parse("10")?.at(NafLevel::Group), None);
        assert!(NafCode::parse("10.7")?.contains(code) && !code.contains(NafCode::parse("10.7")?));
        assert!(!NafCode::parse("11")?.contains(code) && NafCode::parse("C")?.contains(code));
        assert_eq!(NafCode::sections().count(), 21);
        Ok(())
    }

    #[test]
    fn agrees_with_the_tables_of_insee() -> Result<(), Box<dyn std::error::Error>> {
        let Some(table) = shared_data("lyon_economy/naf2008_5_niveaux.csv")? else {
            return Ok(());
        };
        let mut codes = 0;
        for line in table.lines().skip(1) {
            let columns: Vec<&str> = line.trim().split(';').collect();
            let [sub_class, class, group, division, section] = columns[..] else {
                return Err(format!("five columns expected in {line}").into());
            };
            let code = NafCode::parse(sub_class)?;
            assert_eq!(code.to_string(), sub_class);
            for (level, above) in [
                (NafLevel::Class, class),
                (NafLevel::Group, group),
                (NafLevel::Division, division),
                (NafLevel::Section, section),
            ] {
                assert_eq!(code.at(level).map(|code| code.to_string()).as_deref(), Some(above));
            }
            codes += 1;
        }
        assert_eq!(codes, 732);
        Ok(())
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,8}") {
            if let Ok(code) = NafCode::parse(&text) {
                prop_assert_eq!(NafCode::parse(&code.to_string()), Ok(code));
            }
        }

        #[test]
        fn survives_what_looks_like_codes(text in "[0-9.]{1,5}[A-Z]?") {
            if let Ok(code) = NafCode::parse(&text) {
                prop_assert_eq!(code.to_string().replace('.', ""), text.replace('.', ""));
            }
        }
    }
}
