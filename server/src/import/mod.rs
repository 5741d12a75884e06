//! A file of clients becomes dossiers: read, looked at row by row, then written all at once or not at all.
//!
//! Never corrects what people wrote beyond its form (a date, a word of a list, a zero that a spreadsheet has eaten): what
//! looks wrong is said, and kept. Nothing of the file stays here. What is written goes through the one writer, in the
//! name of whoever brings it, by an actor of the relay's own.

mod commit;
mod dates;
mod documents;
mod duplicates;
mod error;
mod examine;
mod names;
mod spreadsheet;
mod table;
mod targets;
mod text;
mod values;

use std::sync::Arc;

use liaison_shared::documents::schema::Field;
use liaison_shared::sync::Identity;
use liaison_shared::{DocumentKind, EntryId, Timestamp, UserId};
use tokio::sync::Mutex;

pub use commit::Created;
pub use duplicates::{Duplicate, Twin};
pub use error::{ImportError, ImportRefusal};
pub use examine::{Anomaly, Examined};
pub use table::{MAX_FILE, Row, Table};
pub use targets::{guess, target};

use crate::log::StoredLog;
use crate::relay::Writer;

/// Which column goes into which field: each at most once.
pub type Mapping = Vec<(usize, &'static Field)>;

/// A file, and what is wanted of it.
#[derive(Debug, Clone)]
pub struct Order {
    /// What the file holds.
    pub file: Vec<u8>,
    /// Its name, as people know it.
    pub name: String,
    /// Which column goes where.
    pub mapping: Mapping,
    /// Rows that are left out, as the file numbers them.
    pub skip: Vec<usize>,
    /// The agency's people, for the fields that name one.
    pub people: Vec<(String, UserId)>,
}

/// Files that are brought in: one at a time, so that what one holds in memory is bounded and none sees half of another.
#[derive(Debug, Clone)]
pub struct Import {
    log: StoredLog,
    writer: Writer,
    turn: Arc<Mutex<()>>,
}

impl Import {
    /// Into a log, through its writer.
    #[must_use]
    pub fn new(log: StoredLog, writer: Writer) -> Self {
        Self { log, writer, turn: Arc::default() }
    }

    /// What a file holds.
    ///
    /// # Errors
    /// When it is no file that can be read.
    pub async fn read(&self, file: Vec<u8>) -> Result<Table, ImportError> {
        let _turn = self.turn.lock().await;
        Ok(apart(move || Table::read(&file)).await??)
    }

    /// What would become of a file, and whom it may have twice. Writes nothing.
    ///
    /// # Errors
    /// When the file cannot be read, the mapping does not fit it, or without a store.
    pub async fn check(&self, order: Order, now: Timestamp) -> Result<(Examined, Vec<Duplicate>), ImportError> {
        let _turn = self.turn.lock().await;
        let existing = self.log.every(DocumentKind::Client).await?;
        apart(move || {
            let table = Table::read(&order.file)?;
            let examined = examine::examine(&table, &order, now.date())?;
            let duplicates = duplicates::find(&examined, &existing);
            Ok((examined, duplicates))
        })
        .await?
    }

    /// Makes a dossier of each row that is not left out: all of them, or none. `id` is of this import and no other: the
    /// same again writes nothing.
    ///
    /// # Errors
    /// See [`ImportError`]; then nothing was written, unless the answer was lost with the store: ask again.
    pub async fn commit(
        &self,
        order: Order,
        id: EntryId,
        by: Identity,
        now: Timestamp,
    ) -> Result<Vec<Created>, ImportError> {
        let _turn = self.turn.lock().await;
        let prepared = apart(move || commit::prepare(&order, id, by, now)).await??;
        commit::write(&self.log, &self.writer, prepared, by, now).await
    }
}

/// Away from the tasks that serve others.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ImportError::Interrupted)
}
