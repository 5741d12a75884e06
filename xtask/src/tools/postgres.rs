//! PostgreSQL for the tests of the store in it: the system's own programs, never a server that runs already.
//!
//! Never leaves tests out quietly: where there is none, it says so, and in CI that is an error.

use std::env;
use std::path::{Path, PathBuf};

use super::debian;
use crate::error::Error;
use crate::process;

/// Whether the tests may use PostgreSQL; installs it when it may.
pub fn find_or_install() -> Result<bool, Error> {
    if is_there() || (debian::install("postgresql", "for the tests of the store in PostgreSQL")? && is_there()) {
        return Ok(true);
    }
    if env::var_os("CI").is_some_and(|value| value == "true") {
        return Err(Error::Missing { what: "PostgreSQL", hint: HINT });
    }
    eprintln!("xtask: PostgreSQL is missing: the tests of the store in PostgreSQL are LEFT OUT. {HINT}");
    Ok(false)
}

const HINT: &str = "Install it (Debian: `apt install postgresql`), or name the folder of `initdb` and `postgres` in the \
                    environment variable LIAISON_PG_BIN.";

/// Where the tests themselves look (`tests/src/postgres.rs`).
fn is_there() -> bool {
    if let Some(given) = env::var_os("LIAISON_PG_BIN") {
        return has_programs(Path::new(&given));
    }
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions = debian.map(|version| version.path().join("bin"));
    let on_path = process::on_path("initdb").as_deref().and_then(Path::parent).map(Path::to_owned);
    on_path.as_ref().is_some_and(has_programs) || versions.any(|folder| has_programs(&folder))
}

fn has_programs(folder: impl AsRef<Path>) -> bool {
    ["initdb", "postgres"].iter().all(|program| -> bool {
        let path: PathBuf = folder.as_ref().join(program);
        path.is_file()
    })
}
