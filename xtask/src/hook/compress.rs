//! Writes `.br` and `.gz` beside every file that gains by it, so that the relay never compresses the app.
//!
//! Never touches the files themselves.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::Error;
use crate::files;

const EXTENSIONS: [&str; 7] = ["html", "js", "wasm", "css", "svg", "json", "webmanifest"];
const WINDOW: i32 = 22;

/// How large a file is, as it is and as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Path below the folder, with `/`.
    pub name: String,
    /// Bytes in the file.
    pub raw: usize,
    /// Bytes on the wire for a browser that takes brotli.
    pub wire: usize,
}

/// Compresses what is in `folder`: as small as possible when `thorough`, else quickly.
pub fn all(folder: &Path, thorough: bool) -> Result<Vec<Size>, Error> {
    let mut sizes = Vec::new();
    for path in files::below(folder)? {
        let content = files::read(&path)?;
        let name = files::relative_name(&path, folder);
        let mut wire = content.len();
        if path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known)) {
            let brotli = brotli(&content, thorough).map_err(Error::file("compress", &path))?;
            wire = brotli.len();
            files::write(&folder.join(format!("{name}.br")), brotli)?;
            let gzip = gzip(&content, thorough).map_err(Error::file("compress", &path))?;
            files::write(&folder.join(format!("{name}.gz")), gzip)?;
        }
        sizes.push(Size { name, raw: content.len(), wire });
    }
    Ok(sizes)
}

fn brotli(content: &[u8], thorough: bool) -> std::io::Result<Vec<u8>> {
    let quality = if thorough { 11 } else { 4 };
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, lgwin: WINDOW, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8], thorough: bool) -> std::io::Result<Vec<u8>> {
    let level = if thorough { Compression::best() } else { Compression::fast() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn both_encodings_give_the_content_back() {
        let content = b"Cahier de liaison. ".repeat(200);
        for thorough in [true, false] {
            let small = brotli(&content, thorough).unwrap();
            assert!(small.len() < content.len() / 10);
            let mut back = Vec::new();
            brotli::BrotliDecompress(&mut small.as_slice(), &mut back).unwrap();
            assert_eq!(back, content);
            back.clear();
            flate2::read::GzDecoder::new(gzip(&content, thorough).unwrap().as_slice()).read_to_end(&mut back).unwrap();
            assert_eq!(back, content);
        }
    }
}
