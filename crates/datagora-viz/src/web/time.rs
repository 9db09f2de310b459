//! Steps of time that the reader plays.
mod values;

use serde_json::{Value, json};

pub use values::StepValues;

/// The steps of time of an interactive map, with the words for each: hours, months, years, phases of a project.
///
/// The page has a slider with buttons for back, play and on. Nothing plays before the reader asks for it; where motion is not
/// wanted it stops. The step is in the link, over the map, in the card, and told to screen readers when it stands still.
///
/// A layer follows the steps by its values ([`StepValues`]), as colour or as size, or shows features in their period
/// ([`WebLayer::with_period`](crate::WebLayer::with_period)).
///
/// ```
/// use datagora_viz::TimeAxis;
///
/// let hours = TimeAxis::new("Hour", (0..24).map(|hour| format!("{hour}:00"))).opening_at(8).with_pace(2.0);
/// ```
///
/// # References
///
/// Web Content Accessibility Guidelines 2.2, criteria 2.2.2 and 2.3.3.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeAxis {
    name: String,
    pub(super) steps: Vec<String>,
    opening: usize,
    pace: f64,
}

impl TimeAxis {
    /// What the steps are, such as "Hour", and the words for each.
    pub fn new(name: impl Into<String>, steps: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let steps = steps.into_iter().map(Into::into).collect();
        Self { name: name.into(), steps, opening: 0, pace: 2.0 }
    }

    /// Opens at this step, counted from 0; at the last, if there are fewer.
    pub fn opening_at(self, step: usize) -> Self {
        Self { opening: step, ..self }
    }

    /// Plays this many steps a second; 2 without. Readers may halve or double it.
    pub fn with_pace(self, steps_a_second: f64) -> Self {
        Self { pace: steps_a_second.clamp(0.1, 20.0), ..self }
    }

    /// What the steps are.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The step at which the page opens.
    pub(super) fn opening(&self) -> usize {
        self.opening.min(self.steps.len().saturating_sub(1))
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "name": self.name, "steps": self.steps, "opening": self.opening(), "pace": self.pace })
    }
}
