//! Reasons why a value is not shown.
use crate::Language;

/// Why a value is withheld or does not exist.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Suppression {
    /// Statistical secrecy: too few units contribute.
    FewUnits {
        /// Units needed for publication.
        minimum: u64,
    },
    /// Statistical secrecy: one unit makes up too much of the total.
    Dominance {
        /// Largest share that may be published.
        limit: f64,
    },
    /// Statistical secrecy: the contributions are known only by bracket or in part, so that one unit may make up too
    /// much of the total.
    PossibleDominance {
        /// Largest share that may be published.
        limit: f64,
    },
    /// Withheld so that another withheld cell cannot be computed by subtraction.
    Secondary,
    /// Not enough data for the definition.
    Incomplete {
        /// Completeness the definition needs, 0 to 1; 0 if any data would do, and none is usable.
        needed: f64,
    },
    /// The definition gives no value here, such as a ratio with nothing below the line.
    Undefined {
        /// In words.
        reason: String,
    },
    /// The computation gave an infinite number or NaN.
    NotFinite,
    /// Computed from a value that is itself withheld.
    Derived {
        /// Why that value is.
        from: Box<Suppression>,
    },
}

impl Suppression {
    /// The reason of a result computed from a value withheld for this reason.
    pub fn derived(&self) -> Self {
        match self {
            Suppression::Derived { .. } => self.clone(),
            _ => Suppression::Derived { from: Box::new(self.clone()) },
        }
    }

    /// Is it withheld by statistical secrecy, rather than for want of data?
    pub fn is_secret(&self) -> bool {
        match self {
            Suppression::FewUnits { .. }
            | Suppression::Dominance { .. }
            | Suppression::PossibleDominance { .. }
            | Suppression::Secondary => true,
            Suppression::Incomplete { .. } | Suppression::Undefined { .. } | Suppression::NotFinite => false,
            Suppression::Derived { from } => from.is_secret(),
        }
    }

    /// The reason as a phrase for citizens. The words of [`Suppression::Undefined`] are given as they are.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Language, Suppression};
    ///
    /// let reason = Suppression::FewUnits { minimum: 3 };
    /// assert_eq!(reason.explain(Language::French), "secret statistique\u{a0}: moins de 3 unités");
    /// assert_eq!(reason.explain(Language::English), "statistical secrecy: fewer than 3 units");
    /// ```
    pub fn explain(&self, language: Language) -> String {
        let percent = |share: f64| (share * 1000.0).round() / 10.0;
        match (self, language) {
            (Suppression::FewUnits { minimum }, Language::French) => {
                format!("secret statistique\u{a0}: moins de {minimum} unités")
            }
            (Suppression::FewUnits { minimum }, Language::English) => {
                format!("statistical secrecy: fewer than {minimum} units")
            }
            (Suppression::Dominance { limit }, Language::French) => {
                let limit = percent(*limit).to_string().replace('.', ",");
                format!("secret statistique\u{a0}: une unité représente au moins {limit}\u{202f}% du total")
            }
            (Suppression::Dominance { limit }, Language::English) => {
                format!("statistical secrecy: one unit makes up at least {}% of the total", percent(*limit))
            }
            (Suppression::PossibleDominance { limit }, Language::French) => {
                let limit = percent(*limit).to_string().replace('.', ",");
                format!(
                    "secret statistique\u{a0}: une unité peut représenter {limit}\u{202f}% du total ou plus"
                )
            }
            (Suppression::PossibleDominance { limit }, Language::English) => {
                format!("statistical secrecy: one unit may make up {}% of the total or more", percent(*limit))
            }
            (Suppression::Secondary, Language::French) => {
                "secret statistique secondaire\u{a0}: la valeur permettrait d’en calculer une autre, secrète"
                    .to_owned()
            }
            (Suppression::Secondary, Language::English) => {
                "secondary statistical secrecy: the value would let another, secret one be computed"
                    .to_owned()
            }
            // Whatever there is would have been enough.
            (Suppression::Incomplete { needed }, Language::French) if *needed <= 0.0 => {
                "aucune donnée utilisable".to_owned()
            }
            (Suppression::Incomplete { needed }, Language::English) if *needed <= 0.0 => {
                "no usable data".to_owned()
            }
            (Suppression::Incomplete { needed }, Language::French) => {
                let needed = percent(*needed).to_string().replace('.', ",");
                format!("données insuffisantes\u{a0}: il en faut au moins {needed}\u{202f}%")
            }
            (Suppression::Incomplete { needed }, Language::English) => {
                format!("not enough data: at least {}% are needed", percent(*needed))
            }
            (Suppression::Undefined { reason }, Language::French) => format!("non défini\u{a0}: {reason}"),
            (Suppression::Undefined { reason }, Language::English) => format!("not defined: {reason}"),
            (Suppression::NotFinite, Language::French) => {
                "non défini\u{a0}: le calcul ne donne pas de nombre".to_owned()
            }
            (Suppression::NotFinite, Language::English) => {
                "not defined: the computation gives no number".to_owned()
            }
            (Suppression::Derived { from }, Language::French) => {
                format!("calculé à partir d’une valeur non publiée ({})", from.explain(language))
            }
            (Suppression::Derived { from }, Language::English) => {
                format!("computed from a value that is not published ({})", from.explain(language))
            }
        }
    }
}
