//! A reader of Mapbox Vector Tiles that accepts what the specification allows, and nothing else.
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DecodedValue {
    Text(String),
    Number(f64),
    Flag(bool),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DecodedFeature {
    pub(crate) id: Option<u64>,
    pub(crate) kind: u64,
    pub(crate) attributes: BTreeMap<String, DecodedValue>,
    /// Points of each command to move; rings without repetition of the first.
    pub(crate) parts: Vec<Vec<[i32; 2]>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DecodedLayer {
    pub(crate) name: String,
    pub(crate) extent: u64,
    pub(crate) features: Vec<DecodedFeature>,
}

impl DecodedFeature {
    /// Twice the area that its rings have together.
    pub(crate) fn doubled_area(&self) -> i64 {
        self.parts.iter().map(|ring| crate::tiles::shapes::doubled_area(ring)).sum()
    }

    pub(crate) fn number(&self, attribute: &str) -> Option<f64> {
        match self.attributes.get(attribute) {
            Some(DecodedValue::Number(number)) => Some(*number),
            _ => None,
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().expect("a varint ends within its message");
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return value;
            }
        }
        panic!("a varint of more than 64 bits");
    }

    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    /// Number of a field, and its content: a number as its bytes in little-endian order.
    fn field(&mut self) -> Option<(u64, Vec<u8>)> {
        if self.0.is_empty() {
            return None;
        }
        let tag = self.varint();
        let content = match tag & 7 {
            0 => self.varint().to_le_bytes().to_vec(),
            1 => self.take(8).to_vec(),
            2 => {
                let len = self.varint() as usize;
                self.take(len).to_vec()
            }
            5 => self.take(4).to_vec(),
            other => panic!("wire type {other}"),
        };
        Some((tag >> 3, content))
    }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("a number"))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text is UTF-8")
}

fn numbers(bytes: &[u8]) -> Vec<u64> {
    let mut reader = Reader(bytes);
    std::iter::from_fn(|| (!reader.0.is_empty()).then(|| reader.varint())).collect()
}

fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

pub(crate) fn decode(tile: &[u8]) -> Vec<DecodedLayer> {
    let mut layers: Vec<DecodedLayer> = Vec::new();
    let mut reader = Reader(tile);
    while let Some((field, content)) = reader.field() {
        assert_eq!(field, 3, "a tile has layers only");
        let layer = layer(&content);
        assert!(layers.iter().all(|other| other.name != layer.name), "names of layers are unique");
        layers.push(layer);
    }
    layers
}

fn layer(bytes: &[u8]) -> DecodedLayer {
    let (mut name, mut extent, mut version) = (None, 4096, None);
    let (mut keys, mut values, mut features) = (Vec::new(), Vec::new(), Vec::new());
    let mut reader = Reader(bytes);
    while let Some((field, content)) = reader.field() {
        match field {
            1 => name = Some(text(content)),
            2 => features.push(content),
            3 => keys.push(text(content)),
            4 => values.push(value(&content)),
            5 => extent = number(&content),
            15 => version = Some(number(&content)),
            other => panic!("field {other} of a layer"),
        }
    }
    assert_eq!(version, Some(2));
    assert!(!features.is_empty(), "a layer has a feature");
    let features = features.iter().map(|bytes| feature(bytes, &keys, &values)).collect();
    DecodedLayer { name: name.expect("a layer has a name"), extent, features }
}

fn value(bytes: &[u8]) -> DecodedValue {
    let mut reader = Reader(bytes);
    let (field, content) = reader.field().expect("a value");
    assert!(reader.field().is_none(), "one type per value");
    match field {
        1 => DecodedValue::Text(text(content)),
        2 => DecodedValue::Number(f32::from_le_bytes(content.try_into().expect("four bytes")).into()),
        3 => DecodedValue::Number(f64::from_le_bytes(content.try_into().expect("eight bytes"))),
        4 => DecodedValue::Number(number(&content) as i64 as f64),
        5 => DecodedValue::Number(number(&content) as f64),
        6 => DecodedValue::Number(zigzag(number(&content)) as f64),
        7 => DecodedValue::Flag(number(&content) != 0),
        other => panic!("field {other} of a value"),
    }
}

fn feature(bytes: &[u8], keys: &[String], values: &[DecodedValue]) -> DecodedFeature {
    let (mut id, mut kind, mut attributes, mut parts) = (None, 0, BTreeMap::new(), Vec::new());
    let mut geometry_bytes = Vec::new();
    let mut reader = Reader(bytes);
    while let Some((field, content)) = reader.field() {
        match field {
            1 => id = Some(number(&content)),
            2 => {
                let tags = numbers(&content);
                let (pairs, rest) = tags.as_chunks::<2>();
                assert!(rest.is_empty(), "tags come in pairs");
                for [key, value] in pairs {
                    let before =
                        attributes.insert(keys[*key as usize].clone(), values[*value as usize].clone());
                    assert!(before.is_none(), "an attribute is there once");
                }
            }
            3 => kind = number(&content),
            4 => geometry_bytes = content,
            other => panic!("field {other} of a feature"),
        }
    }
    geometry(kind, &numbers(&geometry_bytes), &mut parts);
    DecodedFeature { id, kind, attributes, parts }
}

fn geometry(kind: u64, commands: &[u64], parts: &mut Vec<Vec<[i32; 2]>>) {
    let mut at = [0i64; 2];
    let mut commands = commands.iter().copied();
    let mut steps = |count: u64, commands: &mut dyn Iterator<Item = u64>| -> Vec<[i32; 2]> {
        let mut step = || {
            at = at.map(|axis| axis + zigzag(commands.next().expect("a step has two numbers")));
            at.map(|axis| i32::try_from(axis).expect("32 bits"))
        };
        (0..count).map(|_| step()).collect()
    };
    while let Some(command) = commands.next() {
        let (name, count) = (command & 7, command >> 3);
        match (kind, name) {
            (1, 1) => {
                assert!(parts.is_empty() && count > 0, "points have one command");
                parts.push(steps(count, &mut commands));
            }
            (2 | 3, 1) => {
                assert_eq!(count, 1);
                parts.push(steps(1, &mut commands));
                let line = commands.next().expect("a line goes on");
                assert_eq!(line & 7, 2);
                assert!(line >> 3 >= kind - 1, "a line has two points, a ring three");
                let more = steps(line >> 3, &mut commands);
                let part = parts.last_mut().expect("it was just begun");
                part.extend(more);
                assert!(part.windows(2).all(|pair| pair[0] != pair[1]), "no step of no length");
                if kind == 3 {
                    assert_eq!(commands.next(), Some(7 | 1 << 3), "a ring is closed");
                    assert_ne!(part.first(), part.last());
                    let area = crate::tiles::shapes::doubled_area(part);
                    assert_ne!(area, 0, "a ring has an area");
                    assert!(parts.len() > 1 || area > 0, "an outer ring comes first");
                }
            }
            _ => panic!("command {name} of kind {kind}"),
        }
    }
    assert!(!parts.is_empty(), "a feature has a geometry");
}
