//! Reading and writing of UCUM codes.
use std::collections::BTreeMap;

use super::atom::{self, Atom};
use super::{Dimension, UnitError};

/// Longest code that is read; real ones have a dozen characters.
const LONGEST: usize = 200;
/// Deepest nesting of parentheses.
const DEEPEST: usize = 10;
/// Largest exponent.
const LARGEST_EXPONENT: i32 = 30;

/// One factor of a unit, raised to a power.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) part: Part,
    pub(super) exponent: i32,
}

/// What a factor is.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A prefixed unit, as written.
    Unit { symbol: String, prefix: Option<(&'static str, f64)>, atom: &'static Atom },
    /// An annotation, without its braces.
    Counted(String),
    /// A whole number.
    Number(u32),
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.written() == other.written()
    }
}

impl Part {
    fn written(&self) -> String {
        match self {
            Part::Unit { symbol, .. } => symbol.clone(),
            Part::Counted(name) => format!("{{{name}}}"),
            Part::Number(number) => number.to_string(),
        }
    }
}

/// A product of powers, in the order of writing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) terms: Vec<Term>,
}

impl Expression {
    pub(super) fn parse(code: &str) -> Result<Self, UnitError> {
        let mut reader = Reader { code, rest: code, terms: Vec::new() };
        if code.len() > LONGEST {
            return Err(reader.malformed("a code of at most 200 bytes"));
        }
        reader.main_term()?;
        Ok(Self { terms: reader.terms })
    }

    pub(super) fn dimension(&self) -> Dimension {
        let mut base = [0; atom::BASES];
        let mut counted = BTreeMap::<&str, i32>::new();
        for term in &self.terms {
            match &term.part {
                Part::Unit { atom, .. } => {
                    base.iter_mut().zip(atom.base).for_each(|(sum, own)| *sum += own * term.exponent);
                }
                Part::Counted(name) => *counted.entry(name).or_default() += term.exponent,
                Part::Number(_) => {}
            }
        }
        counted.retain(|_, exponent| *exponent != 0);
        let counted = counted.into_iter().map(|(name, exponent)| (name.to_owned(), exponent)).collect();
        Dimension { base, counted }
    }

    /// Its value in base units, as numerator and denominator: divided only at the end, whole factors stay exact.
    pub(super) fn fraction(&self) -> (f64, f64) {
        let (mut above, mut below) = (1.0, 1.0);
        for term in &self.terms {
            let factor = match &term.part {
                Part::Unit { prefix: Some((_, prefix)), atom, .. } => prefix * atom.factor,
                Part::Unit { prefix: None, atom, .. } => atom.factor,
                Part::Number(number) => f64::from(*number),
                Part::Counted(_) => continue,
            };
            let power = factor.powi(term.exponent.abs());
            if term.exponent > 0 {
                above *= power;
            } else {
                below *= power;
            }
        }
        (above, below)
    }

    /// By what to multiply a number in this unit to have it in the other.
    pub(super) fn factor_to(&self, other: &Self) -> f64 {
        let ((above, below), (other_above, other_below)) = (self.fraction(), other.fraction());
        (above * other_below) / (below * other_above)
    }

    /// Value in base units of its zero, if that is a convention: only for degrees Celsius standing alone, since in a
    /// product they are differences.
    pub(super) fn offset(&self) -> Option<f64> {
        let mut units = self.terms.iter().filter(|term| !matches!(term.part, Part::Counted(_)));
        match (units.next(), units.next()) {
            (Some(Term { part: Part::Unit { atom, .. }, exponent: 1 }), None) => atom.offset,
            _ => None,
        }
    }

    /// Does it hold a logarithm?
    pub(super) fn is_level(&self) -> bool {
        self.terms.iter().any(|term| matches!(&term.part, Part::Unit { atom, .. } if atom.is_level()))
    }

    /// Product with another to the power 1 or −1; equal parts merge, and those that cancel go.
    pub(super) fn times(self, other: Self, power: i32) -> Self {
        let mut terms: Vec<Term> = Vec::new();
        let others = other.terms.into_iter().map(|term| Term { exponent: term.exponent * power, ..term });
        for term in self.terms.into_iter().chain(others) {
            if term.part == Part::Number(1) {
                continue;
            }
            match terms.iter_mut().find(|known| known.part == term.part) {
                Some(known) => known.exponent += term.exponent,
                None => terms.push(term),
            }
        }
        terms.retain(|term| term.exponent != 0);
        Self { terms }
    }

    pub(super) fn without_annotations(mut self) -> Self {
        self.terms.retain(|term| !matches!(term.part, Part::Counted(_)));
        self
    }

    /// Its code: what stands above the line joined by dots, then each part below after a solidus.
    pub(super) fn code(&self) -> String {
        let mut code = String::new();
        let written = |term: &Term| match (&term.part, term.exponent.abs()) {
            (part, 1) => part.written(),
            // Only units take exponents in UCUM; others repeat.
            (part @ Part::Unit { .. }, exponent) => format!("{}{exponent}", part.written()),
            (part, exponent) => {
                vec![part.written(); exponent as usize].join(if term.exponent > 0 { "." } else { "/" })
            }
        };
        for term in self.terms.iter().filter(|term| term.exponent > 0) {
            if !code.is_empty() {
                code.push('.');
            }
            code.push_str(&written(term));
        }
        for term in self.terms.iter().filter(|term| term.exponent < 0) {
            code.push('/');
            code.push_str(&written(term));
        }
        if code.is_empty() { "1".to_owned() } else { code }
    }
}

/// Recursive descent over the grammar of UCUM, §§ 5 to 12.
struct Reader<'a> {
    code: &'a str,
    rest: &'a str,
    terms: Vec<Term>,
}

impl<'a> Reader<'a> {
    fn malformed(&self, needed: &'static str) -> UnitError {
        let consumed = self.code.len() - self.rest.len();
        UnitError::Malformed {
            code: self.code.chars().take(60).collect(),
            position: self.code[..consumed].chars().count() + 1,
            needed,
        }
    }

    fn eat(&mut self, symbol: char) -> bool {
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn main_term(&mut self) -> Result<(), UnitError> {
        self.term(1, 0)?;
        if self.rest.is_empty() { Ok(()) } else { Err(self.malformed("a dot, a solidus or the end")) }
    }

    /// Components joined by dots and solidi, read from the left: `a/b.c` is `(a/b).c`.
    fn term(&mut self, sign: i32, depth: usize) -> Result<(), UnitError> {
        let mut direction = if self.eat('/') { -1 } else { 1 };
        loop {
            self.component(sign * direction, depth)?;
            direction = if self.eat('.') {
                1
            } else if self.eat('/') {
                -1
            } else {
                return Ok(());
            };
        }
    }

    fn component(&mut self, sign: i32, depth: usize) -> Result<(), UnitError> {
        if self.eat('(') {
            if depth == DEEPEST {
                return Err(self.malformed("fewer nested parentheses"));
            }
            self.term(sign, depth + 1)?;
            return if self.eat(')') { Ok(()) } else { Err(self.malformed("a closing parenthesis")) };
        }
        if self.rest.starts_with('{') {
            return self.annotation(sign);
        }
        let power = self.rest.starts_with("10*") || self.rest.starts_with("10^");
        if self.rest.starts_with(|first: char| first.is_ascii_digit()) && !power {
            let digits = self.digits();
            let number: u32 = match digits.parse() {
                Ok(number) if number > 0 => number,
                _ => return Err(self.malformed("before this a whole number from 1 to 4294967295")),
            };
            self.terms.push(Term { part: Part::Number(number), exponent: sign });
        } else {
            self.simple_unit(sign)?;
        }
        if self.rest.starts_with('{') { self.annotation(sign) } else { Ok(()) }
    }

    fn digits(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    fn annotation(&mut self, sign: i32) -> Result<(), UnitError> {
        let Some(end) = self.rest.find('}') else {
            return Err(self.malformed("an annotation with its closing brace"));
        };
        let name = &self.rest[1..end];
        // UCUM allows printable ASCII only; French words have accents.
        if name.is_empty() || name.chars().any(|c| c.is_control() || c == '{') {
            return Err(self.malformed("an annotation of printable characters"));
        }
        self.rest = &self.rest[end + 1..];
        self.terms.push(Term { part: Part::Counted(name.to_owned()), exponent: sign });
        Ok(())
    }

    /// A prefixed atom and its exponent.
    fn simple_unit(&mut self, sign: i32) -> Result<(), UnitError> {
        let symbol = self.symbol();
        if symbol.is_empty() {
            return Err(self.malformed("a unit, a number or an annotation in braces"));
        }
        let Some((prefix, atom)) = atom::find(symbol) else {
            return Err(UnitError::Unknown {
                code: self.code.chars().take(60).collect(),
                symbol: symbol.chars().take(60).collect(),
                hint: atom::hint(symbol),
            });
        };
        let negative = self.eat('-');
        let explicit = negative || self.eat('+');
        let digits = self.digits();
        let exponent = match digits.parse::<i32>() {
            Ok(exponent @ 1..=LARGEST_EXPONENT) => exponent,
            Err(_) if digits.is_empty() && !explicit => 1,
            _ => return Err(self.malformed("before this an exponent from 1 to 30")),
        };
        let exponent = sign * if negative { -exponent } else { exponent };
        self.terms.push(Term { part: Part::Unit { symbol: symbol.to_owned(), prefix, atom }, exponent });
        Ok(())
    }

    /// The longest run of characters that can make a unit symbol.
    fn symbol(&mut self) -> &'a str {
        let mut bracket = false;
        let powers = ["10*", "10^"];
        let end = if let Some(power) = powers.iter().find(|power| self.rest.starts_with(*power)) {
            power.len()
        } else {
            let stop = |c: char| {
                bracket = (bracket || c == '[') && c != ']';
                !bracket && (c.is_ascii_digit() || "./(){}+-".contains(c) || c.is_whitespace())
            };
            self.rest.find(stop).unwrap_or(self.rest.len())
        };
        let (symbol, rest) = self.rest.split_at(end);
        self.rest = rest;
        symbol
    }
}
