//! Identifiers that are text outside of the program.

/// From and to an owned text, by `FromStr` and `Display`: what serialisation asks for.
macro_rules! by_text {
    ($identifier:ty, $error:ty) => {
        impl TryFrom<String> for $identifier {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$identifier> for String {
            fn from(identifier: $identifier) -> Self {
                identifier.to_string()
            }
        }
    };
}
pub(crate) use by_text;
