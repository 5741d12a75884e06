//! What a compaction may do to a log: take up less space, and nothing else.

use liaison_shared::documents::journal::{add_transmission, transmissions};
use liaison_shared::documents::{Document, Pen, changes_of, genesis};
use liaison_shared::sync::LogChunk;
use liaison_shared::{ChangeHash, EntryId};

use super::*;

pub const JOURNAL: DocumentId = DocumentId::journal(DOSSIER, 2026);

/// The beginning of a journal and so many transmissions, by the device of this number.
fn written(from: u8, count: u8) -> Vec<Candidate> {
    written_in(JOURNAL, from, count)
}

/// The same of any journal.
pub fn written_in(journal: DocumentId, from: u8, count: u8) -> Vec<Candidate> {
    let mut document = Document::new(journal);
    let pen = Pen { user: UserId([from; 16]), actor: [from; 16] };
    let begun = genesis(journal).into_iter();
    let entries: Vec<_> = (0..count)
        .map(|number| {
            let entry = EntryId([from.wrapping_mul(50).wrapping_add(number); 16]);
            add_transmission(&mut document, &pen, Timestamp(0), entry, &format!("visite {number}")).unwrap().unwrap()
        })
        .collect();
    let candidate = |change: liaison_shared::documents::NewChange| {
        let (header, bytes) = ChangeHeader::read(&change.bytes).unwrap();
        Candidate { index: 0, document: journal, header, bytes, right: Right::Write }
    };
    begun.chain(entries).map(candidate).collect()
}

async fn read(log: &impl ChangeLog, after: u64, most: usize) -> (Vec<LogChunk>, Seq) {
    let page = log.read(Seq(after), most, &View::agency(Role::Gestionnaire)).await.unwrap();
    (page.chunks, page.upto)
}

fn told(chunks: &[LogChunk]) -> usize {
    let (document, left_out) = Document::load(JOURNAL, chunks.iter().map(|chunk| &chunk.bytes[..]));
    assert_eq!(left_out, 0);
    transmissions(&document).len()
}

fn hashes(chunks: &[LogChunk]) -> Vec<ChangeHash> {
    let changes = changes_of(JOURNAL, chunks.iter().map(|chunk| &chunk.bytes[..]));
    changes.into_iter().map(|change| change.hash).collect()
}

pub async fn a_snapshot_reads_as_what_it_took_the_place_of(log: impl ChangeLog) {
    let all = written(1, 30);
    append_one(&log, 1, all.clone()).await;
    let before = log.document(JOURNAL).await.unwrap();
    let done = log.compact(vec![JOURNAL, DocumentId::client(DOSSIER)]).await.unwrap();
    assert_eq!(done.documents, 1);
    assert!(done.after * 2 < done.before, "{done:?}");
    let after = log.document(JOURNAL).await.unwrap();
    let head = all.len() as u64;
    assert_eq!(after.iter().map(|chunk| chunk.seq).collect::<Vec<_>>(), [Seq(head)]);
    assert!(after[0].is_snapshot());
    assert_eq!(hashes(&after), hashes(&before));
    assert_eq!((told(&after), log.head().await.unwrap()), (30, Seq(head)));
    // There is nothing more to gain.
    assert_eq!(log.compact(vec![JOURNAL]).await.unwrap().documents, 0);
}

pub async fn what_is_in_a_snapshot_is_still_known(log: impl ChangeLog) {
    let all = written(1, 10);
    append_one(&log, 1, all[..8].to_vec()).await;
    log.compact(vec![JOURNAL]).await.unwrap();
    assert_eq!(append_one(&log, 1, all[..8].to_vec()).await, Appended { seq: Seq(8), ..Appended::default() });
    assert_eq!(seqs(&append_one(&log, 1, all[8..].to_vec()).await), (9..=all.len() as u64).collect::<Vec<_>>());
    let mut again = all[5].clone();
    again.header.hash = hash(99);
    assert_eq!(refused(&log, 1, again).await, ChangeRefusal::DuplicateActorSeq);
}

pub async fn each_reader_gets_what_is_new_once_wherever_it_stands(log: impl ChangeLog) {
    let all = written(1, 20);
    let head = all.len() as u64;
    append_one(&log, 1, all.clone()).await;
    append_one(&log, 1, vec![genesis_of_client()]).await;
    let (mut stands, _) = read(&log, 0, 500).await;
    let at = stands.last().unwrap().seq.0;
    log.compact(vec![JOURNAL]).await.unwrap();
    // In the middle of what is covered, at its beginning, behind it.
    let (rest, upto) = read(&log, at, usize::MAX).await;
    assert_eq!(
        rest.iter().map(|chunk| (chunk.seq.0, chunk.is_snapshot())).collect::<Vec<_>>(),
        [(head, true), (head + 1, false)]
    );
    assert_eq!(upto, Seq(head + 1));
    stands.extend(rest.into_iter().filter(|chunk| chunk.document == JOURNAL));
    assert_eq!((told(&stands), hashes(&stands).len()), (20, all.len()));
    assert_eq!(told(&read(&log, 0, usize::MAX).await.0[..1]), 20);
    assert_eq!(read(&log, head, usize::MAX).await.0.len(), 1);
    // A short reading stops between the two.
    let (chunks, upto) = read(&log, 0, 1).await;
    assert_eq!((chunks.len(), upto), (1, Seq(head)));
}

pub async fn a_later_snapshot_takes_the_place_of_an_earlier_one(log: impl ChangeLog) {
    let all = written(1, 20);
    append_one(&log, 1, all[..10].to_vec()).await;
    log.compact(vec![JOURNAL]).await.unwrap();
    append_one(&log, 1, all[10..].to_vec()).await;
    assert_eq!(told(&log.document(JOURNAL).await.unwrap()), 20);
    log.compact(vec![JOURNAL]).await.unwrap();
    let chunks = log.document(JOURNAL).await.unwrap();
    assert_eq!((chunks.len(), chunks[0].seq, told(&chunks)), (1, Seq(all.len() as u64), 20));
    assert_eq!(read(&log, 0, usize::MAX).await.0, chunks);
}

pub async fn what_automerge_does_not_take_stays_as_it_is(log: impl ChangeLog) {
    // The log looks at headers only: the content of these is no content.
    let document = DocumentId::client(DOSSIER);
    let appended = append_one(&log, 1, chain(document, 10, 3)).await;
    let before: Vec<LogChunk> = appended.entries.iter().map(LogChunk::from).collect();
    log.compact(vec![document]).await.unwrap();
    let after = log.document(document).await.unwrap();
    assert_eq!((after[0].seq, after[0].is_snapshot()), (Seq(1), true));
    assert_eq!(after[1..], before[1..]);
    assert_eq!(read(&log, 0, usize::MAX).await.0, after);
}

fn genesis_of_client() -> Candidate {
    super::genesis(DocumentId::client(DOSSIER))
}

pub fn chunks(appended: &Appended) -> Vec<LogChunk> {
    appended.entries.iter().map(LogChunk::from).collect()
}

/// Tells made-up changes apart.
pub fn name(chunk: &LogChunk) -> ChangeHash {
    ChangeHeader::read(&chunk.bytes)
        .map_or_else(|_| hash(u32::from_be_bytes(chunk.bytes[12..16].try_into().unwrap())), |(header, _)| header.hash)
}
