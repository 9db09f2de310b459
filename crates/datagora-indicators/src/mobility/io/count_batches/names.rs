//! Channels by number, whatever the type of their identifiers.
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind};

use crate::mobility::io::file::refused;

/// Numbers of the channels.
#[derive(Default)]
pub(in crate::mobility::io) struct Names {
    pub(in crate::mobility::io) channels: Vec<String>,
    numbers: HashMap<String, u32>,
    whole: HashMap<i64, u32>,
    /// The dictionary met last, and the numbers of its entries.
    last: Option<(ArrayRef, Vec<u32>)>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.channels.len() as u32;
        self.channels.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// The numbers of the channels of a column; `u32::MAX` for null.
    pub(super) fn numbers_of(
        &mut self,
        column: &ArrayRef,
        file: &str,
        into: &mut Vec<u32>,
    ) -> Result<(), ReadError> {
        into.clear();
        let wrong = |found: &DataType| {
            let problem =
                Problem::new(format!("a column of {found}"), "text, a dictionary of text, or whole numbers");
            refused(file, problem.of_kind(ProblemKind::WrongType).in_file(file))
        };
        match column.data_type() {
            DataType::Dictionary(_, values)
                if matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) =>
            {
                let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                let column = match column.data_type() == &kind {
                    true => column.clone(),
                    false => arrow::compute::cast(column, &kind).map_err(|_| wrong(column.data_type()))?,
                };
                let dictionary = column.as_dictionary::<Int32Type>();
                let values = dictionary.values();
                let known = self.last.as_ref().is_some_and(|(last, _)| {
                    Arc::ptr_eq(last, values) || last.to_data().ptr_eq(&values.to_data())
                });
                if !known {
                    let numbers = values
                        .as_string::<i32>()
                        .iter()
                        .map(|name| name.map_or(u32::MAX, |name| self.number(name)));
                    let numbers = numbers.collect();
                    self.last = Some((values.clone(), numbers));
                }
                let Some((_, numbers)) = &self.last else { return Ok(()) };
                let keys = dictionary.keys();
                if keys.null_count() == 0 {
                    into.extend(
                        keys.values()
                            .iter()
                            .map(|key| numbers.get(*key as usize).copied().unwrap_or(u32::MAX)),
                    );
                } else {
                    into.extend(keys.iter().map(|key| {
                        key.and_then(|key| numbers.get(key as usize).copied()).unwrap_or(u32::MAX)
                    }));
                }
            }
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                let text =
                    arrow::compute::cast(column, &DataType::Utf8).map_err(|_| wrong(column.data_type()))?;
                into.extend(
                    text.as_string::<i32>()
                        .iter()
                        .map(|name| name.map_or(u32::MAX, |name| self.number(name))),
                );
            }
            kind if kind.is_integer() => {
                let whole = arrow::compute::cast(column, &DataType::Int64).map_err(|_| wrong(kind))?;
                let mut last: Option<(i64, u32)> = None;
                for id in whole.as_primitive::<Int64Type>() {
                    let Some(id) = id else {
                        into.push(u32::MAX);
                        continue;
                    };
                    let number = match last {
                        Some((known, number)) if known == id => number,
                        _ => match self.whole.get(&id) {
                            Some(number) => *number,
                            None => {
                                let number = self.number(&id.to_string());
                                self.whole.insert(id, number);
                                number
                            }
                        },
                    };
                    last = Some((id, number));
                    into.push(number);
                }
            }
            kind => return Err(wrong(kind)),
        }
        Ok(())
    }
}
