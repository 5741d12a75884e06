//! One suite, every store of the log: what [`ChangeLog`] promises.
mod compaction;
mod interrupted;
mod views;

use std::sync::Arc;

use liaison_server::config::StoreOptions;
use liaison_server::log::{Appended, ChangeLog, MemoryLog, Push, StoredLog, View};
use liaison_server::server::open;
use liaison_shared::access::Role;
use liaison_shared::documents::ChangeHeader;
use liaison_shared::protocol::{ChangeRefusal, RefusedChange};
use liaison_shared::sync::{Candidate, Identity, LogChunk, Right};
use liaison_shared::{ActorId, ChangeHash, DeviceId, DocumentId, DossierId, Epoch, Seq, Timestamp, UserId};
use liaison_tests::postgres::Database;
use tempfile::TempDir;

const DOSSIER: DossierId = DossierId([5; 16]);

fn identity(number: u8) -> Identity {
    Identity { user: UserId([number; 16]), device: DeviceId([number; 16]), role: Role::Gestionnaire }
}

fn hash(number: u32) -> ChangeHash {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ChangeHash(bytes)
}

fn actor(number: u8) -> ActorId {
    ActorId(vec![number; 16])
}

fn genesis(document: DocumentId) -> Candidate {
    let bytes = liaison_tests::writing::first_step(document).bytes;
    let (header, bytes) = ChangeHeader::read(&bytes).unwrap();
    Candidate { index: 0, document, header, bytes, right: Right::Write }
}

/// A made-up change by actor 1 whose operations follow those of `deps`.
fn change(document: DocumentId, number: u32, deps: &[ChangeHash], actor_seq: u64, op: u64) -> Candidate {
    let header = ChangeHeader {
        hash: hash(number),
        deps: deps.to_vec(),
        actor: actor(1),
        actor_seq,
        ops: (op, op),
        author: None,
    };
    Candidate {
        index: 0,
        document,
        header,
        bytes: [&[1; 12][..], &number.to_be_bytes().repeat(22)].concat(),
        right: Right::Write,
    }
}

fn push(from: u8, candidates: Vec<Candidate>) -> Push {
    let numbered = candidates.into_iter().zip(0..).map(|(candidate, index)| Candidate { index, ..candidate });
    Push { identity: identity(from), candidates: numbered.collect(), received: Timestamp(1234) }
}

async fn append_one(log: &impl ChangeLog, from: u8, candidates: Vec<Candidate>) -> Appended {
    let mut answers = log.append(vec![push(from, candidates)]).await.unwrap();
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

fn seqs(appended: &Appended) -> Vec<u64> {
    appended.entries.iter().map(|entry| entry.seq.0).collect()
}

/// A chain of `length` changes after the genesis of a document.
fn chain(document: DocumentId, first: u32, length: u32) -> Vec<Candidate> {
    let genesis = genesis(document);
    let (mut last, start) = (genesis.header.hash, genesis.header.ops.1);
    let mut candidates = vec![genesis];
    for step in 0..length {
        candidates.push(change(document, first + step, &[last], u64::from(step) + 1, start + 1 + u64::from(step)));
        last = hash(first + step);
    }
    candidates
}

async fn an_empty_log_has_nothing(log: impl ChangeLog) {
    assert_eq!(log.head().await.unwrap(), Seq(0));
    let page = log.read(Seq(0), 1000, &View::agency(Role::Gestionnaire)).await.unwrap();
    assert_eq!((page.chunks.len(), page.upto, page.settled), (0, Seq(0), true));
    assert!(log.document(DocumentId::Annuaire).await.unwrap().is_empty());
}

async fn positions_are_gapless_and_in_the_order_of_the_pushes(log: impl ChangeLog) {
    let (a, b) = (DocumentId::client(DOSSIER), DocumentId::relation(DOSSIER));
    let answers = log.append(vec![push(1, chain(a, 10, 2)), push(1, chain(b, 20, 1))]).await.unwrap();
    assert_eq!(seqs(&answers[0]), [1, 2, 3]);
    assert_eq!(seqs(&answers[1]), [4, 5]);
    assert_eq!((answers[0].seq, answers[1].seq), (Seq(3), Seq(5)));
    let next = append_one(&log, 1, chain(DocumentId::journal(DOSSIER, 2026), 30, 1)).await;
    assert_eq!(seqs(&next), [6, 7]);
    assert_eq!(log.head().await.unwrap(), Seq(7));
}

async fn what_is_read_is_what_was_taken(log: impl ChangeLog) {
    let document = DocumentId::client(DOSSIER);
    let appended = append_one(&log, 1, chain(document, 10, 3)).await;
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
    assert_eq!(page.chunks, chunks(&appended));
    assert_eq!(page.upto, Seq(4));
    let last = &appended.entries[3];
    assert_eq!((last.document, last.hash, last.received), (document, hash(12), Timestamp(1234)));
    assert_eq!((last.user, last.device), (UserId([1; 16]), DeviceId([1; 16])));
    assert_eq!(log.document(document).await.unwrap(), chunks(&appended));
    assert!(log.document(DocumentId::Annuaire).await.unwrap().is_empty());
}

/// PUSH-1
async fn push_1_what_is_known_is_acknowledged_where_it_stands(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 3);
    append_one(&log, 1, all[..2].to_vec()).await;
    let again = append_one(&log, 1, all[..2].to_vec()).await;
    assert_eq!(again, Appended { seq: Seq(2), ..Appended::default() });
    // Twice within one batch too, even from another device.
    let answers = log.append(vec![push(1, all.clone()), push(2, all.clone())]).await.unwrap();
    assert_eq!(seqs(&answers[0]), [3, 4]);
    assert_eq!(answers[1], Appended { seq: Seq(4), ..Appended::default() });
    assert_eq!(log.head().await.unwrap(), Seq(4));
}

async fn a_batch_may_depend_on_itself(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 600);
    let pushes = all.chunks(50).map(|part| push(1, part.to_vec())).collect();
    let answers = log.append(pushes).await.unwrap();
    assert!(answers.iter().all(|answer| answer.refused.is_empty()));
    assert_eq!(log.head().await.unwrap(), Seq(601));
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
    let order: Vec<ChangeHash> = all.iter().map(|candidate| candidate.header.hash).collect();
    assert_eq!(page.chunks.iter().map(name).collect::<Vec<_>>(), order);
}

async fn refused(log: &impl ChangeLog, from: u8, candidate: Candidate) -> ChangeRefusal {
    let before = log.head().await.unwrap();
    let appended = append_one(log, from, vec![candidate]).await;
    assert_eq!((appended.seq, appended.entries.len()), (Seq(0), 0));
    assert_eq!(log.head().await.unwrap(), before);
    appended.refused[0].reason
}

async fn push_7_an_actor_belongs_to_the_device_that_used_it_first(log: impl ChangeLog) {
    append_one(&log, 1, chain(DocumentId::client(DOSSIER), 10, 1)).await;
    // In another document as well: an actor is bound to a device, not to a document.
    let other = DocumentId::relation(DOSSIER);
    append_one(&log, 2, vec![genesis(other)]).await;
    let start = genesis(other).header;
    let foreign = change(other, 30, &[start.hash], 1, start.ops.1 + 1);
    assert_eq!(refused(&log, 2, foreign.clone()).await, ChangeRefusal::ForeignActor);
    assert_eq!(append_one(&log, 1, vec![foreign]).await.entries.len(), 1);
}

async fn push_6_a_right_that_was_lost_does_not_undo_what_was_accepted(log: impl ChangeLog) {
    let (first, second) = (chain(DocumentId::Annuaire, 1, 2).remove(0), chain(DocumentId::Annuaire, 1, 2).remove(1));
    append_one(&log, 1, vec![first.clone()]).await;
    let again = append_one(&log, 1, vec![Candidate { right: Right::Lost, ..first }]).await;
    assert!(again.refused.is_empty() && again.seq > Seq(0), "{again:?}");
    let new = append_one(&log, 1, vec![Candidate { right: Right::Nothing, ..second }]).await;
    assert_eq!(new.refused.iter().map(|it| it.reason).collect::<Vec<_>>(), [ChangeRefusal::Forbidden]);
}

async fn push_9_dependencies_come_first(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 2);
    assert_eq!(refused(&log, 1, all[1].clone()).await, ChangeRefusal::MissingDependency);
    append_one(&log, 1, all[..1].to_vec()).await;
    assert_eq!(refused(&log, 1, all[2].clone()).await, ChangeRefusal::MissingDependency);
    // A dependency in another document does not count.
    let elsewhere = change(DocumentId::relation(DOSSIER), 30, &[all[0].header.hash], 1, 50);
    assert_eq!(refused(&log, 1, elsewhere).await, ChangeRefusal::MissingDependency);
    assert_eq!(append_one(&log, 1, all[1..].to_vec()).await.entries.len(), 2);
}

async fn push_10_an_actor_counts_its_changes_once(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 2);
    let [_, first, second] = &all[..] else { panic!("three changes") };
    append_one(&log, 1, all.clone()).await;
    let twin = change(first.document, 99, &first.header.deps, 1, first.header.ops.0);
    assert_eq!(refused(&log, 1, twin).await, ChangeRefusal::DuplicateActorSeq);
    let skipping = change(first.document, 98, &[second.header.hash], 4, second.header.ops.1 + 1);
    assert_eq!(refused(&log, 1, skipping).await, ChangeRefusal::MissingDependency);
}

async fn push_12_operations_follow_those_they_depend_on(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 1);
    append_one(&log, 1, all.clone()).await;
    let stale = change(all[1].document, 99, &[all[1].header.hash], 2, all[1].header.ops.1);
    assert_eq!(refused(&log, 1, stale).await, ChangeRefusal::Inconsistent);
    let orphan = change(all[1].document, 98, &[], 2, all[1].header.ops.1 + 1);
    assert_eq!(refused(&log, 1, orphan).await, ChangeRefusal::Inconsistent);
}

async fn a_refused_change_leaves_the_others_alone(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 2);
    let lost = change(all[0].document, 99, &[hash(77)], 1, 40);
    let appended = append_one(&log, 1, vec![all[0].clone(), lost, all[1].clone(), all[2].clone()]).await;
    assert_eq!(appended.refused, [RefusedChange { index: 1, reason: ChangeRefusal::MissingDependency }]);
    assert_eq!(seqs(&appended), [1, 2, 3]);
}

fn with(right: Right, candidates: &[Candidate]) -> Vec<Candidate> {
    candidates.iter().map(|candidate| Candidate { right, ..candidate.clone() }).collect()
}

/// Left to the office: places in the push; nothing else has happened.
async fn assert_left(log: &impl ChangeLog, candidates: Vec<Candidate>, review: &[u32]) {
    let before = log.head().await.unwrap();
    let appended = append_one(log, 1, candidates).await;
    assert_eq!(appended, Appended { review: review.to_vec(), ..Appended::default() });
    assert_eq!(log.head().await.unwrap(), before);
}

async fn late_1_what_arrives_late_is_kept_beside_the_log_and_known_once_it_is_in_it(log: impl ChangeLog) {
    let document = DocumentId::journal(DOSSIER, 2026);
    let all = chain(document, 10, 2);
    // Whatever it stands on, and as often as it comes.
    for _ in 0..2 {
        assert_left(&log, with(Right::Lost, &all[2..]), &[0]).await;
        assert_left(&log, with(Right::Lost, &all), &[0, 1, 2]).await;
    }
    assert!(log.document(document).await.unwrap().is_empty());
    // The office takes it in, as its author's.
    let taken = append_one(&log, 1, with(Right::Write, &all)).await;
    assert_eq!((seqs(&taken), taken.review, taken.refused), (vec![1, 2, 3], vec![], vec![]));
    let again = append_one(&log, 1, with(Right::Lost, &all)).await;
    assert_eq!(again, Appended { seq: Seq(3), ..Appended::default() });
}

async fn late_1_what_stands_on_something_late_waits_with_it(log: impl ChangeLog) {
    let document = DocumentId::journal(DOSSIER, 2026);
    let all = chain(document, 10, 3);
    append_one(&log, 1, with(Right::Write, &all[..1])).await;
    assert_left(&log, with(Right::Lost, &all[1..2]), &[0]).await;
    assert_left(&log, with(Right::Write, &all[2..3]), &[0]).await;
    // Within one push, and in another document, where it is unknown.
    assert_left(&log, with(Right::Write, &all[3..]), &[0]).await;
    let elsewhere = change(DocumentId::client(DOSSIER), 30, &[all[1].header.hash], 1, 90);
    assert_eq!(refused(&log, 1, elsewhere).await, ChangeRefusal::MissingDependency);
    assert_eq!(seqs(&append_one(&log, 1, with(Right::Write, &all)).await), [2, 3, 4]);
}

async fn late_1_what_is_owed_at_a_withdrawal_is_taken_where_it_fits(log: impl ChangeLog) {
    let all = chain(DocumentId::journal(DOSSIER, 2026), 10, 3);
    let taken = append_one(&log, 1, with(Right::Leaving, &all[..2])).await;
    assert_eq!((seqs(&taken), taken.review), (vec![1, 2], vec![]));
    // What it stands on has not come: refused to who may write, kept for who may not any more.
    assert_eq!(refused(&log, 1, all[3].clone()).await, ChangeRefusal::MissingDependency);
    assert_left(&log, with(Right::Leaving, &all[3..]), &[0]).await;
}

async fn late_1_nobody_is_late_in_somebody_else_s_name(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 2);
    append_one(&log, 1, all[..2].to_vec()).await;
    for right in [Right::Lost, Right::Leaving, Right::Begin] {
        let foreign = with(right, &all[2..]).remove(0);
        assert_eq!(refused(&log, 2, foreign).await, ChangeRefusal::ForeignActor, "{right:?}");
    }
}

async fn push_6_who_may_only_begin_goes_on_where_they_began(log: impl ChangeLog) {
    let (client, relation) = (chain(DocumentId::client(DOSSIER), 10, 2), vec![genesis(DocumentId::relation(DOSSIER))]);
    assert_eq!(seqs(&append_one(&log, 1, with(Right::Begin, &client[..2])).await), [1, 2]);
    assert_eq!(seqs(&append_one(&log, 1, with(Right::Begin, &client[2..])).await), [3]);
    assert_eq!(seqs(&append_one(&log, 1, with(Right::Begin, &relation)).await), [4]);
    // Another device, in any document of the dossier; what the log holds is known to everybody.
    let journal = with(Right::Begin, &[genesis(DocumentId::journal(DOSSIER, 2026))]);
    assert_eq!(refused(&log, 2, journal[0].clone()).await, ChangeRefusal::Forbidden);
    assert_eq!(append_one(&log, 2, with(Right::Begin, &relation)).await.seq, Seq(4));
    // Two at once: whose push came first.
    let other = |kind: fn(DossierId) -> DocumentId| with(Right::Begin, &[genesis(kind(DossierId([8; 16])))]);
    let pushes = vec![push(2, other(DocumentId::client)), push(1, other(DocumentId::relation))];
    let answers = log.append(pushes).await.unwrap();
    assert_eq!(seqs(&answers[0]), [5]);
    assert_eq!(answers[1].refused, [RefusedChange { index: 0, reason: ChangeRefusal::Forbidden }]);
}

/// A store that stays when it is closed.
enum Place {
    File(TempDir),
    Postgres(Database),
}

impl Place {
    fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    async fn postgres() -> Self {
        Self::Postgres(Database::create().await)
    }

    async fn log(&self) -> StoredLog {
        let store = match self {
            Self::File(folder) => StoreOptions::sqlite(folder.path().join("log.db")),
            Self::Postgres(database) => database.store(),
        };
        StoredLog::new(open(&store).await.unwrap())
    }
}

macro_rules! suite {
    (any: $($test:ident),* ; that_stays: $($again:ident),* $(,)?) => {
        mod memory {
            use super::*;
            $(#[tokio::test] async fn $test() { super::$test(MemoryLog::new(Epoch([1; 16]))).await; })*
        }
        mod sqlite_file {
            use super::*;
            $(#[tokio::test] async fn $test() {
                let place = Place::file();
                super::$test(place.log().await).await;
            })*
            $(#[tokio::test] async fn $again() { super::$again(Place::file()).await; })*
        }
        mod postgres {
            use super::*;
            $(#[tokio::test] async fn $test() {
                let place = Place::postgres().await;
                super::$test(place.log().await).await;
            })*
            $(#[tokio::test] async fn $again() { super::$again(Place::postgres().await).await; })*
        }
    };
}

async fn a_store_opened_again_is_the_same_log_with_the_same_facts(place: Place) {
    let all = chain(DocumentId::client(DOSSIER), 10, 2);
    let first = place.log().await;
    let appended = append_one(&first, 1, all[..2].to_vec()).await;
    // Not closed: what was answered is durable already.
    let second = place.log().await;
    assert_eq!(second.epoch(), first.epoch());
    assert_eq!(second.document(DocumentId::client(DOSSIER)).await.unwrap(), chunks(&appended));
    let foreign = Candidate { header: ChangeHeader { actor: actor(1), ..all[2].header.clone() }, ..all[2].clone() };
    assert_eq!(refused(&second, 2, foreign).await, ChangeRefusal::ForeignActor);
    assert_eq!(seqs(&append_one(&second, 1, all).await), [3]);
}

async fn a_store_opened_again_knows_what_is_late_and_who_began_what(place: Place) {
    let all = chain(DocumentId::journal(DOSSIER, 2026), 10, 2);
    let first = place.log().await;
    append_one(&first, 1, with(Right::Write, &all[..1])).await;
    assert_left(&first, with(Right::Lost, &all[1..2]), &[0]).await;
    let second = place.log().await;
    assert_left(&second, with(Right::Write, &all[2..]), &[0]).await;
    let other = with(Right::Begin, &[genesis(DocumentId::client(DOSSIER))]).remove(0);
    assert_eq!(refused(&second, 2, other.clone()).await, ChangeRefusal::Forbidden);
    assert_eq!(seqs(&append_one(&second, 1, vec![other]).await), [2]);
}

async fn two_stores_are_two_epochs(place: Place) {
    let other = match place {
        Place::File(_) => Place::file(),
        Place::Postgres(_) => Place::postgres().await,
    };
    assert_ne!(place.log().await.epoch(), other.log().await.epoch());
}

/// Two relays on one store, or a command beside a relay.
async fn two_that_append_at_once_give_every_position_once(place: Place) {
    let (one, other) = (place.log().await, place.log().await);
    let write = |log: StoredLog, number: u8| async move {
        let document = DocumentId::client(DossierId([number; 16]));
        let mut taken = Vec::new();
        for mut candidate in chain(document, u32::from(number) * 1000, 30) {
            if candidate.header.actor == actor(1) {
                candidate.header.actor = actor(number);
            }
            taken.extend(append_one(&log, number, vec![candidate]).await.entries);
            // What was answered is there for everybody, and nothing before it is missing.
            let head = log.head().await.unwrap();
            let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
            let read: Vec<u64> = page.chunks.iter().map(|chunk| chunk.seq.0).collect();
            assert_eq!(read, (1..=page.upto.0).collect::<Vec<_>>());
            assert!(page.upto >= head && head >= taken.last().unwrap().seq);
        }
        taken
    };
    let (first, second) = tokio::join!(tokio::spawn(write(one.clone(), 7)), tokio::spawn(write(other, 8)));
    let (first, second) = (first.unwrap(), second.unwrap());
    let mut all: Vec<u64> = first.iter().chain(&second).map(|entry| entry.seq.0).collect();
    all.sort_unstable();
    assert_eq!(all, (1..=62).collect::<Vec<_>>());
    assert_eq!(
        one.document(DocumentId::client(DossierId([8; 16]))).await.unwrap(),
        second.iter().map(LogChunk::from).collect::<Vec<_>>()
    );
}

use compaction::*;
use interrupted::*;
use views::*;

suite!(
    any:
    an_empty_log_has_nothing,
    positions_are_gapless_and_in_the_order_of_the_pushes,
    what_is_read_is_what_was_taken,
    push_1_what_is_known_is_acknowledged_where_it_stands,
    a_batch_may_depend_on_itself,
    push_6_a_right_that_was_lost_does_not_undo_what_was_accepted,
    push_7_an_actor_belongs_to_the_device_that_used_it_first,
    push_9_dependencies_come_first,
    push_10_an_actor_counts_its_changes_once,
    push_12_operations_follow_those_they_depend_on,
    a_refused_change_leaves_the_others_alone,
    feed_7_a_role_reads_its_kinds_and_moves_over_the_others,
    feed_3_a_reading_is_bounded_and_the_next_one_goes_on,
    grant_2_a_view_of_some_dossiers_shows_them_and_what_is_of_none,
    late_1_what_arrives_late_is_kept_beside_the_log_and_known_once_it_is_in_it,
    late_1_what_stands_on_something_late_waits_with_it,
    late_1_what_is_owed_at_a_withdrawal_is_taken_where_it_fits,
    late_1_nobody_is_late_in_somebody_else_s_name,
    push_6_who_may_only_begin_goes_on_where_they_began,
    a_snapshot_reads_as_what_it_took_the_place_of,
    what_is_in_a_snapshot_is_still_known,
    each_reader_gets_what_is_new_once_wherever_it_stands,
    a_later_snapshot_takes_the_place_of_an_earlier_one,
    what_automerge_does_not_take_stays_as_it_is;
    that_stays:
    a_store_opened_again_is_the_same_log_with_the_same_facts,
    a_store_opened_again_knows_what_is_late_and_who_began_what,
    two_stores_are_two_epochs,
    two_that_append_at_once_give_every_position_once,
    a_compaction_that_is_interrupted_at_any_step_has_not_happened,
);
