//! The command line, as a value.
//!
//! Only parses: never looks at the file system and never starts anything.

use std::ffi::OsString;

use lexopt::prelude::{Long, Short, Value, ValueExt};

use crate::error::Error;

/// What the caller asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// Print how to use this program.
    Help,
    /// Install what is missing.
    Setup,
    /// Build the app.
    Dist {
        /// How thoroughly.
        mode: Mode,
    },
    /// Serve the demo agency.
    Run(RunOptions),
    /// Run the tests.
    Test {
        /// Browsers too?
        e2e: bool,
        /// Passed to nextest.
        filter: Vec<OsString>,
    },
    /// Run the load generator.
    Bench {
        /// Passed to it.
        arguments: Vec<OsString>,
    },
    /// Check style and hygiene.
    Lint,
    /// Do what Trunk's hook of this stage does.
    Hook(HookStage),
}

/// How the app is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As shipped.
    Release,
    /// Quick to compile.
    Dev,
}

/// When Trunk calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookStage {
    /// Before it reads `app/index.html`.
    Pre,
    /// After it wrote the staging folder.
    Post,
}

/// The options of `run`.
#[derive(Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// Address and port to listen on.
    pub listen: String,
    /// Number of client records in the demo.
    pub dossiers: u32,
    /// Seed of the demo's data.
    pub seed: u64,
    /// Delete the previous demo first.
    pub fresh: bool,
    /// How to build the app.
    pub mode: Mode,
}

/// Parses the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Task, Error> {
    parse_task(&mut lexopt::Parser::from_args(arguments)).map_err(|error| Error::Usage(error.to_string()))
}

fn parse_task(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let Some(first) = parser.next()? else {
        return Ok(Task::Help);
    };
    let name = match first {
        Value(name) => name.string()?,
        Short('h') | Long("help") => return Ok(Task::Help),
        other => return Err(other.unexpected()),
    };
    match name.as_str() {
        "help" => Ok(Task::Help),
        "setup" => end(parser, Task::Setup),
        "lint" => end(parser, Task::Lint),
        "dist" => parse_dist(parser),
        "run" => parse_run(parser),
        "test" => parse_test(parser),
        "bench" => {
            let mut arguments: Vec<_> = parser.raw_args()?.collect();
            if arguments.first().is_some_and(|first| first == "--") {
                arguments.remove(0);
            }
            Ok(Task::Bench { arguments })
        }
        "hook" => {
            let stage = match parser.value()?.string()?.as_str() {
                "pre" => HookStage::Pre,
                "post" => HookStage::Post,
                other => {
                    return Err(format!("there is no hook `{other}`, only pre and post").into());
                }
            };
            end(parser, Task::Hook(stage))
        }
        other => Err(format!("there is no task `{other}`").into()),
    }
}

fn end(parser: &mut lexopt::Parser, task: Task) -> Result<Task, lexopt::Error> {
    match parser.next()? {
        None => Ok(task),
        Some(Short('h') | Long("help")) => Ok(Task::Help),
        Some(other) => Err(other.unexpected()),
    }
}

fn parse_dist(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let mut mode = Mode::Release;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("dev") => mode = Mode::Dev,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Dist { mode })
}

fn parse_run(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let mut options =
        RunOptions { listen: "127.0.0.1:8080".into(), dossiers: 200, seed: 1, fresh: false, mode: Mode::Release };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => options.listen = parser.value()?.string()?,
            Long("dossiers") => options.dossiers = parser.value()?.parse()?,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("fresh") => options.fresh = true,
            Long("dev") => options.mode = Mode::Dev,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Run(options))
}

fn parse_test(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let mut e2e = true;
    let mut filter = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("no-e2e") => e2e = false,
            Short('h') | Long("help") => return Ok(Task::Help),
            Value(value) => filter.push(value),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Test { e2e, filter })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, Error> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn run_has_defaults_and_takes_options() {
        let Task::Run(defaults) = parsed("run").unwrap() else { panic!("not run") };
        assert_eq!((defaults.listen.as_str(), defaults.dossiers, defaults.seed), ("127.0.0.1:8080", 200, 1));
        let Task::Run(options) = parsed("run --listen [::1]:9 --dossiers=3 --seed 7 --fresh --dev").unwrap() else {
            panic!("not run")
        };
        assert_eq!((options.listen.as_str(), options.dossiers, options.seed), ("[::1]:9", 3, 7));
        assert!(options.fresh && options.mode == Mode::Dev);
    }

    #[test]
    fn test_passes_on_what_follows_the_dashes() {
        let filter = vec!["-E".into(), "test(sync)".into()];
        assert_eq!(parsed("test --no-e2e -- -E test(sync)").unwrap(), Task::Test { e2e: false, filter });
    }

    #[test]
    fn bench_passes_everything_on() {
        let arguments = vec!["--seconds".into(), "5".into()];
        assert_eq!(parsed("bench --seconds 5").unwrap(), Task::Bench { arguments });
        let arguments = vec!["--help".into()];
        assert_eq!(parsed("bench -- --help").unwrap(), Task::Bench { arguments });
    }

    #[test]
    fn mistakes_are_usage_errors() {
        for line in ["deploy", "run --dossiers many", "lint now", "hook", "hook during"] {
            assert!(matches!(parsed(line), Err(Error::Usage(_))), "{line}");
        }
        assert_eq!(parsed("").unwrap(), Task::Help);
        assert_eq!(parsed("run --help").unwrap(), Task::Help);
    }
}
