//! Statistical blocks.
use std::fmt;

use super::{code_as_text, excerpt};
use crate::{CodeError, InseeCode};

const CODE: &str = "an IRIS code";
const NEEDED: &str = "nine characters: an INSEE commune code and four digits, such as 693830101";

/// Code of an IRIS, the block of about 2 000 inhabitants by which INSEE publishes within communes: that of the commune
/// or arrondissement, and four digits.
///
/// # Example
///
/// ```
/// use datagora_core::{InseeCode, IrisCode};
///
/// let iris = IrisCode::parse("693860101")?;
/// assert_eq!(iris.commune().as_str(), "69386");
/// assert_eq!(iris.commune().commune(), InseeCode::LYON);
/// # Ok::<(), datagora_core::CodeError>(())
/// ```
///
/// # References
///
/// INSEE, *Découpage infracommunal*. <https://www.insee.fr/fr/information/2017499>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IrisCode {
    commune: InseeCode,
    number: u16,
}

impl IrisCode {
    /// Reads nine characters; spaces around are ignored.
    ///
    /// # Errors
    ///
    /// [`CodeError::Malformed`]; [`CodeError::Unknown`] if there is no such department.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let malformed = || CodeError::Malformed { code: CODE, found: excerpt(text), needed: NEEDED };
        let trimmed = text.trim();
        let (commune, number) = trimmed.split_at_checked(5).ok_or_else(malformed)?;
        if number.len() != 4 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed());
        }
        let commune = InseeCode::parse(commune).map_err(|error| match error {
            CodeError::Unknown { reason, .. } => {
                CodeError::Unknown { code: CODE, found: excerpt(text), reason }
            }
            _ => malformed(),
        })?;
        Ok(Self { commune, number: number.parse().map_err(|_| malformed())? })
    }

    /// The code that a program stored as a number, which loses the zero of departments 01 to 09.
    ///
    /// # Errors
    ///
    /// As [`IrisCode::parse`].
    pub fn from_number(number: u64) -> Result<Self, CodeError> {
        Self::parse(&format!("{number:09}"))
    }

    /// The commune or arrondissement it lies in.
    pub fn commune(self) -> InseeCode {
        self.commune
    }

    /// Its four digits within the commune.
    pub fn number(self) -> u16 {
        self.number
    }

    /// Is it a commune that is not divided, and counts as one IRIS (number 0000)?
    pub fn is_whole_commune(self) -> bool {
        self.number == 0
    }
}

impl fmt::Display for IrisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{:04}", self.commune, self.number))
    }
}

code_as_text!(IrisCode);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_and_writes() -> Result<(), CodeError> {
        for text in ["693860101", "2A0040101", "010040000"] {
            assert_eq!(IrisCode::parse(text)?.to_string(), text);
        }
        assert!(IrisCode::parse("010040000")?.is_whole_commune());
        assert_eq!(IrisCode::from_number(10_040_101)?.to_string(), "010040101");
        Ok(())
    }

    #[test]
    fn says_what_is_wrong() {
        for text in
            ["", "69386", "69386010", "6938601011", "69386010A", "6938é0101", "2C0040101", "-93860101"]
        {
            let found = IrisCode::parse(text);
            assert!(
                matches!(found, Err(CodeError::Malformed { code: "an IRIS code", .. })),
                "{text}: {found:?}"
            );
        }
        assert!(matches!(IrisCode::parse("993860101"), Err(CodeError::Unknown { code: "an IRIS code", .. })));
    }

    #[test]
    fn blocks_of_lyon_pass() -> Result<(), Box<dyn std::error::Error>> {
        let Some(file) = crate::code::shared_data("lyon_admin/LyonIris_social_env.csv")? else {
            return Ok(());
        };
        let mut blocks = 0;
        for line in file.lines().skip(1) {
            let columns: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
            let (commune, iris) = (InseeCode::parse(columns[1])?, IrisCode::parse(columns[2])?);
            assert_eq!(iris.commune(), commune);
            blocks += 1;
        }
        assert_eq!(blocks, 506);
        Ok(())
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,12}") {
            if let Ok(iris) = IrisCode::parse(&text) {
                prop_assert_eq!(iris.to_string(), text.trim());
            }
        }
    }
}
