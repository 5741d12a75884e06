//! What the template may read: itself, the paper, and the fonts that come with Typst. No file, no network, no clock.

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
    paper: FileId,
}

static PRESS: LazyLock<Option<Press>> = LazyLock::new(|| {
    let file = |name| Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern());
    let bundled = typst_assets::fonts().filter_map(|font| Font::new(Bytes::new(font), 0));
    let fonts: Vec<Font> = bundled.filter(|font| font.info().family == FAMILY).collect();
    Some(Press {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(file("paper.typ")?, TEMPLATE.to_owned()),
        paper: file("paper.json")?,
    })
});

/// One paper, as Typst sees it.
pub struct PaperWorld {
    press: &'static Press,
    paper: Bytes,
}

impl PaperWorld {
    /// From the paper as JSON; `None` if this program was built without a template.
    pub fn new(paper: Vec<u8>) -> Option<Self> {
        Some(Self { press: PRESS.as_ref()?, paper: Bytes::new(paper) })
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
        if id == self.press.paper { Ok(self.paper.clone()) } else { Err(nothing_else()) }
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
