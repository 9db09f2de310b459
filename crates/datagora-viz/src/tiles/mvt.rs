//! Writer of Mapbox Vector Tiles 2.1: protocol buffers by hand, since there are five messages and millions of features.
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What a feature of a tile is, by its number in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// A text and its number in the dictionary of the layer.
    Text(u32, &'a str),
    Number(f64),
    Flag(bool),
}

impl Value<'_> {
    /// Its type, and what tells it from others of that type.
    pub(super) fn bits(self) -> (u8, u64) {
        match self {
            Value::Text(number, _) => (0, u64::from(number)),
            Value::Number(number) => (1, number.to_bits()),
            Value::Flag(flag) => (2, u64::from(flag)),
        }
    }
}

/// Distributes numbers well enough, and faster than the default.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A table of numbers.
pub(super) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_field(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn zigzag(value: i32) -> u64 {
    u64::from((value << 1 ^ value >> 31) as u32)
}

/// Geometry of one feature: commands and steps from point to point.
#[derive(Default)]
pub(super) struct Steps {
    bytes: Vec<u8>,
    at: [i32; 2],
}

impl Steps {
    fn command(&mut self, number: u64, count: usize) {
        put_varint(&mut self.bytes, number | (count as u64) << 3);
    }

    fn step(&mut self, to: [i32; 2]) {
        for (axis, to) in to.into_iter().enumerate() {
            put_varint(&mut self.bytes, zigzag(to.wrapping_sub(self.at[axis])));
        }
        self.at = to;
    }

    /// A set of points.
    pub(super) fn points(&mut self, points: &[[i32; 2]]) {
        self.command(1, points.len());
        points.iter().for_each(|&point| self.step(point));
    }

    /// A line, or with `close` a ring that does not repeat its first point.
    pub(super) fn run(&mut self, points: &[[i32; 2]], close: bool) {
        let Some((&first, others)) = points.split_first() else { return };
        self.command(1, 1);
        self.step(first);
        self.command(2, others.len());
        others.iter().for_each(|&point| self.step(point));
        if close {
            self.command(7, 1);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// How many numbers fit one byte.
pub(super) const ONE_BYTE: usize = 128;

/// One layer of one tile.
pub(super) struct LayerWriter {
    features: Vec<u8>,
    values: Vec<u8>,
    places: Table<(u8, u64), u32>,
    steps: Steps,
    tags: Vec<u8>,
    /// Keys that a feature of this tile has, with their number here.
    keys: Vec<Option<u32>>,
    used: Vec<usize>,
    count: usize,
    /// Whether numbers of values take two bytes at least.
    wide: bool,
}

impl LayerWriter {
    /// A layer of which features may have so many attributes, of so many different values together.
    ///
    /// Where numbers of values do not fit a byte, all take two: features that differ in no length compress better, by a
    /// twentieth.
    pub(super) fn new(attributes: usize, values: usize) -> Self {
        Self {
            features: Vec::new(),
            values: Vec::new(),
            places: Table::default(),
            steps: Steps::default(),
            tags: Vec::new(),
            keys: vec![None; attributes],
            used: Vec::new(),
            count: 0,
            wide: values > ONE_BYTE,
        }
    }

    /// Where the geometry of the next feature is written.
    pub(super) fn steps(&mut self) -> &mut Steps {
        &mut self.steps
    }

    /// An attribute of the next feature.
    pub(super) fn tag(&mut self, attribute: usize, value: Value<'_>) {
        let next = self.used.len() as u32;
        let key = *self.keys[attribute].get_or_insert_with(|| {
            self.used.push(attribute);
            next
        });
        let next = self.places.len() as u32;
        let values = &mut self.values;
        let place = *self.places.entry(value.bits()).or_insert_with(|| {
            put_value(values, value);
            next
        });
        put_varint(&mut self.tags, key.into());
        if self.wide && place < ONE_BYTE as u32 {
            self.tags.extend_from_slice(&[place as u8 | 0x80, 0]);
        } else {
            put_varint(&mut self.tags, place.into());
        }
    }

    /// Ends the feature whose attributes and geometry were written; one without geometry is left out.
    pub(super) fn end(&mut self, id: Option<u64>, kind: Kind) -> bool {
        let there = !self.steps.is_empty();
        if there {
            let mut id_bytes = [0; 11];
            let mut id_len = 0;
            if let Some(id) = id {
                id_bytes[0] = 1 << 3;
                id_len = 1 + varint_into(&mut id_bytes[1..], id);
            }
            let (tags, geometry) = (&self.tags, &self.steps.bytes);
            let tags_len = if tags.is_empty() { 0 } else { 1 + varint_len(tags.len() as u64) + tags.len() };
            let len = id_len + tags_len + 2 + 1 + varint_len(geometry.len() as u64) + geometry.len();
            self.features.push(2 << 3 | 2);
            put_varint(&mut self.features, len as u64);
            self.features.extend_from_slice(&id_bytes[..id_len]);
            if !tags.is_empty() {
                put_field(&mut self.features, 2, tags);
            }
            self.features.extend_from_slice(&[3 << 3, kind as u8]);
            put_field(&mut self.features, 4, geometry);
            self.count += 1;
        }
        self.tags.clear();
        self.steps.bytes.clear();
        self.steps.at = [0, 0];
        there
    }

    /// Adds the layer to a tile, unless it has no feature; how many it has.
    pub(super) fn finish(self, name: &str, extent: u32, keys: &[String], tile: &mut Vec<u8>) -> usize {
        if self.count == 0 {
            return 0;
        }
        let mut layer = Vec::with_capacity(self.features.len() + self.values.len() + name.len() + 64);
        layer.extend_from_slice(&[15 << 3, 2]);
        put_field(&mut layer, 1, name.as_bytes());
        layer.extend_from_slice(&self.features);
        for attribute in self.used {
            put_field(&mut layer, 3, keys[attribute].as_bytes());
        }
        layer.extend_from_slice(&self.values);
        layer.push(5 << 3);
        put_varint(&mut layer, extent.into());
        put_field(tile, 3, &layer);
        self.count
    }
}

fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

fn varint_into(out: &mut [u8], mut value: u64) -> usize {
    let mut len = 0;
    while value >= 0x80 {
        out[len] = value as u8 | 0x80;
        value >>= 7;
        len += 1;
    }
    out[len] = value as u8;
    len + 1
}

/// Numbers take the shortest of the types that hold them exactly.
fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    let mut bytes = Vec::with_capacity(10);
    match value {
        Value::Text(_, text) => put_field(&mut bytes, 1, text.as_bytes()),
        Value::Flag(flag) => bytes.extend_from_slice(&[7 << 3, u8::from(flag)]),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            if number >= 0.0 {
                bytes.push(5 << 3);
                put_varint(&mut bytes, number as u64);
            } else {
                bytes.push(6 << 3);
                let whole = number as i64;
                put_varint(&mut bytes, (whole << 1 ^ whole >> 63) as u64);
            }
        }
        Value::Number(number) if f64::from(number as f32) == number => {
            bytes.push(2 << 3 | 5);
            bytes.extend_from_slice(&(number as f32).to_le_bytes());
        }
        Value::Number(number) => {
            bytes.push(3 << 3 | 1);
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    put_field(out, 4, &bytes);
}
