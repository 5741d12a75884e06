//! What is written together, and how a transaction is asked for it.

use indexed_db_futures::error::Error as InnerError;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use wasm_bindgen::JsValue;

use super::beginning_with;

/// What is put at a key.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Bytes(Vec<u8>),
    /// Something of the browser's own, which it stores as it is.
    Opaque(JsValue),
}

/// Several writes that happen together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub(super) puts: Vec<(&'static str, String, Value)>,
    deletes: Vec<(&'static str, Deleted)>,
}

/// What is removed of a store.
#[derive(Debug, Clone)]
enum Deleted {
    Key(String),
    BeginningWith(String),
}

impl Batch {
    /// Writes a value.
    pub fn put(&mut self, store: &'static str, key: impl Into<String>, value: Vec<u8>) {
        self.puts.push((store, key.into(), Value::Bytes(value)));
    }

    /// Writes something of the browser's own; never sealed.
    pub fn put_opaque(&mut self, store: &'static str, key: impl Into<String>, value: JsValue) {
        self.puts.push((store, key.into(), Value::Opaque(value)));
    }

    /// Removes a key, if it is there; before anything is written, so that a value of the same batch stays.
    pub fn delete(&mut self, store: &'static str, key: impl Into<String>) {
        self.deletes.push((store, Deleted::Key(key.into())));
    }

    /// Removes every key that begins with `prefix`: also those that come until the transaction begins.
    pub fn delete_all(&mut self, store: &'static str, prefix: impl Into<String>) {
        self.deletes.push((store, Deleted::BeginningWith(prefix.into())));
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.deletes.is_empty()
    }

    pub(super) fn stores(&self) -> Vec<&'static str> {
        let puts = self.puts.iter().map(|(store, ..)| *store);
        let mut stores: Vec<&'static str> = Vec::new();
        for store in puts.chain(self.deletes.iter().map(|(store, _)| *store)) {
            if !stores.contains(&store) {
                stores.push(store);
            }
        }
        stores
    }
}

/// Asks the transaction for everything in the batch: what is put stays, though the same key is to be removed.
pub(super) fn ask_for(transaction: &Transaction<'_>, batch: &Batch, values: &[JsValue]) -> Result<(), InnerError> {
    for (store, deleted) in &batch.deletes {
        let store = transaction.object_store(store)?;
        match deleted {
            Deleted::Key(key) => store.delete(key.as_str()).primitive()?,
            Deleted::BeginningWith(prefix) => store.delete::<String, _>(beginning_with(prefix)).primitive()?,
        };
    }
    for ((store, key, _), value) in batch.puts.iter().zip(values) {
        transaction.object_store(store)?.put(value.clone()).with_key(key.as_str()).without_key_type().primitive()?;
    }
    Ok(())
}
