//! A compaction that the disk ends at any step: nothing of it has happened, and it can be done again.
//!
//! Triggers of the database itself fail the step that is due: the first row that is put down or taken away, the second, and so
//! on until a compaction gets through.

use liaison_shared::documents::journal::transmissions;
use liaison_shared::documents::{Document, changes_of};
use sqlx::{AssertSqlSafe, Connection as _};

use super::*;

const OTHER: DocumentId = DocumentId::journal(DOSSIER, 2025);

/// What is counted, and fails when it is its turn.
const FAULTS: [(&str, &str); 3] = [("INSERT", "snapshots"), ("UPDATE", "snapshots"), ("DELETE", "bodies")];

/// Everything that a reader gets, and what the documents come to.
#[derive(Debug, PartialEq)]
struct Everything {
    read: Vec<LogChunk>,
    stored: Vec<LogChunk>,
    written: usize,
    changes: usize,
}

async fn everything(log: &StoredLog) -> Everything {
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
    assert_eq!(page.upto, log.head().await.unwrap());
    let mut all = Everything { read: page.chunks, stored: Vec::new(), written: 0, changes: 0 };
    for id in [JOURNAL, OTHER] {
        let stored = log.document(id).await.unwrap();
        let bytes = || stored.iter().map(|chunk| &chunk.bytes[..]);
        let (document, left_out) = Document::load(id, bytes());
        assert_eq!(left_out, 0);
        all.written += transmissions(&document).len();
        all.changes += changes_of(id, bytes()).len();
        all.stored.extend(stored);
    }
    all
}

/// Makes the database fail at the n-th row of this kind; a transaction that is taken back counts from its beginning again.
async fn fail_at(place: &Place, (act, table): (&str, &str), step: usize) {
    let sqlite = format!(
        "DROP TRIGGER IF EXISTS fault; CREATE TABLE IF NOT EXISTS steps (n INTEGER); DELETE FROM steps; \
         CREATE TRIGGER fault BEFORE {act} ON {table} BEGIN INSERT INTO steps VALUES (1); \
         SELECT RAISE(ABORT, 'the disk is full') WHERE (SELECT COUNT(*) FROM steps) = {step}; END"
    );
    let postgres = format!(
        "DROP TRIGGER IF EXISTS fault ON snapshots; DROP TRIGGER IF EXISTS fault ON bodies; \
         CREATE TABLE IF NOT EXISTS steps (n INTEGER); DELETE FROM steps; \
         CREATE OR REPLACE FUNCTION fault() RETURNS trigger AS $$ BEGIN INSERT INTO steps VALUES (1); \
         IF (SELECT COUNT(*) FROM steps) = {step} THEN RAISE EXCEPTION 'the disk is full'; END IF; \
         RETURN COALESCE(NEW, OLD); END $$ LANGUAGE plpgsql; \
         CREATE TRIGGER fault BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION fault()"
    );
    match place {
        Place::File(folder) => {
            let path = folder.path().join("log.db");
            let mut connection = sqlx::SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sqlite)).execute(&mut connection).await.unwrap();
        }
        Place::Postgres(database) => {
            let mut connection = sqlx::PgConnection::connect(database.url()).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(postgres)).execute(&mut connection).await.unwrap();
        }
    }
}

pub async fn a_compaction_that_is_interrupted_at_any_step_has_not_happened(place: Place) {
    let log = place.log().await;
    let (one, other) = (written_in(JOURNAL, 1, 30), written_in(OTHER, 2, 30));
    let (mut interrupted, mut rest) = (0, one.chunks(8).zip(other.chunks(8)));
    for fault in FAULTS {
        // The second and the third time, a snapshot stands there already.
        let (more, others) = rest.next().unwrap();
        append_one(&log, 1, more.to_vec()).await;
        append_one(&log, 2, others.to_vec()).await;
        let before = everything(&log).await;
        for step in 1.. {
            fail_at(&place, fault, step).await;
            let Err(error) = log.compact(vec![JOURNAL, OTHER]).await else { break };
            assert!(error.to_string().contains("the disk is full"), "{error}");
            interrupted += 1;
            assert_eq!(everything(&log).await, before, "{fault:?}, step {step}");
            // Another relay, or this one started again.
            assert_eq!(everything(&place.log().await).await, before, "{fault:?}, step {step}");
        }
        let after = everything(&log).await;
        assert_eq!((after.stored.len(), after.written, after.changes), (2, before.written, before.changes));
    }
    assert!(interrupted > 15, "{interrupted}");
}
