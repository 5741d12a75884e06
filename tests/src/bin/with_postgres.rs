//! `with-postgres PROGRAM ARGUMENTS…` runs a program with a PostgreSQL server that its tests share, and ends with its code.
#![expect(clippy::print_stderr, reason = "it speaks to whoever starts it")]

use std::process::{Command, ExitCode};

use liaison_tests::postgres::{SERVER, Server};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("Usage: with-postgres PROGRAM ARGUMENTS…");
        return ExitCode::from(2);
    };
    let server = Server::start();
    let status = Command::new(program).args(arguments).env(SERVER, server.url("postgres")).status();
    drop(server);
    match status {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("with-postgres: {error}");
            ExitCode::FAILURE
        }
    }
}
