//! Joins the style sheets in the order of the cascade: tokens, shell, primitives, features.
//!
//! Never rewrites a rule; what is written is what browsers get.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::files;

/// Files that come first, then folders with their `.css` files sorted by path.
const FIRST: [&str; 2] = ["public/tokens.css", "public/shell.css"];
const FOLDERS: [&str; 2] = ["app/src/ui", "app/src/features"];

/// The style sheets there are, in the order they are joined.
pub fn sources(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut sources: Vec<_> = FIRST.iter().map(|name| root.join(name)).filter(|path| path.is_file()).collect();
    for folder in FOLDERS {
        let below = files::below(&root.join(folder))?;
        sources.extend(below.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "css")));
    }
    Ok(sources)
}

/// Their text, each under a comment that names its file.
pub fn join(sources: &[PathBuf], root: &Path) -> Result<String, Error> {
    let mut joined = String::new();
    for path in sources {
        let text = files::read_text(path)?;
        joined += &format!("/* {} */\n{}\n", files::relative_name(path, root), text.trim_end());
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_first_then_shell_primitives_and_features_by_path() {
        let root = std::env::temp_dir().join(format!("liaison-xtask-styles-{}", std::process::id()));
        for name in [
            "app/src/features/a/a.css",
            "app/src/features/a/page.rs",
            "app/src/ui/table/table.css",
            "app/src/ui/button/button.css",
            "public/shell.css",
            "public/tokens.css",
        ] {
            files::write(&root.join(name), format!("x{{}} /* in {name} */\n\n")).unwrap();
        }
        let sources = sources(&root).unwrap();
        let names: Vec<_> = sources.iter().map(|path| files::relative_name(path, &root)).collect();
        assert_eq!(
            names,
            [
                "public/tokens.css",
                "public/shell.css",
                "app/src/ui/button/button.css",
                "app/src/ui/table/table.css",
                "app/src/features/a/a.css",
            ]
        );
        let joined = join(&sources[..2], &root).unwrap();
        assert_eq!(
            joined,
            "/* public/tokens.css */\nx{} /* in public/tokens.css */\n/* public/shell.css */\nx{} /* in public/shell.css */\n"
        );
        files::delete_folder(&root).unwrap();
    }

    #[test]
    fn no_style_sheets_give_an_empty_one() {
        let root = Path::new("/nonexistent");
        assert_eq!(join(&sources(root).unwrap(), root).unwrap(), "");
    }
}
