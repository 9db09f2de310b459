//! What fields say about their geometries.
use std::collections::HashMap;

use arrow::datatypes::Field;
use datagora_core::Crs;
use serde_json::{Value, json};

use super::{Encoding, GeoArrowError};
use crate::crs::{crs_from_projjson, projjson, unknown_crs};

const NAME: &str = "ARROW:extension:name";
const METADATA: &str = "ARROW:extension:metadata";

/// The part of the extension name that follows `geoarrow.`; `None` if the field is of no such type.
pub(crate) fn extension(field: &Field) -> Option<&str> {
    let name = field.metadata().get(NAME)?;
    // The name before the extension types were agreed on.
    name.strip_prefix("geoarrow.").or((name == "ogc.wkb").then_some("wkb"))
}

/// Encoding and CRS.
pub(crate) fn description(field: &Field) -> Result<(Encoding, Crs), GeoArrowError> {
    let encoding = extension(field).and_then(Encoding::named).ok_or_else(|| GeoArrowError::Extension {
        name: field.name().clone(),
        found: field.metadata().get(NAME).cloned(),
    })?;
    let metadata = field.metadata().get(METADATA).and_then(|text| serde_json::from_str::<Value>(text).ok());
    let crs = match metadata.as_ref().and_then(|metadata| metadata.get("crs")) {
        None | Some(Value::Null) => unknown_crs(),
        Some(definition) => crs_from_projjson(definition),
    };
    Ok((encoding, crs))
}

/// The metadata of a field.
pub(super) fn describe(extension: &str, crs: &Crs) -> HashMap<String, String> {
    let definition = match (projjson(crs), crs.epsg(), crs.definition()) {
        _ if *crs == unknown_crs() => json!({}),
        (Some(definition), ..) => json!({"crs": definition, "crs_type": "projjson"}),
        (None, Some(code), _) => json!({"crs": format!("EPSG:{code}"), "crs_type": "authority_code"}),
        (None, None, text) => json!({"crs": text}),
    };
    HashMap::from([
        (NAME.to_owned(), format!("geoarrow.{extension}")),
        (METADATA.to_owned(), definition.to_string()),
    ])
}
