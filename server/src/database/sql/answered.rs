//! How long a database server may take to answer.
//!
//! One whose machine lost power, or whose address moved, never says anything again: nothing is left to be acknowledged, so
//! that TCP does not notice either. SQLite is in this process, and takes as long as it takes.

use std::io;
use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};
use tokio::time::timeout;

/// Longest wait for an answer: longer than the server lets anybody wait for a turn.
const LONGEST: Duration = Duration::from_secs(60);

/// An answer of a database server.
///
/// # Errors
/// Its own, or when it does not come.
pub async fn answered<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    within(LONGEST, answer).await
}

async fn within<T>(limit: Duration, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    timeout(limit, answer).await.unwrap_or_else(|_silence| Err(silent()))
}

/// The rows of an answer, as they come; after one that does not come there are no more.
pub(super) fn each_answered<'c, T: Send + 'c>(
    rows: impl Stream<Item = Result<T, sqlx::Error>> + Send + 'c,
) -> BoxStream<'c, Result<T, sqlx::Error>> {
    each_within(LONGEST, rows)
}

fn each_within<'c, T: Send + 'c>(
    limit: Duration,
    rows: impl Stream<Item = Result<T, sqlx::Error>> + Send + 'c,
) -> BoxStream<'c, Result<T, sqlx::Error>> {
    let next = move |rows: Option<BoxStream<'c, Result<T, sqlx::Error>>>| async move {
        let mut rows = rows?;
        match timeout(limit, rows.next()).await {
            Ok(row) => Some((row?, Some(rows))),
            Err(_silence) => Some((Err(silent()), None)),
        }
    };
    stream::unfold(Some(rows.boxed()), next).boxed()
}

/// What is said of a server that says nothing.
pub(in crate::database) fn silent() -> sqlx::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the database server does not answer").into()
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const SOON: Duration = Duration::from_millis(10);

    #[tokio::test]
    async fn silence_is_an_error_in_the_end() {
        let error = within(SOON, pending::<Result<(), _>>()).await.unwrap_err();
        assert!(matches!(error, sqlx::Error::Io(_)), "{error}");
    }

    #[tokio::test]
    async fn rows_end_with_silence() {
        let rows = stream::iter([Ok(1), Ok(2)]).chain(stream::pending());
        let read: Vec<Result<i32, _>> = each_within(SOON, rows).collect().await;
        assert!(matches!(read[..], [Ok(1), Ok(2), Err(sqlx::Error::Io(_))]), "{read:?}");
    }
}
