//! Cuts the app's WebAssembly into the module of the first visit and the chunks that come after it.
//!
//! Trunk has run wasm-bindgen over the whole; this puts in its place what wasm-bindgen makes of the first module alone.
//! The names of chunks hold a hash of the whole, as each only fits the module it was cut from. Never decides what is in
//! a chunk: `app/src/chunks.rs` does.

use std::path::Path;

use crate::error::Error;
use crate::files;
use crate::process;
use crate::project::Project;
use crate::tools::Toolbox;

/// The name that the tools are given for the app.
const NAME: &str = "liaison-app";
/// What the splitter calls its loader.
const LOADER: &str = "__wasm_split.js";
/// How the folder of chunks ends.
const FOLDER: &str = "-chunks";

/// Cuts the app that Trunk has put into `staging`.
pub fn cut(project: &Project, staging: &Path, release: bool) -> Result<(), Error> {
    let whole = project.compiled_app(if release { "wasm" } else { "debug" });
    let work = project.scratch().join("chunks");
    let (cut, bound) = (work.join("cut"), work.join("bound"));
    files::delete_folder(&work)?;

    let mut toolbox = Toolbox::new()?;
    toolbox.chunks(project)?;
    let mut splitter = toolbox.command(project, "wasm-split-cli")?;
    process::run(splitter.arg(&whole).arg(&cut).args(["--out-name", NAME]))?;
    let mut bindgen = toolbox.command(project, "wasm-bindgen")?;
    // The linker's exports are what chunks import: the table of functions above all.
    bindgen.args(["--target", "web", "--keep-lld-exports", "--no-typescript", "--out-name", NAME, "--out-dir"]);
    process::run(bindgen.arg(&bound).arg(cut.join(format!("{NAME}.wasm"))))?;

    let app = app_name(staging)?;
    let folder = format!("{app}{FOLDER}");
    files::write(&staging.join(format!("{app}_bg.wasm")), files::read(&bound.join(format!("{NAME}_bg.wasm")))?)?;
    let script = replaced(&bound.join(format!("{NAME}.js")), LOADER, &format!("./{folder}/load.js"))?;
    files::write(&staging.join(format!("{app}.js")), script)?;
    let loader = replaced(&cut.join(LOADER), &format!("{NAME}.js"), &format!("../{app}.js"))?;
    files::write(&staging.join(&folder).join("load.js"), loader)?;
    for path in files::below(&cut)? {
        let name = files::relative_name(&path, &cut);
        if name != LOADER && name != format!("{NAME}.wasm") {
            files::write(&staging.join(&folder).join(&name), files::read(&path)?)?;
        }
    }
    announce(&staging.join("index.html"), &app, &folder)
}

/// Whether this file of the build (named as below `staging`) is fetched after a first visit only.
pub fn is_chunk(name: &str) -> bool {
    name.ends_with(".wasm") && name.split_once('/').is_some_and(|(folder, _)| folder.ends_with(FOLDER))
}

/// What Trunk calls the app: its own name and a hash of the whole.
fn app_name(staging: &Path) -> Result<String, Error> {
    let names: Vec<_> = files::below(staging)?.iter().map(|path| files::relative_name(path, staging)).collect();
    let found = names.iter().find_map(|name| name.strip_suffix("_bg.wasm"));
    found.map(str::to_owned).ok_or_else(|| Error::Malformed { path: staging.to_owned(), problem: "has no app".into() })
}

/// The script at `path` with another address in its `import … from "./name"`: one for each chunk.
fn replaced(path: &Path, name: &str, address: &str) -> Result<String, Error> {
    from_elsewhere(&files::read_text(path)?, name, address)
        .map_err(|problem| Error::Malformed { path: path.to_owned(), problem })
}

fn from_elsewhere(script: &str, name: &str, address: &str) -> Result<String, String> {
    let import = format!("from \"./{name}\"");
    match script.matches(&import).count() {
        0 => Err(format!("does not import {name}: is its tool of another version?")),
        _ => Ok(script.replace(&import, &format!("from \"{address}\""))),
    }
}

/// The page asks for the loader at once, not only when the script that imports it has come.
fn announce(index: &Path, app: &str, folder: &str) -> Result<(), Error> {
    let html = files::read_text(index)?;
    let link = |script: &str| format!("<link rel=\"modulepreload\" href=\"/{script}\" crossorigin=\"anonymous\">");
    let (present, more) = (link(&format!("{app}.js")), link(&format!("{folder}/load.js")));
    if !html.contains(&present) {
        return Err(Error::Malformed { path: index.to_owned(), problem: format!("has no {present}") });
    }
    files::write(index, html.replace(&present, &format!("{present}{more}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_modules_in_the_folder_of_chunks_are_chunks() {
        assert!(is_chunk("liaison-app-0123-chunks/split_bureau.wasm"));
        for other in ["liaison-app-0123_bg.wasm", "liaison-app-0123-chunks/load.js", "icons/a-chunks.wasm"] {
            assert!(!is_chunk(other), "{other}");
        }
    }

    #[test]
    fn every_import_gets_its_new_address_and_the_key_of_its_object_stays() {
        let script = "import * as import1 from \"./__wasm_split.js\"\nreturn { \"./__wasm_split.js\": import1 };";
        let moved = from_elsewhere(script, LOADER, "./app-chunks/load.js").unwrap();
        assert_eq!(
            moved,
            "import * as import1 from \"./app-chunks/load.js\"\nreturn { \"./__wasm_split.js\": import1 };"
        );
        assert!(from_elsewhere(&moved, LOADER, "x").unwrap_err().contains("does not import"));
        let two = "import * as a from \"./x.js\"\nimport * as b from \"./x.js\"";
        let moved = from_elsewhere(two, "x.js", "./y.js").unwrap();
        assert_eq!(moved, "import * as a from \"./y.js\"\nimport * as b from \"./y.js\"");
    }

    #[test]
    fn the_page_asks_for_the_loader_beside_the_app() {
        let root = std::env::temp_dir().join(format!("liaison-xtask-chunks-{}", std::process::id()));
        let index = root.join("index.html");
        files::write(&root.join("app-01_bg.wasm"), "").unwrap();
        files::write(&index, "<link rel=\"modulepreload\" href=\"/app-01.js\" crossorigin=\"anonymous\"></head>")
            .unwrap();
        let app = app_name(&root).unwrap();
        announce(&index, &app, "app-01-chunks").unwrap();
        let html = files::read_text(&index).unwrap();
        assert!(html.ends_with("href=\"/app-01-chunks/load.js\" crossorigin=\"anonymous\"></head>"), "{html}");
        assert!(announce(&index, "app-02", "x").is_err());
        files::delete_folder(&root).unwrap();
    }
}
