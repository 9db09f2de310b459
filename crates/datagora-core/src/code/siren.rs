//! Enterprises and their establishments.
use std::fmt;

use super::{code_as_text, excerpt};
use crate::CodeError;

/// Number of an enterprise in the SIRENE register: nine digits, the last of which checks the others.
///
/// # Example
///
/// ```
/// use datagora_core::{Siren, Siret};
///
/// let siret = Siret::parse("200 046 977 00019")?; // Métropole de Lyon
/// assert_eq!(siret.siren(), Siren::parse("200046977")?);
/// assert!(Siret::parse("20004697700018").is_err());
/// # Ok::<(), datagora_core::CodeError>(())
/// ```
///
/// # References
///
/// INSEE, *Numéro SIREN*. <https://www.insee.fr/fr/metadonnees/definition/c2047>. Luhn's check: ISO/IEC 7812-1, annex B.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siren(u32);

/// Number of an establishment in the SIRENE register: the SIREN of its enterprise and five digits, the last of which
/// checks the others.
///
/// The establishments of La Poste other than its seat follow another rule: their digits add up to a multiple of 5.
///
/// # References
///
/// INSEE, *Numéro SIRET*. <https://www.insee.fr/fr/metadonnees/definition/c1841>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siret(u64);

const LA_POSTE: u32 = 356_000_000;

impl Siren {
    const CODE: &'static str = "a SIREN";

    /// Reads nine digits; spaces are ignored.
    ///
    /// # Errors
    ///
    /// [`CodeError::Malformed`]; [`CodeError::Checksum`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let digits =
            digits(text, 9, Self::CODE, "nine digits; if leading zeros were lost, read it with from_number")?;
        if !luhn(&digits) {
            return Err(CodeError::Checksum { code: Self::CODE, found: excerpt(text) });
        }
        Ok(Self(number(&digits) as u32))
    }

    /// The code that a program stored as a number, which loses leading zeros.
    ///
    /// # Errors
    ///
    /// As [`Siren::parse`].
    pub fn from_number(number: u64) -> Result<Self, CodeError> {
        Self::parse(&format!("{number:09}"))
    }
}

impl Siret {
    const CODE: &'static str = "a SIRET";

    /// Reads fourteen digits; spaces are ignored.
    ///
    /// # Errors
    ///
    /// [`CodeError::Malformed`]; [`CodeError::Checksum`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        const NEEDED: &str =
            "fourteen digits; if leading zeros were lost, read it with from_number; 7.2E+13 is beyond repair";
        let digits = digits(text, 14, Self::CODE, NEEDED)?;
        let siret = Self(number(&digits));
        let la_poste = siret.siren().0 == LA_POSTE
            && digits.iter().map(|digit| u32::from(*digit)).sum::<u32>().is_multiple_of(5);
        if !(la_poste || luhn(&digits) && luhn(&digits[..9])) {
            return Err(CodeError::Checksum { code: Self::CODE, found: excerpt(text) });
        }
        Ok(siret)
    }

    /// The code that a program stored as a number, which loses leading zeros.
    ///
    /// # Errors
    ///
    /// As [`Siret::parse`].
    pub fn from_number(number: u64) -> Result<Self, CodeError> {
        Self::parse(&format!("{number:014}"))
    }

    /// The enterprise.
    pub fn siren(self) -> Siren {
        Siren((self.0 / 100_000) as u32)
    }
}

impl fmt::Display for Siren {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:09}", self.0))
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:014}", self.0))
    }
}

code_as_text!(Siren);
code_as_text!(Siret);

/// The values of exactly so many digits, spaces left out.
fn digits(text: &str, length: usize, code: &'static str, needed: &'static str) -> Result<Vec<u8>, CodeError> {
    let malformed = || CodeError::Malformed { code, found: excerpt(text), needed };
    let mut digits = Vec::with_capacity(length);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c.to_digit(10) {
            Some(digit) if digits.len() < length => digits.push(digit as u8),
            _ => return Err(malformed()),
        }
    }
    if digits.len() == length { Ok(digits) } else { Err(malformed()) }
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// Every second digit from the right doubled, its own digits added, the sum is a multiple of 10.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(*digit) * 2) {
            (0, _) => u32::from(*digit),
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_public_numbers() -> Result<(), CodeError> {
        // Métropole de Lyon, La Poste, INSEE; the SIREN of the communes in the population table of the Métropole.
        for siren in ["200046977", "356000000", "120027016", "216901231", "216902668", "005520135"] {
            assert_eq!(Siren::parse(siren)?.to_string(), siren);
        }
        assert_eq!(Siren::from_number(5_520_135)?.to_string(), "005520135");
        assert_eq!(Siret::parse("35600000000048")?.siren(), Siren::parse("356000000")?);
        Ok(())
    }

    #[test]
    fn la_poste_has_a_rule_of_its_own() {
        // 3 + 5 + 6 + 4 + 2 = 20 is a multiple of 5, and Luhn's sum is not one of 10.
        assert!(Siret::parse("35600000000042").is_ok());
        assert!(Siret::parse("35600000000043").is_err());
        assert!(matches!(Siret::parse("20004697700010"), Err(CodeError::Checksum { .. })));
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "20004697", "2000469770", "20004697x", "2,00E+08", "２０００４６９７７"] {
            assert!(matches!(Siren::parse(text), Err(CodeError::Malformed { .. })), "{text}");
        }
        assert!(matches!(Siren::parse("200046978"), Err(CodeError::Checksum { .. })));
        assert!(matches!(Siret::parse("200046977"), Err(CodeError::Malformed { .. })));
        assert!(Siren::from_number(u64::MAX).is_err() && Siret::from_number(u64::MAX).is_err());
    }

    #[test]
    fn establishments_of_lyon_pass() -> Result<(), Box<dyn std::error::Error>> {
        let Some(file) = crate::code::shared_data("lyon_economy/sirene_industrie_69_42.csv")? else {
            return Ok(());
        };
        // Records span lines; those that begin with fourteen digits begin an establishment.
        let starts = file.lines().filter_map(|line| line.split(',').next());
        let read = starts.filter(|cell| cell.len() == 14 && cell.bytes().all(|byte| byte.is_ascii_digit()));
        let sirets: Vec<Siret> = read.map(Siret::parse).collect::<Result<_, _>>()?;
        assert_eq!(sirets.len(), 6_791);
        Ok(())
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,20}") {
            let _ = (Siren::parse(&text), Siret::parse(&text));
        }

        /// One digit mistyped is always found; so are two neighbours swapped, but for 0 and 9.
        #[test]
        fn finds_mistakes(number in 0u32..100_000_000, at in 0usize..9, other in 1u8..10) {
            let base: Vec<u8> = format!("{number:08}").bytes().map(|digit| digit - b'0').collect();
            let valid = (0..10).map(|check| [&base[..], &[check]].concat()).find(|digits| luhn(digits)).unwrap_or_default();
            prop_assert_eq!(valid.len(), 9);
            let mut mistyped = valid.clone();
            mistyped[at] = (mistyped[at] + other) % 10;
            prop_assert!(!luhn(&mistyped));
            let mut swapped = valid.clone();
            swapped.swap(at.min(7), at.min(7) + 1);
            let pair = [valid[at.min(7)], valid[at.min(7) + 1]];
            prop_assert!(swapped == valid || !luhn(&swapped) || pair == [0, 9] || pair == [9, 0]);
        }
    }
}
