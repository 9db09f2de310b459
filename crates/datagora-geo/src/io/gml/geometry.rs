//! The geometries of GML.
use datagora_core::Crs;

use super::super::error::Fault;
use super::super::note::{ReadNote, Tally};
use super::reference_system;
use super::tree::Node;
use crate::arc::{chords, circumcentre};
use crate::types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon, Rect,
};

/// Whether an element is a geometry.
pub(super) fn is_geometry(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "Point",
        "LineString",
        "LinearRing",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "MultiGeometry",
        "Curve",
        "Surface",
        "MultiCurve",
        "MultiSurface",
        "CompositeCurve",
        "CompositeSurface",
        "OrientableCurve",
        "PolyhedralSurface",
        "TriangulatedSurface",
        "Tin",
        "Envelope",
        "Box",
        "Solid",
    ];
    NAMES.contains(&name)
}

/// What surrounds a geometry says of its coordinates.
#[derive(Clone, Debug, Default)]
pub(super) struct Reference {
    srs: Option<String>,
    dimension: Option<usize>,
}

impl Reference {
    /// What holds inside of an element.
    pub(super) fn within(&self, node: &Node) -> Self {
        let dimension = node.attribute("srsDimension").or(node.attribute("dimension"));
        Self {
            srs: node.attribute("srsName").map(str::to_owned).or_else(|| self.srs.clone()),
            dimension: dimension.and_then(|text| text.trim().parse().ok()).or(self.dimension),
        }
    }
}

/// Makes geometries of elements, and remembers what it had to do.
#[derive(Default)]
pub(super) struct Interpreter {
    crs: Option<Crs>,
    swapped: bool,
    undeclared: bool,
    other: Option<(Crs, Tally)>,
    dimensions: Tally,
    linearised: Tally,
    closed: Tally,
    unsupported: Option<(String, Tally)>,
    further: Vec<String>,
    row: usize,
}

type Result<T> = std::result::Result<T, Fault>;

impl Interpreter {
    /// The geometry of a feature; `None` if it is empty, or of a kind or CRS that cannot be kept.
    pub(super) fn read(&mut self, node: &Node, around: &Reference, row: usize) -> Result<Option<Geometry>> {
        self.row = row;
        let Some(geometry) = self.geometry(node, around)? else {
            return Ok(None);
        };
        let Some(srs) = first_srs(node).or(around.srs.as_deref()) else {
            self.undeclared |= self.crs.is_none();
            return Ok(Some(geometry));
        };
        let (crs, north_first) = reference_system(srs);
        if self.crs.get_or_insert_with(|| crs.clone()) != &crs {
            self.other.get_or_insert_with(|| (crs, Tally::default())).1.add(row);
            return Ok(None);
        }
        if !north_first {
            return Ok(Some(geometry));
        }
        self.swapped = true;
        use geo::MapCoords;
        Ok(Some(geometry.map_coords(|Coord { x, y }| Coord { x: y, y: x })))
    }

    /// A further geometry of a feature, which is left out.
    pub(super) fn further(&mut self, property: &str) {
        if !self.further.iter().any(|name| name == property) {
            self.further.push(property.to_owned());
        }
    }

    /// The CRS of all that was read, and the notes.
    pub(super) fn conclude(&mut self, notes: &mut Vec<ReadNote>) -> Option<Crs> {
        match &self.crs {
            Some(crs) if crs.epsg().is_none() => notes.push(ReadNote::CrsUnknown { found: crs.to_string() }),
            Some(crs) if self.swapped => notes.push(ReadNote::AxesSwapped { crs: crs.clone() }),
            None if self.undeclared => {
                notes.push(ReadNote::CrsUnknown { found: "nothing, no srsName".into() })
            }
            _ => {}
        }
        if let Some((crs, tally)) = self.other.take() {
            let found = crs.to_string();
            tally.note(notes, |features, first| ReadNote::OtherCrs { found, features, first });
        }
        self.dimensions.note(notes, |features, first| ReadNote::DimensionsDropped { features, first });
        self.linearised.note(notes, |features, first| ReadNote::CurvesLinearised { features, first });
        self.closed.note(notes, |features, first| ReadNote::RingsClosed { features, first });
        if let Some((kind, tally)) = self.unsupported.take() {
            tally.note(notes, |features, first| ReadNote::GeometryDropped { kind, features, first });
        }
        for column in self.further.drain(..) {
            notes.push(ReadNote::ColumnDropped { column, kind: "geometry".into() });
        }
        self.crs.clone()
    }

    fn geometry(&mut self, node: &Node, around: &Reference) -> Result<Option<Geometry>> {
        let around = &around.within(node);
        Ok(Some(match node.name.as_str() {
            "Point" => {
                return Ok(self.coords(node, around)?.first().map(|&coord| Geometry::Point(Point(coord))));
            }
            "LineString" | "LinearRing" | "Curve" | "CompositeCurve" | "OrientableCurve" => {
                Geometry::LineString(LineString(self.curve(node, around)?))
            }
            "Polygon" => Geometry::Polygon(self.polygon(node, around)?),
            "Surface" | "CompositeSurface" | "PolyhedralSurface" | "TriangulatedSurface" | "Tin" => {
                let mut polygons = self.surfaces(node, around)?;
                match polygons.len() {
                    1 => Geometry::Polygon(polygons.remove(0)),
                    _ => Geometry::MultiPolygon(MultiPolygon(polygons)),
                }
            }
            "MultiPoint" => {
                let mut points = Vec::new();
                for point in members(node) {
                    let around = around.within(point);
                    points.extend(self.coords(point, &around)?.into_iter().map(Point));
                }
                Geometry::MultiPoint(MultiPoint(points))
            }
            "MultiLineString" | "MultiCurve" => {
                let mut lines = Vec::new();
                for line in members(node) {
                    lines.push(LineString(self.curve(line, around)?));
                }
                Geometry::MultiLineString(MultiLineString(lines))
            }
            "MultiPolygon" | "MultiSurface" => {
                let mut polygons = Vec::new();
                for surface in members(node) {
                    polygons.extend(self.surfaces(surface, around)?);
                }
                Geometry::MultiPolygon(MultiPolygon(polygons))
            }
            "MultiGeometry" => {
                let mut parts = Vec::new();
                for part in members(node) {
                    parts.extend(self.geometry(part, around)?);
                }
                Geometry::GeometryCollection(GeometryCollection(parts))
            }
            "Envelope" | "Box" => {
                let coords = self.coords(node, around)?;
                match coords[..] {
                    [low, high] => Geometry::Polygon(Rect::new(low, high).to_polygon()),
                    _ => {
                        return Err(bad(
                            format!("an <{}> of {} corners", node.name, coords.len()),
                            "two corners",
                        ));
                    }
                }
            }
            other => {
                let kind = format!("<{other}>");
                self.unsupported.get_or_insert_with(|| (kind, Tally::default())).1.add(self.row);
                return Ok(None);
            }
        }))
    }

    /// The positions of a curve of any kind; pieces are joined.
    fn curve(&mut self, node: &Node, around: &Reference) -> Result<Vec<Coord>> {
        let around = &around.within(node);
        match node.name.as_str() {
            "LineString" | "LinearRing" | "LineStringSegment" | "GeodesicString" => self.coords(node, around),
            "Arc" | "ArcString" | "Circle" => {
                let mut coords = self.coords(node, around)?;
                if let ("Circle", [a, b, c]) = (node.name.as_str(), &coords[..])
                    && let Some(centre) = circumcentre(*a, *b, *c)
                {
                    // An arc from a position to itself, over the one opposite.
                    coords = vec![*a, centre * 2.0 - *a, *a];
                }
                self.linearised.add(self.row);
                Ok(chords(&coords))
            }
            "Curve" | "CompositeCurve" | "Ring" | "OrientableCurve" | "segments" | "curveMember"
            | "baseCurve" => {
                let mut joined: Vec<Coord> = Vec::new();
                for piece in &node.children {
                    let piece = self.curve(piece, around)?;
                    let shared = !joined.is_empty() && joined.last() == piece.first();
                    joined.extend(piece.into_iter().skip(usize::from(shared)));
                }
                if node.name == "OrientableCurve" && node.attribute("orientation") == Some("-") {
                    joined.reverse();
                }
                Ok(joined)
            }
            other => Err(bad(format!("<{other}> as a curve"), "a line, a curve or an arc")),
        }
    }

    fn polygon(&mut self, node: &Node, around: &Reference) -> Result<Polygon> {
        let around = &around.within(node);
        let (mut outer, mut holes) = (LineString(Vec::new()), Vec::new());
        for side in &node.children {
            let hole = match side.name.as_str() {
                "exterior" | "outerBoundaryIs" => false,
                "interior" | "innerBoundaryIs" => true,
                _ => continue,
            };
            for ring in &side.children {
                let ring = LineString(self.curve(ring, around)?);
                if ring.0.first() != ring.0.last() {
                    self.closed.add(self.row);
                }
                if hole { holes.push(ring) } else { outer = ring }
            }
        }
        Ok(Polygon::new(outer, holes))
    }

    /// The polygons of a surface of any kind.
    fn surfaces(&mut self, node: &Node, around: &Reference) -> Result<Vec<Polygon>> {
        let around = &around.within(node);
        if matches!(node.name.as_str(), "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle") {
            return Ok(vec![self.polygon(node, around)?]);
        }
        let mut polygons = Vec::new();
        for part in &node.children {
            match part.name.as_str() {
                "patches" | "polygonPatches" | "trianglePatches" | "surfaceMember" | "surfaceMembers"
                | "Surface" | "CompositeSurface" | "PolygonPatch" | "Polygon" | "Triangle" | "Rectangle" => {
                    polygons.extend(self.surfaces(part, around)?);
                }
                _ => {}
            }
        }
        Ok(polygons)
    }

    /// The positions that an element holds, in whichever way.
    fn coords(&mut self, node: &Node, around: &Reference) -> Result<Vec<Coord>> {
        let mut coords = Vec::new();
        for child in &node.children {
            let within = around.within(child);
            match child.name.as_str() {
                "pos" | "lowerCorner" | "upperCorner" => {
                    let numbers = numbers(&child.text)?;
                    if numbers.len() < 2 {
                        return Err(bad(format!("“{}” as a position", short(&child.text)), "two numbers"));
                    }
                    self.count(numbers.len());
                    coords.push(Coord { x: numbers[0], y: numbers[1] });
                }
                "posList" => {
                    let numbers = numbers(&child.text)?;
                    let dimension = within.dimension.unwrap_or(2).max(2);
                    if numbers.len() % dimension != 0 {
                        let found = format!("{} numbers in positions of {dimension}", numbers.len());
                        return Err(bad(found, "a multiple"));
                    }
                    self.count(dimension);
                    let positions = numbers.chunks_exact(dimension);
                    coords.extend(positions.map(|position| Coord { x: position[0], y: position[1] }));
                }
                "coordinates" => self.tuples(child, &mut coords)?,
                "coord" => {
                    let number = |name| child.child(name).and_then(|node| node.text.trim().parse().ok());
                    match (number("X"), number("Y")) {
                        (Some(x), Some(y)) => coords.push(Coord { x, y }),
                        _ => return Err(bad("a <coord> without X and Y", "two numbers")),
                    }
                    self.count(2 + usize::from(child.child("Z").is_some()));
                }
                "pointMember" | "pointRep" | "pointProperty" | "Point" => {
                    coords.extend(self.coords(child, &within)?);
                }
                _ => {}
            }
        }
        Ok(coords)
    }

    /// `x,y x,y`, with the separators that GML 2 lets one choose.
    fn tuples(&mut self, node: &Node, coords: &mut Vec<Coord>) -> Result<()> {
        let sign = |name: &str, default: char| {
            node.attribute(name).and_then(|text| text.chars().next()).unwrap_or(default)
        };
        let (within, between, decimal) = (sign("cs", ','), sign("ts", ' '), sign("decimal", '.'));
        let is_between = |c: char| if between.is_whitespace() { c.is_whitespace() } else { c == between };
        for tuple in node.text.split(is_between).map(str::trim).filter(|tuple| !tuple.is_empty()) {
            let numbers: Vec<f64> = tuple
                .split(within)
                .map(|number| number.trim().replace(decimal, ".").parse())
                .collect::<std::result::Result<_, _>>()
                .map_err(|_| bad(format!("“{}” as a position", short(tuple)), "numbers"))?;
            let [x, y, ..] = numbers[..] else {
                return Err(bad(format!("“{}” as a position", short(tuple)), "two numbers"));
            };
            self.count(numbers.len());
            coords.push(Coord { x, y });
        }
        Ok(())
    }

    fn count(&mut self, numbers: usize) {
        if numbers > 2 {
            self.dimensions.add(self.row);
        }
    }
}

/// The first `srsName` in an element or below it.
fn first_srs(node: &Node) -> Option<&str> {
    node.attribute("srsName").or_else(|| node.children.iter().find_map(first_srs))
}

/// The geometries that a multi-geometry holds, in `…Member` or `…Members`.
fn members(node: &Node) -> impl Iterator<Item = &Node> {
    node.children
        .iter()
        .filter(|member| member.name.ends_with("Member") || member.name.ends_with("Members"))
        .flat_map(|member| &member.children)
}

fn numbers(text: &str) -> Result<Vec<f64>> {
    text.split_whitespace()
        .map(|number| {
            number.parse().map_err(|_| bad(format!("“{}” as a coordinate", short(number)), "a number"))
        })
        .collect()
}

fn bad(found: impl Into<String>, needed: &str) -> Fault {
    Fault::new(found, needed, "ask the service for the feature again")
}

fn short(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
