//! Where things are in the repository and in the user's cache.
//!
//! Never creates or changes anything.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The checkout the task works on.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The nearest folder, upwards from the current one, that has both a `Trunk.toml` and a `Cargo.lock`.
    pub fn find() -> Result<Self, Error> {
        let here = env::current_dir().map_err(Error::file("enter", Path::new(".")))?;
        here.ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file() && folder.join("Cargo.lock").is_file())
            .map(|root| Self { root: root.to_owned() })
            .ok_or(Error::Missing { what: "Trunk.toml", hint: "Call cargo xtask from inside the repository." })
    }

    /// The repository's top folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The built app.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Our own intermediate files. Always here, as `app/index.html` names one of them.
    pub fn scratch(&self) -> PathBuf {
        self.root.join("target/liaison")
    }

    /// The demo agency's data.
    pub fn demo(&self) -> PathBuf {
        self.root.join("target/demo")
    }

    /// The relay's executable, as built in `profile` (`debug` or `release`).
    pub fn server(&self, profile: &str) -> PathBuf {
        self.target().join(profile).join(format!("liaison-server{}", env::consts::EXE_SUFFIX))
    }

    /// The load generator's executable, as shipped.
    pub fn bench(&self) -> PathBuf {
        self.target().join("release").join(format!("bench{}", env::consts::EXE_SUFFIX))
    }

    /// The relay's executable as nextest has built it, with everything else that is tested.
    pub fn tested_relay(&self) -> PathBuf {
        self.tested("relay")
    }

    /// What lends the tests a PostgreSQL server, built with them.
    pub fn with_postgres(&self) -> PathBuf {
        self.tested("with-postgres")
    }

    fn tested(&self, program: &str) -> PathBuf {
        self.target().join("debug").join(format!("{program}{}", env::consts::EXE_SUFFIX))
    }

    /// The app's WebAssembly as cargo left it, built in `profile` (`debug` or `wasm`).
    pub fn compiled_app(&self, profile: &str) -> PathBuf {
        self.target().join("wasm32-unknown-unknown").join(profile).join("liaison-app.wasm")
    }

    fn target(&self) -> PathBuf {
        self.root.join(env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from))
    }
}

/// The folder tools are installed into, shared by all checkouts of one user.
pub fn tool_cache() -> Result<PathBuf, Error> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .map(|cache| cache.join("liaison").join("tools"))
        .ok_or(Error::Missing { what: "A home folder", hint: "Set XDG_CACHE_HOME to a folder you may write to." })
}
