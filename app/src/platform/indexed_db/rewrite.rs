//! Reading and replacing in one transaction: nobody writes in between, in this tab or another. Never waits for anything but
//! the database while the transaction is open.

use super::batch::ask_for;
use super::{Batch, Database, Durability, Inner, InnerError, StorageError, ended, rows_in, writing};
use wasm_bindgen::JsValue;

impl Database {
    /// Does what `change` makes of the rows of a store whose keys begin with `prefix`: all of it, or nothing. What it writes
    /// is in the same store, and can be made again from the same rows.
    ///
    /// # Errors
    /// When the browser refuses, also the second time; when a value does not open.
    pub async fn rewrite(
        &self,
        store: &'static str,
        prefix: &str,
        change: impl Fn(Vec<(String, Vec<u8>)>) -> Batch,
    ) -> Result<(), StorageError> {
        self.retried(async |database| self.rewrite_once(database, store, prefix, &change).await).await
    }

    /// Does everything in the batch, as long as `there` finds what it wants among the keys of some stores that begin so: all of
    /// it, or nothing. False: it does not. `there` is given the keys of each, in the order of `looked_at`.
    ///
    /// # Errors
    /// When the browser refuses, also the second time.
    pub async fn write_while(
        &self,
        batch: &Batch,
        looked_at: &[(&'static str, &str)],
        there: impl Fn(&[Vec<String>]) -> bool,
        durability: Durability,
    ) -> Result<bool, StorageError> {
        let values = self.sealed(batch)?;
        let once = async |database: &Inner| while_once(database, (batch, &values), looked_at, &there, durability).await;
        self.retried(once).await
    }

    async fn rewrite_once(
        &self,
        database: &Inner,
        store: &'static str,
        prefix: &str,
        change: &impl Fn(Vec<(String, Vec<u8>)>) -> Batch,
    ) -> Result<(), StorageError> {
        let transaction = writing(database, vec![store], Durability::Relaxed)?;
        let done = transaction.on_done()?;
        let open = |(key, value): (String, Vec<u8>)| Ok((key.clone(), self.opened(store, &key, value)?));
        let rows: Result<Vec<_>, StorageError> =
            rows_in(&transaction, store, prefix, true).await?.into_iter().map(open).collect();
        let batch = change(rows?);
        let values = self.sealed(&batch)?;
        ask_for(&transaction, &batch, &values)?;
        Ok(ended(&transaction, done).await?)
    }
}

async fn while_once(
    database: &Inner,
    (batch, values): (&Batch, &[JsValue]),
    looked_at: &[(&'static str, &str)],
    there: &dyn Fn(&[Vec<String>]) -> bool,
    durability: Durability,
) -> Result<bool, InnerError> {
    let mut stores = batch.stores();
    for (store, _) in looked_at {
        if !stores.contains(store) {
            stores.push(store);
        }
    }
    let transaction = writing(database, stores, durability)?;
    let done = transaction.on_done()?;
    let mut keys = Vec::with_capacity(looked_at.len());
    for (store, prefix) in looked_at {
        let rows = rows_in(&transaction, store, prefix, false).await?;
        keys.push(rows.into_iter().map(|(key, _)| key).collect());
    }
    let may = there(&keys);
    if may {
        ask_for(&transaction, batch, values)?;
    }
    ended(&transaction, done).await?;
    Ok(may)
}
