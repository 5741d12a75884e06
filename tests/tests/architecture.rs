//! The walls of the house, checked: who may know whom, which rules have a test, how large things may get.
//! A limit here only ever gets stricter.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn files(below: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "nothing below {below}: the check would check nothing");
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Fails for every file below `folder` that names one of the modules.
fn must_not_name(folder: &str, modules: &[&str]) {
    for path in files(folder, ".rs") {
        let code = text(&path);
        for module in modules {
            assert!(!code.contains(module), "{} knows {module}: the arrow goes the other way", path.display());
        }
    }
}

fn dependencies(package: &str) -> Vec<String> {
    let arguments = ["tree", "--locked", "--offline", "-p", package, "-e", "normal", "--prefix", "none", "-f", "{p}"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    names.lines().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

#[test]
fn shared_depends_on_no_runtime_no_browser_and_no_server() {
    let dependencies = dependencies("liaison-shared");
    assert!(dependencies.iter().any(|name| name == "automerge"), "the list is read");
    for forbidden in ["tokio", "axum", "hyper", "sqlx", "leptos", "web-sys", "js-sys", "wasm-bindgen", "liaison-server"]
    {
        assert!(!dependencies.iter().any(|name| name == forbidden), "liaison-shared depends on {forbidden}");
    }
}

#[test]
fn the_app_and_the_relay_do_not_know_each_other() {
    assert!(!dependencies("liaison-server").iter().any(|name| name == "leptos" || name == "liaison-app"));
    assert!(!dependencies("liaison-app").iter().any(|name| name == "axum" || name == "liaison-server"));
}

#[test]
fn app_features_know_state_which_knows_the_replica_which_knows_the_platform() {
    must_not_name("app/src/platform", &["crate::replica", "crate::state", "crate::features", "crate::ui", "leptos"]);
    must_not_name("app/src/replica", &["crate::state", "crate::features", "crate::ui", "leptos", "web_sys", "js_sys"]);
    must_not_name("app/src/state", &["crate::features", "web_sys", "js_sys", "indexed_db_futures"]);
    must_not_name("app/src/features", &["web_sys", "js_sys", "wasm_bindgen", "indexed_db_futures"]);
    let ours = ["crate::platform", "crate::replica", "crate::state", "crate::features", "liaison_shared"];
    must_not_name("app/src/ui", &ours);
}

#[test]
fn server_routes_know_the_relay_and_accounts_which_know_the_log() {
    let above = ["crate::router", "crate::api", "crate::commands", "crate::demo"];
    must_not_name("server/src/relay", &above);
    must_not_name("server/src/accounts", &[&above[..], &["crate::relay"]].concat());
    must_not_name("server/src/devices", &[&above[..], &["crate::relay"]].concat());
    for folder in ["server/src/invitations", "server/src/settings", "server/src/audit", "server/src/blobs"] {
        must_not_name(folder, &[&above[..], &["crate::relay"]].concat());
    }
    for folder in ["server/src/import", "server/src/export"] {
        must_not_name(folder, &[&above[..], &["crate::accounts", "crate::audit"]].concat());
    }
    must_not_name("server/src/audit", &["crate::accounts", "crate::devices", "crate::invitations", "crate::settings"]);
    must_not_name("server/src/log", &[&above[..], &["crate::relay", "crate::accounts", "crate::devices"]].concat());
}

#[test]
fn every_rule_of_the_protocol_has_a_test_that_names_it() {
    let specification = text(&root().join("shared/src/protocol/SPEC.md"));
    let marked = specification.split("**").skip(1).step_by(2);
    let rules: Vec<&str> = marked.filter(|words| words.contains('-') && !words.contains(' ')).collect();
    assert!(rules.len() > 40, "the rules are found: {rules:?}");
    let sources = [files("shared/src", ".rs"), files("server/src", ".rs"), files("tests/tests", ".rs")].concat();
    let code: String = sources.iter().map(|path| text(path)).collect();
    let untested: Vec<&&str> =
        rules.iter().filter(|rule| !code.contains(&format!("fn {}_", rule.to_lowercase().replace('-', "_")))).collect();
    assert!(untested.is_empty(), "no test is named after {untested:?}");
}

// A pool that is made elsewhere may hold a thread of the relay for ever (server/src/connections.rs).
#[test]
fn pools_of_connections_are_made_in_one_place() {
    let makes = |path: &PathBuf| text(path).contains("PoolOptions::new()");
    let makers: Vec<PathBuf> = files("server/src", ".rs").into_iter().filter(makes).collect();
    assert_eq!(makers, [root().join("server/src/connections.rs")]);
    must_not_name("server/src", &["Pool::connect"]);
}

#[test]
fn no_file_outgrows_a_head() {
    const MOST: usize = 500;
    for folder in ["shared/src", "app/src", "server/src", "tests", "xtask/src"] {
        for path in files(folder, ".rs") {
            let lines = text(&path).lines().count();
            assert!(lines <= MOST, "{} has {lines} lines: where is the seam?", path.display());
        }
    }
    let architecture = text(&root().join("ARCHITECTURE.md")).lines().count();
    assert!(architecture <= 150, "ARCHITECTURE.md has {architecture} lines, at most 150");
}

#[test]
fn every_module_says_what_it_is_for() {
    for folder in ["shared/src", "app/src", "server/src", "xtask/src"] {
        for path in files(folder, ".rs") {
            assert!(text(&path).trim_start().starts_with("//!"), "{} does not open with //!", path.display());
        }
    }
}
