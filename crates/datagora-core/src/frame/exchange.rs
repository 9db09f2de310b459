//! Arrays handed between Arrow and Polars through the C data interface, without copying.
//!
//! The only module of the crate with unsafe code. Both libraries implement the Arrow C data interface, a stable ABI of two
//! structures with a release callback, but each declares its own Rust types for them and offers no conversion. The types are
//! `repr(C)` images of the same specification, so a value of one is, bit for bit, a value of the other.
//!
//! Reference: Apache Arrow, *The Arrow C data interface*. <https://arrow.apache.org/docs/format/CDataInterface.html>
#![allow(unsafe_code)]
use std::mem::transmute;

use arrow::array::{Array, ArrayRef, make_array};
use arrow::datatypes::Field as ArrowField;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use polars::prelude::{CompatLevel, Series};
use polars_arrow::ffi;

use super::FrameError;

// A change of either declaration that the specification does not know stops the build here.
const _: () = assert!(
    size_of::<ffi::ArrowArray>() == size_of::<FFI_ArrowArray>()
        && align_of::<ffi::ArrowArray>() == align_of::<FFI_ArrowArray>()
        && size_of::<ffi::ArrowSchema>() == size_of::<FFI_ArrowSchema>()
        && align_of::<ffi::ArrowSchema>() == align_of::<FFI_ArrowSchema>()
);

fn failed(column: &str, source: impl std::error::Error + Send + Sync + 'static) -> FrameError {
    FrameError::Exchange { column: column.to_owned(), source: Box::new(source) }
}

/// The values of a series as one Arrow array; texts and bytes as views. Chunks are joined first, if there are several.
pub(super) fn to_array(series: &Series) -> Result<ArrayRef, FrameError> {
    let name = series.name().as_str();
    let array = series.rechunk().to_arrow(0, CompatLevel::newest());
    let field = polars_arrow::datatypes::Field::new(name.into(), array.dtype().clone(), true);
    let (array, field) = (ffi::export_array_to_c(array), ffi::export_field_to_c(&field));
    // SAFETY: both types are `repr(C)` images of the same structure of the C data interface, of the same size and alignment
    // (asserted above). The value moves: its release callback is owned, and called, by the new one alone.
    let (array, field) = unsafe {
        (
            transmute::<ffi::ArrowArray, FFI_ArrowArray>(array),
            transmute::<ffi::ArrowSchema, FFI_ArrowSchema>(field),
        )
    };
    // SAFETY: Polars has just exported both, of each other and as the interface prescribes.
    let data = unsafe { from_ffi(array, &field) }.map_err(|error| failed(name, error))?;
    Ok(make_array(data))
}

/// An Arrow array as a series.
pub(super) fn to_series(name: &str, array: &ArrayRef) -> Result<Series, FrameError> {
    let (values, _) = to_ffi(&array.to_data()).map_err(|error| failed(name, error))?;
    let field = FFI_ArrowSchema::try_from(ArrowField::new(name, array.data_type().clone(), true))
        .map_err(|error| failed(name, error))?;
    // SAFETY: as above, in the other direction.
    let (values, field) = unsafe {
        (
            transmute::<FFI_ArrowArray, ffi::ArrowArray>(values),
            transmute::<FFI_ArrowSchema, ffi::ArrowSchema>(field),
        )
    };
    // SAFETY: Arrow has just exported both, of each other and as the interface prescribes; the schema outlives the call.
    let imported = unsafe {
        let field = ffi::import_field_from_c(&field).map_err(|error| failed(name, error))?;
        ffi::import_array_from_c(values, field.dtype().clone())
    };
    let imported = imported.map_err(|error| failed(name, error))?;
    Series::from_arrow(name.into(), imported).map_err(|error| failed(name, error))
}
