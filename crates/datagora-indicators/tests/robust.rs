//! Whatever bytes come in, no reader of mobility data panics, runs on without end, or gives what cannot be.
#[cfg(feature = "io")]
#[path = "robust/damaged.rs"]
#[allow(clippy::unwrap_used, dead_code, reason = "a test may fail by panicking; shared with the long run")]
mod damaged;

/// Each format's reader on some damaged files, always the same; `cargo run --release --example fuzz_mobility --features io`
/// goes on.
#[cfg(feature = "io")]
#[test]
fn no_bytes_make_a_panic() {
    use damaged::{Folder, Random, damage, run, wholes};
    let folder = Folder::new("robust");
    let wholes = wholes(&folder);
    let mut random = Random(20_261_125);
    for (format, whole) in &wholes {
        assert_eq!(run(*format, whole, &folder), Ok(()));
        for case in 0..20 {
            let mut bytes = whole.clone();
            damage(&mut random, &mut bytes, &wholes[case % wholes.len()].1);
            let outcome = run(*format, &bytes, &folder);
            assert_eq!(outcome, Ok(()), "case {case}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}
