//! Prints what a first visit costs, and refuses a build that costs too much.
//!
//! Never changes the build.

use super::build::Build;
use super::compress::Size;
use crate::error::Error;

/// Bytes of brotli for everything a first visit fetches.
const BUDGET: usize = 750_000;

/// Prints one line per file of the first visit and their sum; with `enforce`, fails above the budget.
pub fn print_and_check(build: &Build, sizes: &[Size], enforce: bool) -> Result<(), Error> {
    let visited: Vec<_> = sizes.iter().filter(|size| is_visited(build, &size.name)).collect();
    eprintln!("{:>10} {:>10}  build {}", "raw", "brotli", build.version);
    for size in &visited {
        eprintln!("{:>10} {:>10}  {}", size.raw, size.wire, size.name);
    }
    let raw: usize = visited.iter().map(|size| size.raw).sum();
    let actual: usize = visited.iter().map(|size| size.wire).sum();
    eprintln!("{raw:>10} {actual:>10}  first visit, of {BUDGET} allowed");
    if enforce && actual > BUDGET { Err(Error::TooLarge { actual, budget: BUDGET }) } else { Ok(()) }
}

fn is_visited(build: &Build, name: &str) -> bool {
    let address = if name == "index.html" { "" } else { name };
    name == "sw.js" || build.precache.iter().any(|entry| entry.url.strip_prefix('/') == Some(address))
}

#[cfg(test)]
mod tests {
    use super::super::build::Entry;
    use super::*;

    fn build() -> Build {
        let entry = |url: &str| Entry { url: url.into(), hash: String::new() };
        Build { version: "0".into(), precache: vec![entry("/"), entry("/app.wasm")] }
    }

    fn size(name: &str, wire: usize) -> Size {
        Size { name: name.into(), raw: wire, wire }
    }

    #[test]
    fn only_what_a_visit_fetches_counts() {
        let sizes = [size("index.html", 1), size("sw.js", 1), size("app.wasm", BUDGET - 2), size("build.json", 9)];
        assert!(print_and_check(&build(), &sizes, true).is_ok());
    }

    #[test]
    fn a_build_above_the_budget_is_refused_unless_it_is_for_development() {
        let sizes = [size("app.wasm", BUDGET + 1)];
        let refused = print_and_check(&build(), &sizes, true);
        assert!(matches!(refused, Err(Error::TooLarge { actual, .. }) if actual == BUDGET + 1));
        assert!(print_and_check(&build(), &sizes, false).is_ok());
    }
}
