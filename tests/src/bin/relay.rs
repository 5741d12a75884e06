//! The relay as the tests run it: the same program, built with everything else that is tested. Built by itself, its libraries
//! would be compiled a second time, with the fewer features that it needs alone.

use std::process::ExitCode;

fn main() -> ExitCode {
    liaison_server::program::main()
}
