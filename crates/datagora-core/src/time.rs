//! Local time: days of 23, 24 and 25 hours.
mod calendar;
mod holiday;
mod school;
mod zone;

pub use calendar::WorkingWeek;
pub use holiday::{Holiday, easter, holidays};
pub use school::{SchoolBreak, SchoolHoliday, SchoolTerms, SchoolTermsError};
pub use zone::{LocalHour, Repeated, TimeError, Zone};
