//! Areas by stratum that know whose strata they are.
use datagora_core::{Interval, Measured, Unit, ValueError};

use super::{Strata, StrataError, check_iou};

/// Area of each stratum in each zone, with the definition of the strata.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{Strata, StrataAreas};
///
/// // m² of herbs, shrubs and trees in one zone, by two definitions.
/// let lidar = StrataAreas::of_areas(Strata::ud_iarbre(), &[vec![500.0, 300.0, 200.0]])?;
/// let ipave = StrataAreas::of_areas(Strata::ipave(), &[vec![450.0, 80.0, 250.0, 150.0, 70.0]])?;
/// let refused = lidar.minus(&ipave).unwrap_err().to_string();
/// assert!(refused.contains("regroup both to what they share (below 5 m, 5 m and above)"));
///
/// let shared = lidar.strata().common(ipave.strata())?;
/// let change = lidar.regroup(&shared)?.minus(&ipave.regroup(&shared)?)?;
/// assert_eq!(change.zone(0)[1].value(), Some(200.0 - 220.0));
/// # Ok::<(), datagora_indicators::greening::StrataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StrataAreas {
    strata: Strata,
    zones: Vec<Vec<Measured>>,
}

impl StrataAreas {
    /// Areas in m² of each stratum in each zone, from complete data; NaN is unknown.
    ///
    /// # Errors
    ///
    /// [`StrataError::Lengths`] if a zone has another number of areas than there are strata.
    pub fn of_areas(strata: Strata, zones: &[Vec<f64>]) -> Result<Self, StrataError> {
        let measured = |area: &f64| Measured::new(*area, Unit::SQUARE_METRE);
        Self::new(strata, zones.iter().map(|zone| zone.iter().map(measured).collect()).collect())
    }

    /// Values of each stratum in each zone.
    ///
    /// # Errors
    ///
    /// [`StrataError::Lengths`]; [`StrataError::Value`] if a unit is no area.
    pub fn new(strata: Strata, zones: Vec<Vec<Measured>>) -> Result<Self, StrataError> {
        let needed = strata.classes().len();
        for zone in &zones {
            if zone.len() != needed {
                return Err(StrataError::Lengths { what: "areas of strata", found: zone.len(), needed });
            }
            zone.iter().try_for_each(|area| area.to_unit(&Unit::SQUARE_METRE).map(drop))?;
        }
        Ok(Self { strata, zones })
    }

    /// The definition.
    pub fn strata(&self) -> &Strata {
        &self.strata
    }

    /// Number of zones.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether there is no zone.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// The area of each stratum in a zone.
    ///
    /// # Panics
    ///
    /// If there is no such zone.
    pub fn zone(&self, zone: usize) -> &[Measured] {
        &self.zones[zone]
    }

    /// The area of one stratum in all zones.
    ///
    /// # Panics
    ///
    /// If there is no such stratum.
    pub fn stratum(&self, class: usize) -> Vec<Measured> {
        self.zones.iter().map(|zone| zone[class].clone()).collect()
    }

    /// Sums, stratum by stratum and zone by zone.
    ///
    /// # Errors
    ///
    /// [`StrataError::Different`] if the strata are others, with what differs and what can be done;
    /// [`StrataError::Lengths`] for another number of zones; [`StrataError::Value`].
    pub fn plus(&self, other: &Self) -> Result<Self, StrataError> {
        self.combine(other, Measured::add)
    }

    /// Differences, stratum by stratum and zone by zone: what changed between two surveys.
    ///
    /// # Errors
    ///
    /// As [`StrataAreas::plus`].
    pub fn minus(&self, other: &Self) -> Result<Self, StrataError> {
        self.combine(other, Measured::sub)
    }

    fn combine(
        &self,
        other: &Self,
        by: impl Fn(&Measured, &Measured) -> Result<Measured, ValueError>,
    ) -> Result<Self, StrataError> {
        if !self.strata.agrees_with(&other.strata) {
            return Err(self.strata.different(&other.strata));
        }
        if self.len() != other.len() {
            return Err(StrataError::Lengths { what: "zones", found: other.len(), needed: self.len() });
        }
        let zones = self
            .zones
            .iter()
            .zip(&other.zones)
            .map(|(own, theirs)| own.iter().zip(theirs).map(|(a, b)| Ok(by(a, b)?)).collect())
            .collect::<Result<_, StrataError>>()?;
        Ok(Self { strata: self.strata.clone(), zones })
    }

    /// Areas by coarser strata, such as [`Strata::common`] gives: sums of whole strata.
    ///
    /// A sum has bounds only if all its terms have: the bounds of the others are not known.
    ///
    /// # Errors
    ///
    /// [`StrataError::NotDivisible`] if a stratum asked for is not made of whole ones.
    pub fn regroup(&self, to: &Strata) -> Result<Self, StrataError> {
        let groups: Vec<Vec<usize>> =
            to.classes().iter().map(|class| self.strata.making(class)).collect::<Result<_, _>>()?;
        let sum = |zone: &[Measured], group: &[usize]| {
            let bounded = group.iter().all(|&class| zone[class].interval().is_some());
            let terms: Vec<Measured> = group
                .iter()
                .map(
                    |&class| {
                        if bounded { zone[class].clone() } else { zone[class].clone().without_interval() }
                    },
                )
                .collect();
            Ok(Measured::sum(&Unit::SQUARE_METRE, &terms)?)
        };
        let zones = self
            .zones
            .iter()
            .map(|zone| groups.iter().map(|group| sum(zone, group)).collect())
            .collect::<Result<_, StrataError>>()?;
        Ok(Self { strata: to.clone(), zones })
    }

    /// With the bounds that the published accuracy of each stratum sets, by [`classification_bounds`]; a stratum without
    /// published accuracy stays without.
    ///
    /// # Errors
    ///
    /// [`StrataError::Value`] if an area is negative, as a difference may be.
    pub fn with_published_accuracy(&self) -> Result<Self, StrataError> {
        let bound = |(area, iou): (&Measured, Option<f64>)| match iou {
            Some(iou) => classification_bounds(area, iou),
            None => Ok(area.clone()),
        };
        let ious = || self.strata.classes().iter().map(|class| class.iou);
        let zones = self
            .zones
            .iter()
            .map(|zone| zone.iter().zip(ious()).map(bound).collect())
            .collect::<Result<_, _>>()?;
        Ok(Self { strata: self.strata.clone(), zones })
    }
}

/// A mapped area with the bounds of the true one, from the accuracy of the map: between `J·A` and `A/J`.
///
/// With `A` mapped, `T` true and `I` in both, `J = I / (T + A − I)` is the intersection over union, so that
/// `I = J (T + A) / (1 + J)`. From `I ≤ A` follows `T ≤ A/J`, all errors being omissions; from `I ≤ T` follows `T ≥ J·A`,
/// all being ground mapped in excess. No assumption on the errors makes them narrower.
///
/// # Interpretation
///
/// The bounds hold if the accuracy, measured on the test areas of the map, holds for the ground at hand. A street or a
/// commune may be mapped worse than the average; nothing tells. A mean over classes (mIoU) is the accuracy of none.
///
/// # Errors
///
/// [`StrataError::Accuracy`] unless `0 < iou ≤ 1`; [`StrataError::Value`] for a negative area.
///
/// # Example
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_indicators::greening::classification_bounds;
///
/// let herbs = classification_bounds(&Measured::new(54.0, Unit::HECTARE), 0.54)?;
/// let bounds = herbs.interval().unwrap();
/// assert!((bounds.lower - 29.16).abs() < 1e-9 && (bounds.upper - 100.0).abs() < 1e-9);
/// # Ok::<(), datagora_indicators::greening::StrataError>(())
/// ```
pub fn classification_bounds(area: &Measured, iou: f64) -> Result<Measured, StrataError> {
    check_iou(iou)?;
    match area.value() {
        Some(value) => Ok(area.clone().with_interval(Interval::certain(value * iou, value / iou)?)),
        None => Ok(area.clone()),
    }
}
