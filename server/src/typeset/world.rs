//! What the template may read: itself, the paper with its pictures, and the fonts that come with Typst. No file, no network, no clock.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Timelike as _};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

const TEMPLATE: &str = include_str!("paper.typ");
/// Of the bundled fonts: a paper needs no other.
const FAMILY: &str = "Libertinus Serif";

/// The same for every paper.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
}

static PRESS: LazyLock<Option<Press>> = LazyLock::new(|| {
    let bundled = typst_assets::fonts().filter_map(|font| Font::new(Bytes::new(font), 0));
    let fonts: Vec<Font> = bundled.filter(|font| font.info().family == FAMILY).collect();
    Some(Press {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(file("paper.typ")?, TEMPLATE.to_owned()),
    })
});

fn file(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// One paper, as Typst sees it.
pub struct PaperWorld {
    press: &'static Press,
    /// The paper, and its pictures.
    files: Vec<(FileId, Bytes)>,
}

impl PaperWorld {
    /// From the paper as JSON and its pictures by name; `None` if a file cannot be named.
    pub fn new(paper: Vec<u8>, pictures: Vec<(String, Vec<u8>)>) -> Option<Self> {
        let all = std::iter::once(("paper.json".to_owned(), paper)).chain(pictures);
        let files = all.map(|(name, bytes)| Some((file(&name)?, Bytes::new(bytes)))).collect::<Option<_>>()?;
        Some(Self { press: PRESS.as_ref()?, files })
    }
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.press.template.clone()) } else { Err(nothing_else()) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.iter().find(|(of, _)| *of == id).map(|(_, bytes)| bytes.clone()).ok_or_else(nothing_else)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn nothing_else() -> FileError {
    FileError::AccessDenied
}

/// A time as PDF metadata has it, in UTC.
pub fn timestamp(time: liaison_shared::Timestamp) -> Option<typst_pdf::Timestamp> {
    let time = DateTime::from_timestamp_millis(time.0)?;
    let part = |part: u32| u8::try_from(part).ok();
    let datetime = Datetime::from_ymd_hms(
        time.year(),
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    )?;
    Some(typst_pdf::Timestamp::new_utc(datetime))
}
