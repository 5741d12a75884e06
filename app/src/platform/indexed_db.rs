//! The browser's database as a few stores of (text key → bytes). One transaction per write; a transaction
//! that fails because the system closed the database is tried once more on a reopened one. With a [`Seal`], values are
//! sealed before the transaction is opened, and opened after it: on the disk they cannot be read.

mod batch;
mod large;
mod rewrite;

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database as Inner;
use indexed_db_futures::error::{Error as InnerError, OpenDbError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDone, TransactionDurability, TransactionMode, TransactionOptions,
};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

pub use self::batch::Batch;
use self::batch::{Value, ask_for};

/// Why the device could not store or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StorageError {
    /// The browser's quota or the disk is used up.
    #[error("no space left")]
    Full,
    /// The browser gives this page no database (private mode, settings).
    #[error("no database in this browser: {0}")]
    Unavailable(String),
    /// What is asked for has not come to this device yet.
    #[error("not on this device yet")]
    NotHere,
    /// Another tab runs a newer version and has closed this one's database.
    #[error("a newer version runs in another tab")]
    Superseded,
    /// The site's data was erased while the page was open.
    #[error("the data of this site was erased")]
    Erased,
    /// A stored value is not what this device sealed there: damaged, or moved.
    #[error("a value in {0} cannot be opened")]
    Damaged(&'static str),
    /// Anything else the browser said.
    #[error("{0}")]
    Failed(String),
}

/// Makes values unreadable to those who only have the disk. `place` says where a value is: moved elsewhere, it does not
/// open. Synchronous, so that nothing is awaited between an edit and issuing its write.
pub trait Seal {
    /// What is stored instead of the value; `None` when the browser gives no randomness.
    fn seal(&self, place: &str, value: &[u8]) -> Option<Vec<u8>>;
    /// The value; `None` when it is not what was sealed at this place.
    fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>>;
    /// The same for what is large, beside the page's own thread.
    fn open_aside<'a>(&'a self, place: &'a str, sealed: &'a [u8]) -> LocalBoxFuture<'a, Option<Vec<u8>>>;
}

/// The name of a value's place, for its seal.
fn place(store: &str, key: &str) -> String {
    format!("{store}\u{0}{key}")
}

/// How sure the browser must be before it says that a write is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// On the disk itself: what a person typed.
    Strict,
    /// In the system's hands: what can be fetched again.
    Relaxed,
}

type Listener = Rc<dyn Fn(StorageError)>;

/// A database of this origin.
#[derive(Clone)]
pub struct Database {
    name: String,
    version: u8,
    stores: &'static [&'static str],
    seal: Option<Rc<dyn Seal>>,
    connection: Rc<RefCell<Option<Rc<Inner>>>>,
    /// Why the database will not be opened again in this page.
    ended: Rc<RefCell<Option<StorageError>>>,
    on_end: Rc<RefCell<Option<Listener>>>,
}

impl Database {
    fn closed(name: &str, version: u8, stores: &'static [&'static str], seal: Option<Rc<dyn Seal>>) -> Self {
        let (connection, ended, on_end) = Default::default();
        Self { name: name.to_owned(), version, stores, seal, connection, ended, on_end }
    }

    /// Opens the database, making those of its stores that are missing. With a seal, no value is on the disk as it is.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn open(
        name: &str,
        version: u8,
        stores: &'static [&'static str],
        seal: Option<Rc<dyn Seal>>,
    ) -> Result<Self, StorageError> {
        let database = Self::closed(name, version, stores, seal);
        database.connect(true).await?;
        Ok(database)
    }

    /// Whether there is a database of that name; `None` where the browser does not tell.
    async fn exists(name: &str) -> Option<bool> {
        let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).ok()?;
        let list = Reflect::get(&factory, &"databases".into()).ok()?.dyn_into::<Function>().ok()?;
        let promise = list.call0(&factory).ok()?.dyn_into::<Promise>().ok()?;
        let found = js_sys::Array::from(&JsFuture::from(promise).await.ok()?);
        Some(found.iter().any(|it| Reflect::get(&it, &"name".into()).is_ok_and(|it| it == *name)))
    }

    /// Opens a database only if it is there. Unsealed.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn open_existing(
        name: &str,
        version: u8,
        stores: &'static [&'static str],
    ) -> Result<Option<Self>, StorageError> {
        if Self::exists(name).await == Some(false) {
            return Ok(None);
        }
        let database = Self::closed(name, version, stores, None);
        match database.connect(false).await {
            Ok(_) => Ok(Some(database)),
            Err(StorageError::Erased) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Erases a database. Waits for other pages to let go of it, which they do when told.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn erase(name: &str) -> Result<(), StorageError> {
        Inner::delete_by_name(name).map_err(open_error)?.await.map_err(Into::into)
    }

    /// Closes it: this handle is not used again.
    pub fn close(&self) {
        *self.ended.borrow_mut() = Some(StorageError::Superseded);
        self.close_connection();
    }

    /// Calls `listener` when the database will not be used by this page any more, and why.
    pub fn on_end(&self, listener: impl Fn(StorageError) + 'static) {
        *self.on_end.borrow_mut() = Some(Rc::new(listener));
    }

    fn end(&self, why: StorageError) {
        *self.ended.borrow_mut() = Some(why.clone());
        self.close_connection();
        let listener = self.on_end.borrow().clone();
        if let Some(listener) = listener {
            listener(why);
        }
    }

    fn close_connection(&self) {
        if let Some(inner) = self.connection.borrow_mut().take() {
            Inner::clone(&inner).close();
        }
    }

    /// `may_create`: only the first time. A database that is found empty later was erased under the page; to fill it
    /// again with what the page remembers (a cursor!) would make a part look like the whole.
    async fn connect(&self, may_create: bool) -> Result<Rc<Inner>, StorageError> {
        let stores = self.stores;
        let erased = Rc::new(std::cell::Cell::new(false));
        let found_empty = Rc::clone(&erased);
        let opened = Inner::open(self.name.as_str())
            .with_version(self.version)
            .with_on_upgrade_needed(move |event, database| {
                if event.old_version() < 1.0 && !may_create {
                    found_empty.set(true);
                    // An error takes the creation back.
                    return Err(js_sys::Error::new("erased").into());
                }
                let present: Vec<String> = database.object_store_names().collect();
                for store in stores {
                    if !present.iter().any(|name| name == store) {
                        database.create_object_store(*store).build()?;
                    }
                }
                Ok(())
            })
            .await;
        if erased.get() {
            self.end(StorageError::Erased);
            return Err(StorageError::Erased);
        }
        let inner = Rc::new(opened.map_err(open_error)?);
        *self.connection.borrow_mut() = Some(Rc::clone(&inner));
        self.close_when_superseded(&inner);
        Ok(inner)
    }

    /// A newer version in another tab waits until every older connection is closed.
    fn close_when_superseded(&self, inner: &Rc<Inner>) {
        let Ok(mut changes) = inner.version_changes() else { return };
        let (database, mine) = (self.clone(), Inner::clone(inner));
        super::clock::spawn(async move {
            if let Some(event) = changes.recv().await {
                mine.close();
                // Without a new version, the database is being deleted.
                let deleted = event.new_version().is_none();
                database.end(if deleted { StorageError::Erased } else { StorageError::Superseded });
            }
        });
    }

    async fn connection(&self) -> Result<Rc<Inner>, StorageError> {
        if let Some(why) = self.ended.borrow().clone() {
            return Err(why);
        }
        let open = self.connection.borrow().clone();
        match open {
            Some(inner) => Ok(inner),
            None => self.connect(false).await,
        }
    }

    async fn reopened(&self) -> Result<Rc<Inner>, StorageError> {
        self.close_connection();
        self.connection().await
    }

    /// Does something with the database; once more on a reopened one when that failed.
    async fn retried<T, E: Into<StorageError>>(
        &self,
        act: impl AsyncFn(&Inner) -> Result<T, E>,
    ) -> Result<T, StorageError> {
        match act(&*self.connection().await?).await.map_err(Into::into) {
            Err(StorageError::Failed(_)) => act(&*self.reopened().await?).await.map_err(Into::into),
            done => done,
        }
    }

    /// Does everything in the batch, or nothing; returns once it is as durable as asked.
    ///
    /// # Errors
    /// When the browser refuses, also the second time.
    pub async fn write(&self, batch: &Batch, durability: Durability) -> Result<(), StorageError> {
        if batch.is_empty() {
            return Ok(());
        }
        let rows = self.sealed(batch)?;
        self.retried(async |database| write_once(database, batch, &rows, durability).await).await
    }

    /// The values to put, in order, as they go to the disk.
    fn sealed(&self, batch: &Batch) -> Result<Vec<JsValue>, StorageError> {
        let sealed = |(store, key, value): &(&'static str, String, Value)| match (value, &self.seal) {
            (Value::Opaque(value), _) => Ok(value.clone()),
            (Value::Bytes(bytes), None) => Ok(Uint8Array::from(bytes.as_slice()).into()),
            (Value::Bytes(bytes), Some(seal)) => match seal.seal(&place(store, key), bytes) {
                Some(sealed) => Ok(Uint8Array::from(sealed.as_slice()).into()),
                None => Err(StorageError::Failed("no randomness in this browser".to_owned())),
            },
        };
        batch.puts.iter().map(sealed).collect()
    }

    /// A value as it was before it went to the disk.
    fn opened(&self, store: &'static str, key: &str, value: Vec<u8>) -> Result<Vec<u8>, StorageError> {
        match &self.seal {
            None => Ok(value),
            Some(seal) => seal.open(&place(store, key), &value).ok_or(StorageError::Damaged(store)),
        }
    }

    /// Something of the browser's own that was put there.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn get_opaque(&self, store: &'static str, key: &str) -> Result<Option<JsValue>, StorageError> {
        Ok(get_once(&*self.connection().await?, store, key).await?)
    }

    /// One value.
    ///
    /// # Errors
    /// When the browser refuses, also the second time; when the value does not open.
    pub async fn get(&self, store: &'static str, key: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let value = self.retried(async |database| get_once(database, store, key).await).await?;
        value.map(|value| self.opened(store, key, bytes(value))).transpose()
    }

    /// Every key that begins with `prefix`, with its value, in the order of the keys.
    ///
    /// # Errors
    /// When the browser refuses, also the second time; when a value does not open: none is left out silently.
    pub async fn prefixed(&self, store: &'static str, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        let open = |(key, value): (String, Vec<u8>)| Ok((key.clone(), self.opened(store, &key, value)?));
        self.rows(store, prefix, true).await?.into_iter().map(open).collect()
    }

    /// Every key that begins with `prefix`.
    ///
    /// # Errors
    /// When the browser refuses, also the second time.
    pub async fn keys(&self, store: &'static str, prefix: &str) -> Result<Vec<String>, StorageError> {
        Ok(self.rows(store, prefix, false).await?.into_iter().map(|(key, _)| key).collect())
    }

    /// Rows as they are on the disk.
    async fn rows(
        &self,
        store: &'static str,
        prefix: &str,
        with_values: bool,
    ) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        self.retried(async |database| rows_once(database, store, prefix, with_values).await).await
    }
}

/// A transaction that writes in some stores.
fn writing<'d>(
    database: &'d Inner,
    stores: Vec<&'static str>,
    durability: Durability,
) -> Result<Transaction<'d>, InnerError> {
    let durability = match durability {
        Durability::Strict => TransactionDurability::Strict,
        Durability::Relaxed => TransactionDurability::Relaxed,
    };
    let options = TransactionOptions::new().with_durability(durability);
    database.transaction(stores).with_mode(TransactionMode::Readwrite).with_options(options).build()
}

/// `values`: those of the batch, as they go to the disk.
async fn write_once(
    database: &Inner,
    batch: &Batch,
    values: &[JsValue],
    durability: Durability,
) -> Result<(), InnerError> {
    let transaction = writing(database, batch.stores(), durability)?;
    // The end of the transaction itself, not of a commit asked for: only it still tells why it was aborted.
    let done = transaction.on_done()?;
    ask_for(&transaction, batch, values)?;
    ended(&transaction, done).await
}

/// Waits for the end of a transaction; the error is why it was aborted.
async fn ended(transaction: &Transaction<'_>, done: TransactionDone) -> Result<(), InnerError> {
    let end = done.await;
    if end.is_ok() {
        return Ok(());
    }
    // After an error the reason is there once the transaction has been aborted for it.
    super::clock::sleep(0).await;
    match transaction.error() {
        Some(reason) => Err(reason),
        None => end.into_result(),
    }
}

async fn get_once(database: &Inner, store: &str, key: &str) -> Result<Option<JsValue>, InnerError> {
    let transaction = database.transaction(store).build()?;
    let store = transaction.object_store(store)?;
    store.get(key).primitive()?.await
}

fn beginning_with(prefix: &str) -> KeyRange<String> {
    KeyRange::Bound(prefix.to_owned(), false, format!("{prefix}\u{ffff}"), false)
}

/// The keys that begin so; with their values when they are wanted.
async fn rows_once(
    database: &Inner,
    store: &str,
    prefix: &str,
    with_values: bool,
) -> Result<Vec<(String, Vec<u8>)>, InnerError> {
    let transaction = database.transaction(store).build()?;
    rows_in(&transaction, store, prefix, with_values).await
}

async fn rows_in(
    transaction: &Transaction<'_>,
    store: &str,
    prefix: &str,
    with_values: bool,
) -> Result<Vec<(String, Vec<u8>)>, InnerError> {
    let store = transaction.object_store(store)?;
    let keys = store.get_all_keys::<String>().with_query::<String, _>(beginning_with(prefix)).primitive()?;
    let values = if with_values {
        let values = store.get_all::<JsValue>().with_query::<String, _>(beginning_with(prefix)).primitive()?;
        values.await?.collect::<Result<Vec<_>, _>>()?
    } else {
        Vec::new()
    };
    let mut values = values.into_iter().map(bytes);
    keys.await?.map(|key| Ok((key?, values.next().unwrap_or_default()))).collect()
}

fn bytes(value: JsValue) -> Vec<u8> {
    value.dyn_into::<Uint8Array>().map(|array| array.to_vec()).unwrap_or_default()
}

impl From<InnerError> for StorageError {
    fn from(error: InnerError) -> Self {
        let text = error.to_string();
        let is_full = text.contains("QuotaExceeded")
            || matches!(&error, InnerError::DomException(exception) if exception.name() == "QuotaExceededError");
        if is_full { Self::Full } else { Self::Failed(text) }
    }
}

fn open_error(open: OpenDbError) -> StorageError {
    match open {
        OpenDbError::Base(base) => match base.into() {
            StorageError::Failed(text) => StorageError::Unavailable(text),
            other => other,
        },
        other => StorageError::Unavailable(other.to_string()),
    }
}
