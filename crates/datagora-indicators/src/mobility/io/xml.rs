//! A scanner of XML that keeps nothing: tags and texts of a stream, one after the other.
use std::borrow::Cow;
use std::io::Read;

/// What comes next in the file. It borrows from the scanner's buffer, and is gone at the next step.
#[derive(Debug, PartialEq)]
pub(super) enum Event<'a> {
    /// A start tag. An empty element (`<a/>`) is a start and an end.
    Open(Tag<'a>),
    /// Text between tags, as it stands in the file; a long one comes in pieces.
    Text(&'a [u8]),
    /// A character-data section: text without entities.
    Verbatim(&'a [u8]),
    /// The end of the innermost element.
    Close,
    /// The end of a sound file.
    End,
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tag<'a> {
    /// Its name without the prefix of its namespace.
    pub(super) name: &'a [u8],
    attributes: &'a [u8],
}

/// Where and why a file is not well formed.
#[derive(Debug)]
pub(super) struct Fault {
    /// Position in the file.
    pub(super) byte: u64,
    /// What was found there.
    pub(super) found: String,
    /// What was needed.
    pub(super) needed: &'static str,
}

/// Size of the buffer at first, and the longest tag that is read.
const BUFFER: usize = 1 << 18;
const LONGEST: usize = 1 << 22;
/// Elements within elements, at most.
const DEEPEST: usize = 512;

/// The scanner. Names of end tags are checked; namespaces are not resolved; document type declarations are refused.
pub(super) struct Xml<R> {
    source: R,
    buffer: Vec<u8>,
    /// What was read and not yet used stands here in the buffer.
    at: usize,
    end: usize,
    /// Position in the file of the buffer's first byte.
    offset: u64,
    exhausted: bool,
    /// Full names of the open elements, end to end, and where each begins.
    names: Vec<u8>,
    open: Vec<usize>,
    /// The last tag was an empty element, whose end is still to be told.
    closing: bool,
    started: bool,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            offset: 0,
            exhausted: false,
            names: Vec::new(),
            open: Vec::new(),
            closing: false,
            started: false,
        }
    }

    /// Position in the file of what comes next.
    pub(super) fn position(&self) -> u64 {
        self.offset + self.at as u64
    }

    fn fault(&self, found: impl Into<String>, needed: &'static str) -> Fault {
        Fault { byte: self.position(), found: found.into(), needed }
    }

    fn truncated(&self, inside: &str) -> Fault {
        let byte = self.offset + self.end as u64;
        Fault { byte, found: format!("the end of the file inside {inside}"), needed: "the whole file" }
    }

    /// Reads more behind what is there; false at the end of the file.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.exhausted {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            self.offset += self.at as u64;
            self.end -= self.at;
            self.at = 0;
        }
        if self.end == self.buffer.len() {
            if self.buffer.len() >= LONGEST {
                return Err(self.fault(format!("a tag of more than {LONGEST} bytes"), "tags of usual length"));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.exhausted = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.exhausted = true;
                    let byte = self.offset + self.end as u64;
                    let found = format!("no more bytes ({error})");
                    return Err(Fault { byte, found, needed: "the whole file" });
                }
            }
        }
    }

    /// The length of what begins here up to what `find` finds, reading on as needed; `find` gets the bytes from here, and
    /// from where it has not looked yet.
    fn until(&mut self, inside: &str, find: impl Fn(&[u8], usize) -> Option<usize>) -> Result<usize, Fault> {
        let mut looked = 0;
        loop {
            let there = &self.buffer[self.at..self.end];
            if let Some(length) = find(there, looked) {
                return Ok(length);
            }
            looked = there.len();
            if !self.fill()? {
                return Err(self.truncated(inside));
            }
        }
    }

    /// The next tag or text.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Fault> {
        if self.closing {
            self.closing = false;
            self.pop();
            return Ok(Event::Close);
        }
        if !self.started {
            self.start()?;
        }
        loop {
            if self.at == self.end && !self.fill()? {
                return match self.open.last() {
                    Some(&from) => {
                        let name = String::from_utf8_lossy(&self.names[from..]).into_owned();
                        Err(self.truncated(&format!("<{name}>")))
                    }
                    None => Ok(Event::End),
                };
            }
            if self.buffer[self.at] != b'<' {
                let length = self.text()?;
                let from = self.at;
                self.at += length;
                return Ok(Event::Text(&self.buffer[from..from + length]));
            }
            while self.end - self.at < 2 {
                if !self.fill()? {
                    return Err(self.truncated("a tag"));
                }
            }
            match self.buffer[self.at + 1] {
                b'/' => return self.close(),
                b'!' => {
                    if let Some(length) = self.declaration()? {
                        // <![CDATA[ … ]]>
                        let from = self.at + 9;
                        self.at += length;
                        return Ok(Event::Verbatim(&self.buffer[from..self.at - 3]));
                    }
                }
                b'?' => {
                    let length = self.until("a processing instruction", |bytes, _| after(bytes, b"?>"))?;
                    self.at += length;
                }
                _ => return self.open(),
            }
        }
    }

    /// Looks at the first bytes: other encodings than those that begin like ASCII are refused here, by name.
    fn start(&mut self) -> Result<(), Fault> {
        self.started = true;
        while self.end - self.at < 4 && self.fill()? {}
        match &self.buffer[self.at..self.end] {
            [0xEF, 0xBB, 0xBF, ..] => self.at += 3,
            [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, ..] | [_, 0, ..] => {
                return Err(self.fault("XML in UTF-16", "XML in UTF-8"));
            }
            [0x1F, 0x8B, ..] => return Err(self.fault("a compressed file", "XML")),
            _ => {}
        }
        Ok(())
    }

    /// Length of the text that begins here: to the next tag, or as far as the buffer goes.
    fn text(&mut self) -> Result<usize, Fault> {
        loop {
            let there = &self.buffer[self.at..self.end];
            if let Some(length) = there.iter().position(|&byte| byte == b'<') {
                return Ok(length);
            }
            let length = there.len();
            if length >= BUFFER / 2 || !self.fill()? {
                return Ok(length);
            }
        }
    }

    fn open(&mut self) -> Result<Event<'_>, Fault> {
        let length = self.until("a tag", tag_end)?;
        let from = self.at;
        let inside = &self.buffer[from + 1..from + length - 1];
        let empty = inside.last() == Some(&b'/');
        let inside = if empty { &inside[..inside.len() - 1] } else { inside };
        let named = inside
            .iter()
            .position(|&byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'/'))
            .unwrap_or(inside.len());
        let name = &inside[..named];
        if name.is_empty() || inside.contains(&b'<') && !inside.contains(&b'"') && !inside.contains(&b'\'') {
            let found = String::from_utf8_lossy(&inside[..inside.len().min(40)]).into_owned();
            return Err(self.fault(format!("<{found}…"), "a tag"));
        }
        if self.open.len() == DEEPEST {
            return Err(self.fault(format!("elements nested {DEEPEST} deep"), "flatter XML"));
        }
        self.open.push(self.names.len());
        self.names.extend_from_slice(name);
        self.closing = empty;
        self.at += length;
        let inside = &self.buffer[from + 1..from + 1 + inside.len()];
        let (name, attributes) = inside.split_at(named);
        Ok(Event::Open(Tag { name: local(name), attributes }))
    }

    fn close(&mut self) -> Result<Event<'_>, Fault> {
        let length = self.until("an end tag", |bytes, from| {
            bytes[from..].iter().position(|&byte| byte == b'>').map(|found| from + found + 1)
        })?;
        let name = self.buffer[self.at + 2..self.at + length - 1].trim_ascii_end();
        match self.open.last() {
            Some(&from) if self.names[from..] == *name => {}
            Some(&from) => {
                let needed = String::from_utf8_lossy(&self.names[from..]);
                let found = String::from_utf8_lossy(&name[..name.len().min(60)]);
                return Err(self.fault(format!("</{found}> where </{needed}> is due"), "well-formed XML"));
            }
            None => return Err(self.fault("an end tag without a start", "well-formed XML")),
        }
        self.at += length;
        self.pop();
        Ok(Event::Close)
    }

    fn pop(&mut self) {
        if let Some(from) = self.open.pop() {
            self.names.truncate(from);
        }
    }

    /// Steps over a comment; gives the length of a character-data section; refuses what defines entities.
    fn declaration(&mut self) -> Result<Option<usize>, Fault> {
        while self.end - self.at < 9 && self.fill()? {}
        let there = &self.buffer[self.at..self.end];
        if there.starts_with(b"<!--") {
            let length =
                self.until("a comment", |bytes, _| after(&bytes[4..], b"-->").map(|found| found + 4))?;
            self.at += length;
            return Ok(None);
        }
        if there.starts_with(b"<![CDATA[") {
            return self
                .until("a character-data section", |bytes, _| {
                    after(&bytes[9..], b"]]>").map(|found| found + 9)
                })
                .map(Some);
        }
        if there.len() < 9 {
            return Err(self.truncated("a declaration"));
        }
        Err(self.fault("a document type declaration", "XML without one, as the DATEX II schemas describe it"))
    }
}

/// The length up to and with what is looked for.
fn after(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle).map(|found| found + needle.len())
}

/// The length of a start tag, `>` included; one within quotes is none.
fn tag_end(bytes: &[u8], _: usize) -> Option<usize> {
    let mut rest = bytes.iter().enumerate();
    while let Some((at, &byte)) = rest.next() {
        match byte {
            b'>' => return Some(at + 1),
            b'"' | b'\'' => {
                rest.find(|&(_, &inside)| inside == byte)?;
            }
            _ => {}
        }
    }
    None
}

fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|&byte| byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

impl<'a> Tag<'a> {
    /// The attributes: name without prefix, and value as it stands. What is malformed ends the list.
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_ascii_start();
            let equals = rest.iter().position(|&byte| byte == b'=')?;
            let name = rest[..equals].trim_ascii_end();
            let value = rest[equals + 1..].trim_ascii_start();
            let (&quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
            let length = value.iter().position(|&byte| byte == quote)?;
            rest = &value[length + 1..];
            Some((local(name), &value[..length]))
        })
    }

    /// The value of the attribute of this name.
    pub(super) fn attribute(self, name: &[u8]) -> Option<&'a [u8]> {
        self.attributes().find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

/// Text with its entities decoded. Bytes that are not UTF-8 are taken as Latin-1.
pub(super) fn decoded(text: &[u8]) -> Cow<'_, str> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(text.iter().map(|&byte| char::from(byte)).collect()),
    };
    if !text.contains('&') {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(from) = rest.find('&') {
        whole.push_str(&rest[..from]);
        rest = &rest[from..];
        let entity = rest[1..].find(';').map(|length| &rest[1..1 + length]);
        let character = entity.and_then(|entity| match entity {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let number = entity.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                code.ok().and_then(char::from_u32)
            }
        });
        match (character, entity) {
            (Some(character), Some(entity)) => {
                whole.push(character);
                rest = &rest[entity.len() + 2..];
            }
            _ => {
                whole.push('&');
                rest = &rest[1..];
            }
        }
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives a few bytes at a time, so that every token is cut somewhere.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let length = self.0.len().min(self.1).min(into.len());
            into[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    /// All events as text; `!` and the byte where it stops.
    fn events(xml: &[u8], step: usize) -> Vec<String> {
        let mut scanner = Xml::new(Slow(xml, step));
        let mut found = Vec::new();
        loop {
            match scanner.next() {
                Ok(Event::End) => return found,
                Ok(Event::Open(tag)) => {
                    let attributes: String = tag
                        .attributes()
                        .map(|(name, value)| format!(" {}={}", decoded(name), decoded(value)))
                        .collect();
                    found.push(format!("<{}{attributes}", decoded(tag.name)));
                }
                Ok(Event::Close) => found.push(">".to_owned()),
                Ok(Event::Text(text)) => found.push(decoded(text).into_owned()),
                Ok(Event::Verbatim(text)) => found.push(String::from_utf8_lossy(text).into_owned()),
                Err(fault) => {
                    found.push(format!("!{}", fault.byte));
                    return found;
                }
            }
        }
    }

    #[test]
    fn tags_texts_and_what_stands_between() {
        let xml = b"\xEF\xBB\xBF<?xml version=\"1.0\"?><!-- a > b --><s:a xmlns:s='u' s:k = \"x>'y&amp;\"><b/>1 &lt; 2<![CDATA[<&>]]></s:a>\n";
        for step in [1, 2, 3, 7, 1000] {
            let found = events(xml, step).concat();
            assert_eq!(found, "<a s=u k=x>'y&<b>1 < 2<&>>\n", "{step}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_placed() {
        assert_eq!(events(b"<a><b></a>", 100).last().unwrap(), "!6");
        assert_eq!(events(b"<a><b>", 100).last().unwrap(), "!6");
        assert_eq!(events(b"<a><b x=\"1", 100).last().unwrap(), "!10");
        assert_eq!(events(b"</a>", 100), ["!0"]);
        assert_eq!(events(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", 100), ["!0"]);
        assert_eq!(events(b"\xFF\xFE<\0a\0", 100), ["!0"]);
        assert_eq!(events(&b"<a>".repeat(600), 100).last().unwrap(), &format!("!{}", 3 * DEEPEST));
    }

    #[test]
    fn latin_1_and_odd_entities_do_not_stop_it() {
        assert_eq!(decoded(b"caf\xE9"), "café");
        assert_eq!(decoded("&#233;&#xE9;&b;&amp&#1114112;".as_bytes()), "éé&b;&amp&#1114112;");
    }

    proptest! {
        #[test]
        fn any_bytes_are_scanned(
            bytes in proptest::collection::vec(any::<u8>(), 0..200), xml in "[<>/ab=\"'! \\[\\]CDAT?-]{0,60}", step in 1_usize..9
        ) {
            events(&bytes, step);
            // However it is cut, the same comes out.
            prop_assert_eq!(events(xml.as_bytes(), step).concat(), events(xml.as_bytes(), 1000).concat());
        }
    }
}
