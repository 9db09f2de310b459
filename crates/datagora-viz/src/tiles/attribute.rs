//! Attributes of features, column by column.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value as Json, json};

use super::TileError;
use super::mvt::{ONE_BYTE, Value};

/// The values of an attribute, one per row. A missing one is not written: the feature does not have the attribute.
///
/// ```
/// use datagora_viz::AttributeValues;
///
/// assert_eq!(AttributeValues::from(vec![12.0, 4.5]), AttributeValues::Numbers(vec![12.0, 4.5]));
/// assert_eq!(AttributeValues::from(vec!["platane"]), AttributeValues::Text(vec![Some("platane".to_owned())]));
/// assert_eq!(AttributeValues::from(vec![Some(true), None]).len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AttributeValues {
    /// Text; `None` is missing.
    Text(Vec<Option<String>>),
    /// Numbers; NaN and infinities are missing.
    Numbers(Vec<f64>),
    /// True or false; `None` is missing.
    Flags(Vec<Option<bool>>),
}

impl AttributeValues {
    /// Numbers rounded to multiples of a step, such as 0.1: a tile keeps each value once, so that few different ones make it
    /// smaller. Without a step above 0 they stay as they are.
    ///
    /// ```
    /// use datagora_viz::AttributeValues;
    ///
    /// let heights = AttributeValues::rounded(vec![12.26, 7.98, f64::INFINITY], 0.1);
    /// assert_eq!(heights, AttributeValues::Numbers(vec![12.3, 8.0, f64::INFINITY]));
    /// ```
    pub fn rounded(values: Vec<f64>, step: f64) -> Self {
        if !(step > 0.0 && step.is_finite()) {
            return Self::Numbers(values);
        }
        Self::Numbers(values.into_iter().map(|value| multiple((value / step).round(), step)).collect())
    }

    /// Numbers rounded to seven significant digits (single precision), which take four bytes in a tile rather than eight.
    ///
    /// ```
    /// use datagora_viz::AttributeValues;
    ///
    /// let shares = AttributeValues::single_precision(vec![0.1, 2.5]);
    /// assert_eq!(shares, AttributeValues::Numbers(vec![f64::from(0.1_f32), 2.5]));
    /// ```
    pub fn single_precision(values: Vec<f64>) -> Self {
        Self::Numbers(values.into_iter().map(|value| f64::from(value as f32)).collect())
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::Flags(values) => values.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Vec<f64>> for AttributeValues {
    fn from(values: Vec<f64>) -> Self {
        Self::Numbers(values)
    }
}

impl From<Vec<String>> for AttributeValues {
    fn from(values: Vec<String>) -> Self {
        Self::Text(values.into_iter().map(Some).collect())
    }
}

impl From<Vec<&str>> for AttributeValues {
    fn from(values: Vec<&str>) -> Self {
        Self::Text(values.into_iter().map(|text| Some(text.to_owned())).collect())
    }
}

impl From<Vec<Option<String>>> for AttributeValues {
    fn from(values: Vec<Option<String>>) -> Self {
        Self::Text(values)
    }
}

impl From<Vec<bool>> for AttributeValues {
    fn from(values: Vec<bool>) -> Self {
        Self::Flags(values.into_iter().map(Some).collect())
    }
}

impl From<Vec<Option<bool>>> for AttributeValues {
    fn from(values: Vec<Option<bool>>) -> Self {
        Self::Flags(values)
    }
}

/// An attribute of a layer.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) values: AttributeValues,
    /// The zoom from which features have it.
    pub(super) lowest: u8,
}

/// The attributes of a layer, texts with their number in a dictionary.
pub(super) struct Attributes<'a> {
    pub(super) names: Vec<String>,
    columns: Vec<Column<'a>>,
    /// The zoom from which each is there.
    lowest: Vec<u8>,
    texts: Vec<&'a str>,
    /// Number of different values of all attributes; more than [`ONE_BYTE`] are not counted.
    pub(super) distinct: usize,
}

enum Column<'a> {
    /// Numbers of texts; `u32::MAX` is missing.
    Text(Vec<u32>),
    Numbers(&'a [f64]),
    Flags(&'a [Option<bool>]),
}

impl<'a> Attributes<'a> {
    pub(super) fn new(layer: &str, attributes: &'a [Attribute], rows: usize) -> Result<Self, TileError> {
        let (mut names, mut columns, mut lowest, mut texts) = (vec![], vec![], vec![], vec![]);
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut different: BTreeSet<u64> = BTreeSet::new();
        for Attribute { name, values, lowest: from } in attributes {
            if values.len() != rows {
                return Err(TileError::Length {
                    layer: layer.to_owned(),
                    attribute: name.clone(),
                    found: values.len(),
                    needed: rows,
                });
            }
            if names.contains(name) {
                return Err(TileError::Twice { name: name.clone() });
            }
            names.push(name.clone());
            lowest.push(*from);
            columns.push(match values {
                AttributeValues::Numbers(values) => {
                    for value in values {
                        if different.len() > ONE_BYTE {
                            break;
                        }
                        different.insert(value.to_bits());
                    }
                    Column::Numbers(values)
                }
                AttributeValues::Flags(values) => Column::Flags(values),
                AttributeValues::Text(values) => {
                    let mut number = |text: &'a str| {
                        *numbers.entry(text).or_insert_with(|| {
                            texts.push(text);
                            texts.len() as u32 - 1
                        })
                    };
                    let number = |text: &'a Option<String>| text.as_deref().map_or(u32::MAX, &mut number);
                    Column::Text(values.iter().map(number).collect())
                }
            });
        }
        // True and false, too, are values.
        let distinct = different.len() + texts.len() + 2;
        Ok(Self { names, columns, lowest, texts, distinct })
    }

    /// Numbers of the attributes that a zoom has.
    pub(super) fn at(&self, zoom: u8) -> impl Iterator<Item = usize> + '_ {
        (0..self.columns.len()).filter(move |&attribute| self.lowest[attribute] <= zoom)
    }

    /// The value of a row; `None` if it is missing.
    pub(super) fn value(&self, attribute: usize, row: usize) -> Option<Value<'a>> {
        match &self.columns[attribute] {
            Column::Text(numbers) => {
                let number = numbers[row];
                (number != u32::MAX).then(|| Value::Text(number, self.texts[number as usize]))
            }
            Column::Numbers(values) => {
                let value = values[row];
                value.is_finite().then_some(Value::Number(value))
            }
            Column::Flags(values) => values[row].map(Value::Flag),
        }
    }

    /// The values of a row that are there, with the number of their attribute, of those that a zoom has.
    pub(super) fn of_row(&self, row: usize, zoom: u8) -> impl Iterator<Item = (usize, Value<'a>)> + '_ {
        let there = self.at(zoom);
        there.filter_map(move |attribute| Some((attribute, self.value(attribute, row)?)))
    }

    /// Types as in TileJSON.
    pub(super) fn fields(&self) -> BTreeMap<String, String> {
        let kinds = self.columns.iter().map(|column| column.kind().0.to_owned());
        self.names.iter().cloned().zip(kinds).collect()
    }

    /// Each attribute as in the tilestats of Mapbox: type, number of values, the values or their range.
    pub(super) fn statistics(&self) -> Vec<Json> {
        let columns = self.names.iter().zip(&self.columns);
        columns.map(|(name, column)| self.statistic(name, column)).collect()
    }

    fn statistic(&self, name: &str, column: &Column<'_>) -> Json {
        let kind = column.kind().1;
        match column {
            Column::Text(numbers) => {
                let used: BTreeSet<u32> = numbers.iter().copied().filter(|&n| n != u32::MAX).collect();
                let listed = used.iter().take(MOST_VALUES).map(|&n| self.texts[n as usize]);
                let listed: Vec<&str> = listed.collect();
                json!({ "attribute": name, "type": kind, "count": used.len(), "values": listed })
            }
            Column::Flags(values) => {
                let used: BTreeSet<bool> = values.iter().copied().flatten().collect();
                json!({ "attribute": name, "type": kind, "count": used.len(), "values": used })
            }
            Column::Numbers(values) => number_statistic(name, values.iter().copied()),
        }
    }
}

/// Values that are listed one by one, as by the program that defined the format.
const MOST_VALUES: usize = 100;

/// An attribute of numbers in tilestats.
pub(super) fn number_statistic(name: &str, values: impl Iterator<Item = f64>) -> Json {
    let mut used: BTreeSet<u64> = BTreeSet::new();
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| value.is_finite()) {
        (least, most) = (least.min(value), most.max(value));
        if used.len() <= MOST_VALUES {
            used.insert(value.to_bits());
        }
    }
    let mut found = json!({ "attribute": name, "type": "number" });
    if least <= most {
        found["min"] = json!(least);
        found["max"] = json!(most);
    }
    if used.len() <= MOST_VALUES {
        let mut listed: Vec<f64> = used.into_iter().map(f64::from_bits).collect();
        listed.sort_by(f64::total_cmp);
        found["count"] = json!(listed.len());
        found["values"] = json!(listed);
    }
    found
}

impl Column<'_> {
    /// In TileJSON, and in tilestats.
    fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Text(_) => ("String", "string"),
            Self::Numbers(_) => ("Number", "number"),
            Self::Flags(_) => ("Boolean", "boolean"),
        }
    }
}

/// A multiple of a step, without the digits that rounding adds where the step is a fraction such as 0.1.
pub(super) fn multiple(count: f64, step: f64) -> f64 {
    let inverse = 1.0 / step;
    if inverse.round() >= 1.0 && (inverse - inverse.round()).abs() < 1e-9 * inverse {
        count / inverse.round()
    } else {
        count * step
    }
}
