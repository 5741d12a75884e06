//! Installing into the cache so that an interrupted installation leaves nothing that looks finished.
//!
//! Never touches a finished installation.

use std::fs::{self, File};
use std::path::Path;

use crate::error::Error;
use crate::files;

/// Makes `cache/name` by calling `fill` with an empty temporary folder, then renaming that.
/// One installation at a time per user; `done` tells whether somebody else was faster.
pub fn atomically(
    cache: &Path,
    name: &str,
    done: impl Fn() -> bool,
    fill: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    files::create_folder(cache)?;
    let lock_path = cache.join(".lock");
    let lock = File::create(&lock_path).map_err(Error::file("create", &lock_path))?;
    // Released when `lock` is dropped, or by the system when this process ends in any way.
    lock.lock().map_err(Error::file("lock", &lock_path))?;
    if done() {
        return Ok(());
    }
    let unfinished = cache.join(format!(".unfinished-{name}"));
    files::delete_folder(&unfinished)?;
    files::create_folder(&unfinished)?;
    fill(&unfinished)?;
    let finished = cache.join(name);
    files::delete_folder(&finished)?;
    fs::rename(&unfinished, &finished).map_err(Error::file("finish", &finished))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_an_interrupted_installation_when_repeated_then_it_is_complete() {
        let cache = std::env::temp_dir().join(format!("liaison-xtask-install-{}", std::process::id()));
        let tool = cache.join("tool-1/bin/tool");
        let broken = atomically(
            &cache,
            "tool-1",
            || tool.exists(),
            |folder| {
                files::write(&folder.join("bin/half"), "")?;
                Err(Error::Usage("interrupted".into()))
            },
        );
        assert!(broken.is_err());
        assert!(!cache.join("tool-1").exists());
        atomically(&cache, "tool-1", || tool.exists(), |folder| files::write(&folder.join("bin/tool"), "")).unwrap();
        assert!(tool.exists());
        assert!(!cache.join("tool-1/bin/half").exists());
        files::delete_folder(&cache).unwrap();
    }
}
