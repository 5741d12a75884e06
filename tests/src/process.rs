//! The relay as its own process, to be killed without a chance to tidy up.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use liaison_server::config::{StoreOptions, StoreUrl};

/// A relay with the demo's people, in a process of its own.
pub struct RelayProcess {
    child: Child,
    /// Kept open for what the relay still has to say.
    _output: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl RelayProcess {
    /// Starts on an SQLite store, which is filled when it is empty, and waits until it listens.
    pub fn start(store: &Path) -> Self {
        Self::start_on(&StoreOptions::sqlite(store))
    }

    /// Starts on a store, which is filled when it is empty, and waits until it listens.
    pub fn start_on(store: &StoreOptions) -> Self {
        let url = match &store.store {
            StoreUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            StoreUrl::Postgres(url) => url.expose().to_owned(),
        };
        let mut child = Command::new(binary())
            .args(["demo", "--dossiers", "3", "--seed", "1", "--listen", "127.0.0.1:0", "--store", &url])
            .arg("--beside")
            .arg(&store.beside)
            .arg("--static")
            .arg(store.beside.with_file_name("nothing"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut lines = output.by_ref().lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| line.split_once("http://")?.1.trim().replace("localhost", "127.0.0.1").parse().ok());
        Self { child, _output: output, address: address.expect("the relay says where it listens") }
    }

    /// What it has in memory, in bytes (Linux).
    pub fn memory(&self) -> usize {
        memory(self.child.id(), "VmRSS").unwrap() << 10
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        // Already gone after `kill`.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a process has in memory, by the name of the line in its status: `VmRSS` now, `VmHWM` at most. In KiB; none elsewhere
/// than on Linux.
pub fn memory(id: u32, name: &str) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// The relay's binary: the one that nextest has built with this test, else one beside it, built when it is not up to date.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(built) = std::env::var_os("NEXTEST_BIN_EXE_relay") {
            return built.into();
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "-p", "liaison-server"]);
        let this = std::env::current_exe().unwrap();
        let folder = this.parent().and_then(Path::parent).unwrap();
        if folder.ends_with("release") {
            build.arg("--release");
        }
        let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap();
        assert!(built.success(), "liaison-server does not build");
        folder.join(format!("liaison-server{}", std::env::consts::EXE_SUFFIX))
    })
}
