//! A real PostgreSQL for tests: a server of one's own in a temporary folder, and a database per test.
//!
//! Never listens on a network: its socket is in its folder. Never uses a server or a database that was there before.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use liaison_server::config::StoreOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// Names the server that tests share: as `with-postgres` starts it.
pub const SERVER: &str = "LIAISON_TEST_POSTGRES";
/// Names the folder of the programs, where they are not on PATH and not where Debian has them.
const PROGRAMS: &str = "LIAISON_PG_BIN";

/// A server that runs as long as this lives.
pub struct Server {
    folder: TempDir,
    programs: PathBuf,
    process: Child,
}

impl Server {
    /// Makes one in a new folder and waits until it answers.
    pub fn start() -> Self {
        let programs = programs().expect(
            "no PostgreSQL: install it (Debian: `apt install postgresql`), or name the folder of `initdb` and `postgres` \
             in LIAISON_PG_BIN",
        );
        let folder = tempfile::Builder::new().prefix("liaison-pg").tempdir().unwrap();
        if let Some((user, group)) = other_user() {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = folder.path().join("data");
        let mut make = program(&programs, "initdb");
        make.args(["--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(&data);
        let made = make.output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let process = Self::run(&programs, &folder);
        let server = Self { folder, programs, process };
        server.wait();
        server
    }

    fn run(programs: &Path, folder: &TempDir) -> Child {
        let mut run = program(programs, "postgres");
        run.arg("-D").arg(folder.path().join("data")).arg("-k").arg(folder.path());
        // Written through, as where it counts; only torn pages of a machine that fails are not guarded against.
        for setting in ["listen_addresses=", "max_connections=200", "full_page_writes=off", "shared_buffers=64MB"] {
            run.args(["-c", setting]);
        }
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// Waits until it answers; not for ever.
    fn wait(&self) {
        for _ in 0..300 {
            let mut ask = program(&self.programs, "pg_isready");
            ask.arg("--quiet").arg("-h").arg(self.folder.path());
            if ask.status().unwrap().success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{}", std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default());
    }

    /// Where one of its databases is.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.path().display())
    }

    /// Ends it as if its machine had failed, or in good order.
    pub fn stop(&mut self, mode: &str) {
        let mut stop = program(&self.programs, "pg_ctl");
        stop.args(["stop", "--silent", "-w", "-m", mode, "-D"]).arg(self.folder.path().join("data"));
        stop.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        // Its own process: also when it did not do as it was told.
        self.process.kill().ok();
        self.process.wait().unwrap();
    }

    /// Starts it again after [`Self::stop`].
    pub fn start_again(&mut self) {
        self.process = Self::run(&self.programs, &self.folder);
        self.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop("immediate");
    }
}

/// An empty database of a test's own.
pub struct Database {
    url: String,
    /// The keys and files of its store.
    folder: TempDir,
    server: Option<Server>,
}

impl Database {
    /// On the server that the tests of this run share, or on one of its own where there is none.
    pub async fn create() -> Self {
        match std::env::var(SERVER) {
            Ok(shared) => Self::on(&shared, None).await,
            Err(_) => Self::alone().await,
        }
    }

    /// On a server of its own, which the test may stop.
    pub async fn alone() -> Self {
        let server = Server::start();
        Self::on(&server.url("postgres"), Some(server)).await
    }

    async fn on(admin: &str, server: Option<Server>) -> Self {
        let name = format!("liaison_{:016x}", fastrand::u64(..));
        let mut connection = PgConnection::connect(admin).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let url = admin.replacen("/postgres?", &format!("/{name}?"), 1);
        Self { url, folder: tempfile::tempdir().unwrap(), server }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its folder: keys and files are in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// As a store, with keys and files in a folder of its own.
    pub fn store(&self) -> StoreOptions {
        let beside = StoreOptions::sqlite(self.folder.path().join("store"));
        StoreOptions { store: self.url.parse().unwrap(), ..beside }
    }

    /// Its server, when it is its own: the test stops it.
    pub fn take_server(&mut self) -> Server {
        self.server.take().expect("a server of its own")
    }
}

fn program(programs: &Path, name: &str) -> Command {
    let mut command = Command::new(programs.join(name));
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    // Its folder: one that the other user may be in.
    command.current_dir("/").env_remove("PGHOST").env_remove("PGPORT");
    command
}

/// PostgreSQL does not run as root: then as somebody else.
fn other_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let answer = Command::new("id").args(arguments).output().ok().filter(|answer| answer.status.success())?;
        String::from_utf8_lossy(&answer.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let user = |name: &str| Some((id(&["-u", name])?, id(&["-g", name])?));
    user("postgres").or_else(|| user("nobody"))
}

/// The folder of `initdb`, `postgres` and the others.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_ctl", "pg_isready"].iter().all(|name| folder.join(name).is_file())
    };
    if let Some(given) = std::env::var_os(PROGRAMS) {
        return Some(given.into()).filter(complete);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(complete) {
        return Some(found);
    }
    let mut debian: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|it| it.path()).collect();
    debian.sort_by_key(|folder| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    debian.into_iter().rev().map(|version| version.join("bin")).find(complete)
}
