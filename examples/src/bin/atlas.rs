//! The atlas.
fn main() {}
