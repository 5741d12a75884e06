//! Reading values that may be large: the browser opens them beside the page's own thread.

use futures_util::future::try_join_all;

use super::{Database, StorageError, place};

/// Bytes above which a value is large: opened on the page's thread, it would be felt.
const LARGE: usize = 16 * 1024;

impl Database {
    /// Every key that begins with `prefix`, with its value, which may be large.
    ///
    /// # Errors
    /// As for [`Self::prefixed`].
    pub async fn prefixed_large(
        &self,
        store: &'static str,
        prefix: &str,
    ) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        let rows = self.rows(store, prefix, true).await?;
        try_join_all(rows.into_iter().map(|(key, value)| self.opened_large(store, key, value))).await
    }

    async fn opened_large(
        &self,
        store: &'static str,
        key: String,
        value: Vec<u8>,
    ) -> Result<(String, Vec<u8>), StorageError> {
        let opened = match &self.seal {
            Some(seal) if value.len() > LARGE => {
                let opened = seal.open_aside(&place(store, &key), &value).await;
                opened.ok_or(StorageError::Damaged(store))?
            }
            _ => self.opened(store, &key, value)?,
        };
        Ok((key, opened))
    }
}
