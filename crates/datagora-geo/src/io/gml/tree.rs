//! XML elements, one feature at a time.
use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::error::Fault;
use super::super::note::ReadNote;

/// How deep elements of a feature may hold elements.
const DEEPEST: usize = 64;

/// An element with all it holds. Names are without their prefixes.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of this and all below, on one line.
    pub(super) fn all_text(&self) -> String {
        let mut words: Vec<String> = self.text.split_whitespace().map(str::to_owned).collect();
        words.extend(self.children.iter().map(Node::all_text));
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }
}

/// The text of a document, in the encoding that it declares.
pub(super) fn decode<'a>(bytes: &'a [u8], notes: &mut Vec<ReadNote>) -> Result<Cow<'a, str>, Fault> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode(bytes).0);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declared = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next()?;
        let label = rest[quote.len_utf8()..].split(quote).next()?;
        Encoding::for_label(label.as_bytes())
    });
    let encoding = declared.unwrap_or(UTF_8);
    if encoding == UTF_8 {
        match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(Cow::Borrowed(text)),
            Err(error) if error.error_len().is_none() => {
                return Err(Fault::truncated("the rest of a character").at_byte(bytes.len() as u64));
            }
            Err(_) => {
                let encoding = encoding_rs::WINDOWS_1252;
                notes.push(ReadNote::EncodingAssumed { encoding: encoding.name() });
                return Ok(encoding.decode_without_bom_handling(bytes).0);
            }
        }
    }
    Ok(encoding.decode_without_bom_handling(bytes).0)
}

enum Token {
    Open(Node),
    Close,
    Text(String),
    End,
}

/// A document, read from its start to its end.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
}

impl<'a> Xml<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        // <a/> is as <a></a>.
        reader.config_mut().expand_empty_elements = true;
        Self { reader }
    }

    /// Where reading is, in bytes of the text as UTF-8.
    pub(super) fn place(&self) -> u64 {
        self.reader.buffer_position()
    }

    fn malformed(error: impl std::fmt::Display) -> Fault {
        Fault::new(format!("XML that is not well formed: {error}"), "well-formed XML", "fetch the file again")
    }

    fn token(&mut self) -> Result<Token, Fault> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(start)) => return element(&start).map(Token::Open),
                Ok(Event::End(_)) => return Ok(Token::Close),
                Ok(Event::Text(text)) => {
                    return Ok(Token::Text(text.decode().map_err(Self::malformed)?.into_owned()));
                }
                Ok(Event::CData(text)) => {
                    return Ok(Token::Text(text.decode().map_err(Self::malformed)?.into_owned()));
                }
                Ok(Event::GeneralRef(reference)) => {
                    let character = reference.resolve_char_ref().map_err(Self::malformed)?;
                    let name = reference.decode().map_err(Self::malformed)?;
                    let text = match character {
                        Some(character) => character.to_string(),
                        None => quick_xml::escape::resolve_predefined_entity(&name)
                            .ok_or_else(|| Self::malformed(format!("the unknown entity &{name};")))?
                            .to_owned(),
                    };
                    return Ok(Token::Text(text));
                }
                Ok(Event::Eof) => return Ok(Token::End),
                Ok(_) => {}
                Err(quick_xml::Error::Syntax(_)) if self.reader.buffer_position() > 0 => {
                    return Err(Fault::truncated("the end of a tag"));
                }
                Err(error) => return Err(Self::malformed(error)),
            }
        }
    }

    /// The root element, open.
    pub(super) fn open(&mut self) -> Result<Option<Node>, Fault> {
        loop {
            match self.token()? {
                Token::Open(node) => return Ok(Some(node)),
                Token::End => return Ok(None),
                Token::Text(text) if !text.trim().is_empty() => {
                    return Err(Fault::new("text outside of elements", "XML", "this is another format"));
                }
                Token::Text(_) | Token::Close => {}
            }
        }
    }

    /// The next element in the one that is open; `None` when that ends.
    pub(super) fn child(&mut self) -> Result<Option<Node>, Fault> {
        loop {
            match self.token()? {
                Token::Open(node) => return Ok(Some(node)),
                Token::Close => return Ok(None),
                Token::End => return Err(Fault::truncated("the end of the element")),
                Token::Text(_) => {}
            }
        }
    }

    /// Nothing but space may follow.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        while !matches!(self.token()?, Token::End) {}
        Ok(())
    }

    /// An open element with all it holds, up to its end.
    pub(super) fn node(&mut self, mut node: Node, depth: usize) -> Result<Node, Fault> {
        if depth == DEEPEST {
            return Err(Fault::new("elements nested more than 64 deep", "fewer", "simplify the file"));
        }
        loop {
            match self.token()? {
                Token::Open(child) => {
                    let child = self.node(child, depth + 1)?;
                    node.children.push(child);
                }
                Token::Text(text) => node.text.push_str(&text),
                Token::Close => return Ok(node),
                Token::End => return Err(Fault::truncated(format!("the end of <{}>", node.name))),
            }
        }
    }
}

fn element(start: &BytesStart<'_>) -> Result<Node, Fault> {
    let local = |name: quick_xml::name::LocalName<'_>| String::from_utf8_lossy(name.as_ref()).into_owned();
    let mut node = Node { name: local(start.local_name()), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(Xml::malformed)?;
        let value = attribute.unescape_value().map_err(Xml::malformed)?;
        node.attributes.push((local(attribute.key.local_name()), value.into_owned()));
    }
    Ok(node)
}
