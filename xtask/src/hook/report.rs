//! Prints what a first visit costs and what comes after it, and refuses a build whose first visit costs too much.
//!
//! Never changes the build.

use super::build::{Build, Entry};
use super::compress::Size;
use crate::error::Error;

/// Bytes of brotli for everything a first visit fetches.
const BUDGET: usize = 700_000;

/// Prints one line per file and the sums of both; with `enforce`, fails when the first visit is above the budget.
pub fn print_and_check(build: &Build, sizes: &[Size], enforce: bool) -> Result<(), Error> {
    eprintln!("{:>10} {:>10}  build {}", "raw", "brotli", build.version);
    let visit = sizes.iter().filter(|size| size.name == "sw.js" || is_among(&build.precache, &size.name));
    let actual = print(visit, &format!("first visit, of {BUDGET} allowed"));
    print(sizes.iter().filter(|size| is_among(&build.chunks, &size.name)), "in chunks, after it");
    if enforce && actual > BUDGET { Err(Error::TooLarge { actual, budget: BUDGET }) } else { Ok(()) }
}

/// One line per file, then their sum: `title`. Gives the bytes on the wire.
fn print<'a>(sizes: impl Iterator<Item = &'a Size>, title: &str) -> usize {
    let (mut raw, mut wire) = (0, 0);
    for size in sizes {
        eprintln!("{:>10} {:>10}  {}", size.raw, size.wire, size.name);
        raw += size.raw;
        wire += size.wire;
    }
    eprintln!("{raw:>10} {wire:>10}  {title}");
    wire
}

fn is_among(entries: &[Entry], name: &str) -> bool {
    let address = if name == "index.html" { "" } else { name };
    entries.iter().any(|entry| entry.url.strip_prefix('/') == Some(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build() -> Build {
        let entry = |url: &str| Entry { url: url.into(), hash: String::new() };
        let chunks = vec![entry("/app-chunks/a.wasm")];
        Build { version: "0".into(), precache: vec![entry("/"), entry("/app.wasm")], chunks }
    }

    fn size(name: &str, wire: usize) -> Size {
        Size { name: name.into(), raw: wire, wire }
    }

    #[test]
    fn only_what_a_visit_fetches_counts() {
        let visit = [size("index.html", 1), size("sw.js", 1), size("app.wasm", BUDGET - 2)];
        let sizes = [&visit[..], &[size("build.json", 9), size("app-chunks/a.wasm", 9)]].concat();
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
