//! Inputs from the open data of the Métropole, reprojected to CC46.
use std::path::Path;

use datagora_core::Crs;
use datagora_geo::types::{Rect, coord};
use datagora_geo::{GeometryColumn, doubt_crs, read_features, repair};

use crate::inputs::{Inputs, lyon};
use crate::task::Failure;

/// A layer in CC46, with the CRS it really is in, repaired.
fn layer(path: &Path) -> Result<GeometryColumn, Failure> {
    let geometry = read_features(path)?.features.geometry;
    let region = Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.2, y: 46.0 });
    let geometry = match doubt_crs(&geometry, &region) {
        Some(doubt) => doubt.mended(geometry),
        None => geometry,
    };
    let rows: Vec<usize> = (0..geometry.len()).filter(|&row| !geometry.is_missing(row)).collect();
    Ok(repair(&geometry.take(&rows).reproject(&Crs::CC46)?).0)
}

/// `trees`: the street trees; `iris`: the IRIS zones.
pub(crate) fn trees_and_iris(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("trees_and_iris", || {
        let trees = layer(&lyon()?.join("lyon_green/arbres_alignement.shp"))?;
        let (x, y) = trees.as_points().ok_or("trees that are no points")?;
        inputs.write_points("trees", x, y)?;
        inputs.write_polygons("iris", &layer(&lyon()?.join("lyon_admin/iris_lyon_mobitic.geojson"))?)
    })
}

/// `limits`: the communes.
fn communes(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("limits", || {
        inputs.write_polygons("limits", &layer(&lyon()?.join("lyon_admin/communes_gl_2025_iarbre.geojson"))?)
    })
}

/// `strata`: the EVA vegetation and sealed ground of 2015, all six layers.
pub(super) fn strata(inputs: &Inputs) -> Result<(), Failure> {
    communes(inputs)?;
    inputs.once("strata", || {
        let mut files: Vec<_> = std::fs::read_dir(lyon()?.join("lyon_green"))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.retain(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("eva2015_"))
        });
        files.sort();
        let layers: Vec<GeometryColumn> = files.iter().map(|path| layer(path)).collect::<Result<_, _>>()?;
        inputs.write_polygons("strata", &GeometryColumn::concat(&layers)?)
    })
}

/// `parks`: parks and gardens.
pub(super) fn parks(inputs: &Inputs) -> Result<(), Failure> {
    communes(inputs)?;
    inputs.once("parks", || {
        inputs.write_polygons("parks", &layer(&lyon()?.join("lyon_green/pac_parcs_canop.geojson"))?)
    })
}
