//! Why a score is what it is: what each factor adds to it.
use std::fmt::Write;

use serde_json::{Value, json};

/// The factors of a score, which the page holds once; features carry only what differs.
///
/// The score is the sum over factors of weight × share. A feature has an attribute such as `3:0.4;17:1`: 40 % of its surface has
/// factor 3, all of it factor 17. A factor that it does not name has a share of 0. The card of a feature shows each contribution as
/// a bar to the left or right, and their sum.
///
/// ```
/// use datagora_viz::Contributions;
///
/// let factors = Contributions::new(1)
///     .with_factor(3, "Gas pipe", "Networks", -2.0)
///     .with_factor(17, "Bare ground", "Ground", 5.0);
/// let attribute = Contributions::encode([(3, 0.4), (17, 1.0), (20, 0.0)]);
/// assert_eq!(attribute, "3:0.4;17:1");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contributions {
    factors: Vec<Factor>,
    decimals: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Factor {
    number: u16,
    name: String,
    family: String,
    weight: f64,
}

impl Contributions {
    /// No factor yet; contributions are written with this many decimals.
    pub fn new(decimals: usize) -> Self {
        Self { factors: Vec::new(), decimals }
    }

    /// With a factor: the number by which attributes call it, its name, the family it belongs to (may be empty), its weight.
    pub fn with_factor(
        mut self,
        number: u16,
        name: impl Into<String>,
        family: impl Into<String>,
        weight: f64,
    ) -> Self {
        self.factors.push(Factor { number, name: name.into(), family: family.into(), weight });
        self
    }

    /// The attribute of a feature whose factors have these shares, 0 to 1: hundredths, without those that round to 0.
    ///
    /// A share that is not a finite number is left out.
    pub fn encode(shares: impl IntoIterator<Item = (u16, f64)>) -> String {
        let mut text = String::new();
        for (number, share) in shares {
            let hundredths = (share * 100.0).round();
            if !hundredths.is_finite() || hundredths == 0.0 {
                continue;
            }
            if !text.is_empty() {
                text.push(';');
            }
            // Writing to a String cannot fail. Display of an f64 is the shortest that reads back.
            let _ = write!(text, "{number}:{}", hundredths / 100.0);
        }
        text
    }

    pub(super) fn to_json(&self) -> Value {
        let factors: serde_json::Map<String, Value> = self
            .factors
            .iter()
            .map(|factor| (factor.number.to_string(), json!([factor.name, factor.family, factor.weight])))
            .collect();
        json!({ "factors": factors, "decimals": self.decimals })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_short() {
        assert_eq!(Contributions::encode([]), "");
        assert_eq!(
            Contributions::encode([(1, 0.333_333), (2, 0.004), (3, f64::NAN), (4, -0.5)]),
            "1:0.33;4:-0.5"
        );
    }
}
