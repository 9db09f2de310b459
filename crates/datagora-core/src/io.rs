//! Reading tables from files and writing them back: CSV, JSON, Parquet.
//!
//! Readers say all that is wrong with a file, not only the first thing, and name file, row, column, what was found and
//! what was needed. Writers are atomic: a run that fails leaves what was there before.
//!
//! ```
//! use datagora_core::io::{CsvOptions, CsvReader, write_csv_to};
//!
//! let text = "commune;arbres\n69123;51 000,5\n69266;\n";
//! let mut reader = CsvReader::from_reader(text.as_bytes(), "arbres.csv", CsvOptions::default())?;
//! let table = reader.read_all()?;
//! assert_eq!(table.text("commune")?.value(1), "69266");
//!
//! let mut bytes = Vec::new();
//! write_csv_to(&mut bytes, &table)?;
//! assert_eq!(bytes, b"commune,arbres\r\n69123,\"51 000,5\"\r\n69266,\r\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod atomic;
mod csv_detect;
mod csv_options;
mod csv_reader;
mod csv_writer;
mod encoding;
mod error;
mod folder;
mod guarded;
mod json_node;
mod json_reader;
mod parquet;
mod quotes;

pub use atomic::AtomicFile;
pub use csv_options::{CsvOptions, OnProblem};
pub use csv_reader::{Csv, CsvReader, CsvReport, read_csv};
pub use csv_writer::{CsvWriteOptions, write_csv, write_csv_to, write_csv_with};
pub use encoding::{TextEncoding, repair_mojibake};
pub use error::{ReadError, WriteError};
pub use folder::AtomicFolder;
pub use guarded::{DecoderPanic, guarded};
pub use json_reader::{Json, JsonOptions, JsonReport, parse_json, read_json};
pub use parquet::{ParquetOptions, ParquetReader, read_parquet, write_parquet, write_parquet_to};
