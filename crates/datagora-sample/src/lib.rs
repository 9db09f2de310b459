//! The made city: a seeded generator of a metropolis, the same to the byte on every machine.
