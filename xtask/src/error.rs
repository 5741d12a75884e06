//! What can go wrong in a task, said so that the reader knows what to do next.
//!
//! Never used outside this crate; nothing here is shown to a user of the application.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Every failure of a task.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line is wrong.
    #[error("{0}\nSee `cargo xtask help`.")]
    Usage(String),
    /// A file or folder could not be read, written or moved.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// A verb, as in "cannot read".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program could not be started at all.
    #[error("cannot start `{program}`: {source}")]
    Start {
        /// The program's name.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program ended with a failure; it has already said why.
    #[error("`{command}` failed")]
    Failed {
        /// The program and its arguments.
        command: String,
        /// Its exit code, unless a signal ended it.
        code: Option<i32>,
    },
    /// Something that cannot be installed from here is missing.
    #[error("{what} is missing. {hint}")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A file of the project does not look as expected.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The application has outgrown its budget.
    #[error("the first visit costs {actual} bytes (brotli), the budget is {budget}")]
    TooLarge {
        /// Bytes a first visit transfers.
        actual: usize,
        /// Bytes it may.
        budget: usize,
    },
}

impl Error {
    /// For `map_err`: the error of doing `action` with `path`.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }

    /// The failed program's own exit code where there is one, otherwise 1; 2 for a wrong command line.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed { code: Some(code), .. } => u8::try_from(*code).map_or(ExitCode::FAILURE, ExitCode::from),
            _ => ExitCode::FAILURE,
        }
    }
}
