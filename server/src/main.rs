//! The relay's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    liaison_server::program::main()
}
