//! Starting other programs, with failures as typed errors.
//!
//! Never goes through a shell, and never swallows what a program prints.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// Says what is run, runs it to its end and fails when it does.
pub fn run(command: &mut Command) -> Result<(), Error> {
    let line = describe(command);
    eprintln!("xtask: $ {line}");
    let status = command.status().map_err(|source| start_error(command, source))?;
    if status.success() { Ok(()) } else { Err(Error::Failed { command: line, code: status.code() }) }
}

/// What the program prints, or nothing when it is missing or fails: for questions, not for work.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `run` for a program that takes this one's place: its signals and exit code are the caller's.
#[cfg(unix)]
pub fn become_program(command: &mut Command) -> Result<(), Error> {
    use std::os::unix::process::CommandExt as _;
    eprintln!("xtask: $ {}", describe(command));
    let source = command.exec();
    Err(start_error(command, source))
}

/// `run` for a program that takes this one's place, as far as this system can do that.
#[cfg(not(unix))]
pub fn become_program(command: &mut Command) -> Result<(), Error> {
    run(command)
}

/// The file `program` on PATH, if there is one.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// PATH with `folders` in front of it.
pub fn path_with(folders: &[PathBuf]) -> Result<OsString, Error> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old))).map_err(|_| Error::Missing {
        what: "A usable cache folder",
        hint: "Its path contains the character that separates PATH entries; set XDG_CACHE_HOME to another one.",
    })
}

fn start_error(command: &Command, source: std::io::Error) -> Error {
    Error::Start { program: command.get_program().to_string_lossy().into_owned(), source }
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
    command.get_args().fold(name.into_owned(), |line, argument| line + " " + &argument.to_string_lossy())
}
