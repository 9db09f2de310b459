//! One column of a join by predicate.
use std::sync::OnceLock;

use super::super::slabs::Slabs;
use super::PredicateError;
use crate::geometry::PartKind;
use crate::overlay::{Outline, Outlines};
use crate::types::Coord;
use crate::{FaultKind, GeometryColumn, GeometryKind, faults};

/// A column whose rows can be related. What the tests need of a surface is made when first asked for: a row that has no
/// candidates costs nothing.
pub(super) struct Side<'a> {
    pub(super) column: &'a GeometryColumn,
    /// Edges of each row, for the relation to other surfaces.
    outlines: Outlines<'a>,
    /// Polygons of each row, for points in them.
    slabs: Vec<OnceLock<Slabs>>,
}

/// Where the vertices of a geometry are with respect to the polygons of a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Vertices {
    pub(super) inside: bool,
    pub(super) on: bool,
    pub(super) outside: bool,
}

impl<'a> Side<'a> {
    pub(super) fn new(column: &'a GeometryColumn, side: &'static str) -> Result<Self, PredicateError> {
        let collection = |row: &usize| column.kind(*row) == Some(GeometryKind::GeometryCollection);
        if let Some(row) = (0..column.len()).find(collection) {
            return Err(PredicateError::Collection { side, row });
        }
        // An interior in two pieces is ground as any other.
        let unclear = |kind: FaultKind| kind.is_invalid() && kind != FaultKind::DisconnectedInterior;
        if let Some(fault) = faults(column).into_iter().find(|fault| unclear(fault.kind)) {
            return Err(PredicateError::Invalid { side, row: fault.row, fault: fault.kind });
        }
        let slabs = (0..column.len()).map(|_| OnceLock::new()).collect();
        Ok(Side { column, outlines: Outlines::new(column), slabs })
    }

    /// Dimension of a row: 0 for points, 1 for lines, 2 for surfaces.
    pub(super) fn dimension(&self, row: usize) -> u8 {
        match self.column.kind(row) {
            None | Some(GeometryKind::Point | GeometryKind::MultiPoint) => 0,
            Some(GeometryKind::LineString | GeometryKind::MultiLineString) => 1,
            _ => 2,
        }
    }

    /// The edges of a row.
    pub(super) fn outline(&self, row: usize) -> &Outline {
        self.outlines.of(row)
    }

    fn polygons(&self, row: usize) -> &Slabs {
        self.slabs[row].get_or_init(|| {
            let mut slabs = Slabs::default();
            for part in self.column.parts(row).filter(|part| part.kind == PartKind::Polygon) {
                let edges: Vec<[Coord; 2]> = part.edges().collect();
                if !edges.is_empty() {
                    slabs.push(&edges);
                }
            }
            slabs
        })
    }

    /// Where the vertices of a row are with respect to the surface of another, until `enough` is known.
    pub(super) fn vertices_in(
        &self,
        row: usize,
        other: &Side<'_>,
        surface: usize,
        enough: impl Fn(Vertices) -> bool,
    ) -> Vertices {
        let mut found = Vertices::default();
        let polygons = other.polygons(surface);
        for Coord { x, y } in
            self.column.parts(row).flat_map(|part| part.rings()).flat_map(|ring| ring.points())
        {
            let (mut inside, mut on) = (false, false);
            for polygon in 0..polygons.len() {
                let position = polygons.position(polygon, x, y);
                on |= position.on_boundary;
                inside |= position.odd && !position.on_boundary;
            }
            // Polygons of a row share no more than points of their boundaries.
            match (inside, on) {
                (true, _) => found.inside = true,
                (false, true) => found.on = true,
                (false, false) => found.outside = true,
            }
            if enough(found) {
                break;
            }
        }
        found
    }
}
