//! What is counted where, and by which device.
use std::fmt;
use std::str::FromStr;

/// A kind of traveller or vehicle, as the French national standard *comptage-mobilités* names them.
///
/// # References
///
/// Etalab, *Schéma comptage-mobilités*, `channel`, field `mobility_type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Mode {
    /// Bicycles.
    Bike,
    /// Motorcycles and mopeds.
    TwoWheelsMotorized,
    /// Walkers.
    Pedestrian,
    /// Electric scooters.
    EScooter,
    /// Riders of horses.
    HorseRider,
    /// Cars.
    Car,
    /// Buses and coaches.
    Bus,
    /// Minibuses.
    Minibus,
    /// Lorries.
    Truck,
    /// Vans.
    Van,
    /// Trams.
    Tramway,
    /// Canoes.
    Canoe,
    /// Several kinds counted together, such as all motor vehicles of a loop. The standard lists them.
    Mixed,
    /// Not said.
    #[default]
    Undefined,
}

/// A name that is no mode of the standard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found:?}, a mobility type is one of BIKE, PEDESTRIAN, CAR, TRUCK … or several with commas")]
pub struct ModeError {
    /// What was read, cut after 40 characters.
    pub found: String,
}

impl Mode {
    /// Every mode that the standard names, with its name there.
    pub const STANDARD: [(&'static str, Mode); 13] = [
        ("BIKE", Mode::Bike),
        ("TWO WHEELS MOTORIZED", Mode::TwoWheelsMotorized),
        ("PEDESTRIAN", Mode::Pedestrian),
        ("E-SCOOTER", Mode::EScooter),
        ("HORSE-RIDER", Mode::HorseRider),
        ("CAR", Mode::Car),
        ("BUS", Mode::Bus),
        ("MINIBUS", Mode::Minibus),
        ("TRUCK", Mode::Truck),
        ("VAN", Mode::Van),
        ("TRAMWAY", Mode::Tramway),
        ("CANOE", Mode::Canoe),
        ("UNDEFINED", Mode::Undefined),
    ];

    /// Its name in the standard; `None` for [`Mode::Mixed`], which stands for a list.
    pub fn code(self) -> Option<&'static str> {
        Self::STANDARD.iter().find(|(_, mode)| *mode == self).map(|(code, _)| *code)
    }

    /// Heavy goods vehicle or bus, for the share of heavy vehicles; `None` where the mode does not tell.
    pub fn is_heavy(self) -> Option<bool> {
        match self {
            Mode::Truck | Mode::Bus => Some(true),
            Mode::Mixed | Mode::Undefined => None,
            _ => Some(false),
        }
    }
}

/// Reads a name of the standard, or several with commas: different ones are [`Mode::Mixed`], none is
/// [`Mode::Undefined`].
impl FromStr for Mode {
    type Err = ModeError;

    fn from_str(text: &str) -> Result<Self, ModeError> {
        if text.trim().is_empty() {
            return Ok(Mode::Undefined);
        }
        let mut found = None;
        for name in text.split(',').map(str::trim) {
            let mode = Self::STANDARD.iter().find(|(code, _)| *code == name).map(|(_, mode)| *mode);
            let Some(mode) = mode else {
                return Err(ModeError { found: text.chars().take(40).collect() });
            };
            found = match found {
                Some(before) if before != mode => Some(Mode::Mixed),
                _ => Some(mode),
            };
        }
        Ok(found.unwrap_or_default())
    }
}

/// Its name in the standard.
impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().unwrap_or("MIXED"))
    }
}

/// A counting channel: one direction and one kind of traveller at one place.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{Channel, Mode};
///
/// let quai = Channel::new("353226361")
///     .with_site("300014141")
///     .with_mode("BIKE".parse()?)
///     .with_direction("N")
///     .with_interval(900);
/// assert_eq!(quai.mode, Mode::Bike);
/// # Ok::<(), datagora_indicators::mobility::ModeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Channel {
    /// Identifier, unique in a table of counts.
    pub id: String,
    /// Identifier of the site; the channels of both directions share it.
    pub site: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Where the travellers go: a point of the compass, or a name.
    pub direction: Option<String>,
    /// Who is counted.
    pub mode: Mode,
    /// The device that counts, as of the first reading; for its changes see [`Counts::hardware_changes`].
    ///
    /// [`Counts::hardware_changes`]: super::Counts::hardware_changes
    pub counter: Option<String>,
    /// Longitude and latitude in degrees (WGS 84).
    pub position: Option<[f64; 2]>,
    /// Usual length of an interval, in seconds.
    pub interval: Option<u32>,
}

impl Channel {
    /// A channel of which only the identifier is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// At this site.
    pub fn with_site(self, site: impl Into<String>) -> Self {
        Self { site: Some(site.into()), ..self }
    }

    /// With this name.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// In this direction.
    pub fn with_direction(self, direction: impl Into<String>) -> Self {
        Self { direction: Some(direction.into()), ..self }
    }

    /// Counting these travellers.
    pub fn with_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// Counted by this device.
    pub fn with_counter(self, counter: impl Into<String>) -> Self {
        Self { counter: Some(counter.into()), ..self }
    }

    /// At this longitude and latitude, in degrees.
    pub fn with_position(self, longitude: f64, latitude: f64) -> Self {
        Self { position: Some([longitude, latitude]), ..self }
    }

    /// With intervals of this many seconds.
    pub fn with_interval(self, seconds: u32) -> Self {
        Self { interval: Some(seconds), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_read_as_the_standard_writes_them() {
        for (code, mode) in Mode::STANDARD {
            assert_eq!((code.parse(), mode.code()), (Ok(mode), Some(code)));
        }
        assert_eq!("BIKE,PEDESTRIAN".parse(), Ok(Mode::Mixed));
        assert_eq!("BIKE, BIKE".parse(), Ok(Mode::Bike));
        assert_eq!("".parse(), Ok(Mode::Undefined));
        for wrong in ["ERR001", "ERR002,PEDESTRIAN", "bike", "BIKE,"] {
            assert!(wrong.parse::<Mode>().is_err(), "{wrong}");
        }
        assert_eq!((Mode::Mixed.code(), Mode::Mixed.to_string()), (None, "MIXED".to_owned()));
    }
}
