//! One measured value, and why it is one or none.
use datagora_core::{Problem, ProblemKind};

use super::super::super::xml::{Tag, decoded};
use super::super::{Measurement, MeasurementState, Quantity};
use super::State;

/// A value whose element is open.
pub(super) struct Pending {
    pub(super) depth: usize,
    quantity: Quantity,
    pub(super) value: Option<f64>,
    pub(super) error: bool,
    inputs: Option<u32>,
    incomplete: Option<u32>,
    deviation: Option<f32>,
    quality: Option<f32>,
}

impl State {
    /// Opens the element of a value.
    pub(super) fn begin(&mut self, quantity: Quantity, tag: Tag<'_>) {
        let mut pending = Pending {
            depth: self.depth,
            quantity,
            value: None,
            error: false,
            inputs: None,
            incomplete: None,
            deviation: None,
            quality: None,
        };
        for (name, value) in tag.attributes() {
            let understood = match name {
                b"numberOfInputValuesUsed" => {
                    pending.inputs = whole(value);
                    pending.inputs.is_some()
                }
                b"numberOfIncompleteInputs" => {
                    pending.incomplete = whole(value);
                    pending.incomplete.is_some()
                }
                b"standardDeviation" => {
                    pending.deviation = number(value).map(|value| value as f32);
                    pending.deviation.is_some()
                }
                b"supplierCalculatedDataQuality" => {
                    pending.quality = number(value).map(|value| value as f32);
                    pending.quality.is_some()
                }
                _ => true,
            };
            if !understood {
                let found = format!("{:?}", decoded(value));
                let problem = Problem::new(found, "a number").of_kind(ProblemKind::WrongType);
                self.problem(problem.in_column(decoded(name)));
            }
        }
        self.pending = Some(pending);
    }

    /// Takes over a value whose element ended.
    pub(super) fn measured(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let Pending { quantity, value, error, inputs, incomplete, deviation, quality, .. } = pending;
        let mut impossible = None;
        let state = match value {
            _ if error => MeasurementState::Error,
            None => MeasurementState::NoValue,
            Some(_) if quality.is_some_and(|quality| quality < self.options.least_quality) => {
                MeasurementState::LowQuality
            }
            Some(-1.0) if inputs != Some(0) => MeasurementState::NoValue,
            Some(_) if inputs == Some(0) && !quantity.can_be_empty() => MeasurementState::NoVehicle,
            Some(-1.0) => MeasurementState::NoValue,
            Some(value) if inputs == Some(0) && value > 0.0 => MeasurementState::NoValue,
            Some(value) => {
                let most = match quantity {
                    Quantity::Flow | Quantity::CarEquivalentFlow | Quantity::AxleFlow => {
                        self.options.most_per_hour
                    }
                    Quantity::Speed | Quantity::FreeFlowSpeed => self.options.fastest,
                    Quantity::Occupancy | Quantity::LongVehicles => 100.0,
                    _ => f64::INFINITY,
                };
                if value.is_finite() && (0.0..=most).contains(&value) {
                    MeasurementState::Measured
                } else {
                    impossible = Some((value, most));
                    MeasurementState::Impossible
                }
            }
        };
        if let Some((value, most)) = impossible {
            let unit = quantity.unit();
            let needed = match most.is_finite() {
                true => format!("0 to {most} {}; taken as missing", unit.code()),
                false => "a number from 0 on; taken as missing".to_owned(),
            };
            let problem = Problem::new(format!("{value} {} as {quantity:?}", unit.code()), needed);
            self.problem_of_value(problem);
        }
        let value = match (state, value) {
            (MeasurementState::Measured, Some(value)) => value,
            _ => f64::NAN,
        };
        let index = self.index;
        self.site.measurements.push(Measurement {
            index,
            quantity,
            value,
            state,
            time: None,
            inputs,
            incomplete,
            deviation,
            quality,
        });
    }
}

pub(super) fn whole(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

pub(super) fn number(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}
