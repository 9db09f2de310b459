//! What is known of a value besides the value.

/// What is known of a counted value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Flag {
    /// As counted, and nothing speaks against it.
    #[default]
    Observed,
    /// Not counted: put in place of a missing or doubtful value.
    Imputed(Imputation),
    /// Recorded, but hardly a count.
    Doubtful(Doubt),
}

/// How a value that was not counted came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Imputation {
    /// Median of the same hour and weekday of neighbouring weeks.
    SameHourAndWeekday,
    /// What other counters did in that time against their usual.
    ControlGroup,
    /// By a model.
    Model,
    /// By the provider of the data, in a way it does not tell.
    Provider,
}

/// Why a recorded value is hardly a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Doubt {
    /// Zeros for longer than nobody ever passes there: an outage recorded as a count.
    Zeros,
    /// The same number again and again.
    Stuck,
    /// Far above what the channel ever counts at that time.
    Spike,
    /// The same numbers as a day or a week before, one by one.
    Copied,
    /// Negative, infinite, or more than fits on a street: the value itself is withdrawn (NaN).
    Impossible,
    /// The provider says so.
    Provider,
}

impl Flag {
    /// Was the value put in place, rather than counted?
    pub fn is_imputed(self) -> bool {
        matches!(self, Flag::Imputed(_))
    }

    /// Does something speak against the value?
    pub fn is_doubtful(self) -> bool {
        matches!(self, Flag::Doubtful(_))
    }
}
