//! Conversion by PROJ, for systems that we have no formulas for.
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use datagora_core::Crs;
use proj::Proj;

use super::stage::Chunk;
use super::{Operation, ReprojectError};

/// Pairs of systems kept ready by each thread: making one ready takes 10 to 50 ms.
const KEPT: usize = 16;

/// How PROJ calls two systems. A `Proj` belongs to the thread that made it, this goes everywhere.
#[derive(Debug)]
pub(super) struct ByProj {
    from: String,
    to: String,
}

impl ByProj {
    pub(super) fn between(from: &Crs, to: &Crs) -> Result<Self, ReprojectError> {
        let pair = ByProj { from: from.to_string(), to: to.to_string() };
        let refused = |reason| ReprojectError::NoWay { from: from.clone(), to: to.clone(), reason };
        pair.ready().map(|_| ()).map_err(|error| refused(error + &foreign_files()))?;
        Ok(pair)
    }

    /// The conversion, made ready by this thread once.
    fn ready(&self) -> Result<Rc<Proj>, String> {
        thread_local! {
            static READY: RefCell<HashMap<(String, String), Rc<Proj>>> = RefCell::default();
        }
        READY.with_borrow_mut(|ready| {
            let key = (self.from.clone(), self.to.clone());
            if let Some(proj) = ready.get(&key) {
                return Ok(Rc::clone(proj));
            }
            // (east, north) in and out, whatever the authority says.
            let proj = Proj::new_known_crs(&self.from, &self.to, None).map_err(|error| error.to_string())?;
            if ready.len() >= KEPT {
                ready.clear();
            }
            Ok(Rc::clone(ready.entry(key).or_insert(Rc::new(proj))))
        })
    }

    /// Whether a point was lost.
    pub(super) fn convert(&self, chunk: Chunk<'_>) -> bool {
        let lost = (f64::NAN, f64::NAN);
        match self.ready() {
            Ok(proj) => chunk.convert(NO_KERNEL, |x, y| {
                // PROJ takes infinity for “unknown”, and gives back the like.
                if x.is_finite() && y.is_finite() { proj.convert((x, y)).unwrap_or(lost) } else { lost }
            }),
            // It was ready in another thread: memory or files are gone since.
            Err(_) => chunk.convert(NO_KERNEL, |_, _| lost),
        }
    }

    /// What PROJ does at a point; `None` if it cannot convert it.
    pub(super) fn operation(&self, x: f64, y: f64) -> Option<Operation> {
        let proj = self.ready().ok()?;
        // It tells of the operation used last.
        proj.convert((x, y)).ok().filter(|(x, y): &(f64, f64)| x.is_finite() && y.is_finite())?;
        let info = proj.proj_info();
        Some(Operation {
            name: info.description.unwrap_or_default(),
            definition: info.definition.unwrap_or_default(),
            accuracy: (info.accuracy >= 0.0).then_some(info.accuracy),
        })
    }
}

const NO_KERNEL: Option<fn(&mut Chunk<'_>) -> bool> = None;

/// A hint to environment variables that make PROJ read the files of another.
fn foreign_files() -> String {
    let set = |name: &&str| std::env::var_os(name).is_some();
    match ["PROJ_DATA", "PROJ_LIB"].into_iter().find(set) {
        Some(name) => format!(" ({name} is set, perhaps to the files of another PROJ: unset it)"),
        None => String::new(),
    }
}
