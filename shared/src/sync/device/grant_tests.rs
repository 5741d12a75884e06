//! Grants, withdrawals and farewells, as conversations of one device with a relay played by the test.

use super::*;
use crate::access::Grant;
use crate::documents::{ChangeHeader, Document, Pen, genesis, journal};
use crate::ids::{DeviceId, DocumentId, DossierId, EntryId, UserId};
use crate::protocol::{NewGrant, Reading};
use crate::sync::holdings::{Holding, Holdings};

const EPOCH: Epoch = Epoch([9; 16]);
const ONE: DossierId = DossierId([1; 16]);
const TWO: DossierId = DossierId([2; 16]);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// Genesis and one transmission in a dossier's journal.
fn transmission(dossier: DossierId) -> Vec<Outgoing> {
    let id = DocumentId::journal(dossier, 2026);
    let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
    let mut document = Document::new(id);
    let entry = EntryId([1; 16]);
    let change = journal::add_transmission(&mut document, &pen, at(1), entry, "Tout va bien.").unwrap().unwrap();
    genesis(id)
        .into_iter()
        .chain([change])
        .map(|change| {
            let (header, bytes) = ChangeHeader::read(&change.bytes).unwrap();
            Outgoing { document: id, hash: change.hash, deps: header.deps, bytes }
        })
        .collect()
}

fn holding_one() -> Resume {
    let mut holdings = Holdings::default();
    holdings.dossiers.insert(ONE, Holding { ends: None, complete: true, spoiled: false });
    let cursor = Some(Cursor { epoch: EPOCH, seq: Seq(9) });
    Resume { cursor, role: Some(Role::Intervenant), holdings, ..Resume::default() }
}

fn online(resume: Resume) -> (DeviceEngine, Vec<DeviceEffect>) {
    let mut engine = DeviceEngine::new("test", "token", 1, resume);
    engine.handle(DeviceEvent::Retry, at(0));
    engine.handle(DeviceEvent::Opened, at(0));
    let welcome = RelayMessage::Welcome {
        epoch: EPOCH,
        head: Seq(9),
        reset: false,
        user: UserId([1; 16]),
        device: DeviceId([2; 16]),
        role: Role::Intervenant,
        time: at(0),
        lease: Some(60_000),
        start_over: false,
    };
    let effects = engine.handle(DeviceEvent::Frame(encode(&welcome)), at(0));
    (engine, effects)
}

fn hears(engine: &mut DeviceEngine, message: &RelayMessage) -> Vec<DeviceEffect> {
    engine.handle(DeviceEvent::Frame(encode(message)), at(1))
}

fn says(effects: &[DeviceEffect]) -> Vec<ClientMessage> {
    let frames = effects.iter().filter_map(|effect| match effect {
        DeviceEffect::Send(frame) => Some(decode(frame).unwrap()),
        _ => None,
    });
    frames.collect()
}

fn acked(review: Vec<u32>) -> RelayMessage {
    RelayMessage::Ack { id: 1, seq: Seq(1), refused: Vec::new(), review }
}

#[test]
fn forget_1_what_is_owed_is_pushed_before_anything_is_deleted() {
    let (mut engine, _) = online(Resume { outbox: transmission(ONE), ..holding_one() });
    assert!(
        hears(&mut engine, &RelayMessage::Forget { dossiers: vec![ONE], turn: 1 }).is_empty(),
        "not while it is owed"
    );
    let effects = hears(&mut engine, &acked(Vec::new()));
    assert!(matches!(&effects[..], [DeviceEffect::Settle(_), DeviceEffect::Forget(gone)] if gone[..] == [ONE]));
    let effects = engine.handle(DeviceEvent::Forgotten(vec![ONE]), at(2));
    assert_eq!(says(&effects), [ClientMessage::Forgotten { dossiers: vec![ONE], turn: 1 }]);
}

#[test]
fn forget_2_what_was_refused_is_offered_once_more_before_it_goes() {
    let (mut engine, _) = online(holding_one());
    let effects = hears(&mut engine, &RelayMessage::Forget { dossiers: vec![ONE], turn: 1 });
    assert_eq!(effects, [DeviceEffect::Forget(vec![ONE])]);
    let changes = transmission(ONE);
    let effects = engine.handle(DeviceEvent::Reclaimed { dossiers: vec![ONE], changes }, at(2));
    assert!(matches!(says(&effects)[..], [ClientMessage::Push { .. }]));
    let effects = hears(&mut engine, &acked(vec![0, 1, 2]));
    let [DeviceEffect::Hold(_), DeviceEffect::InReview(late), DeviceEffect::Settle(settled), DeviceEffect::Forget(_)] =
        &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(late, settled);
}

#[test]
fn forget_3_who_lost_a_dossier_keeps_nothing_of_it_not_even_what_they_write_afterwards() {
    let (mut engine, _) = online(holding_one());
    hears(&mut engine, &RelayMessage::Forget { dossiers: vec![ONE], turn: 1 });
    engine.handle(DeviceEvent::Forgotten(vec![ONE]), at(2));
    let effects = engine.handle(DeviceEvent::Authored(transmission(ONE)), at(3));
    assert!(matches!(says(&effects)[..], [ClientMessage::Push { .. }]));
    let effects = hears(&mut engine, &acked(vec![0, 1, 2]));
    assert!(effects.contains(&DeviceEffect::Forget(vec![ONE])), "{effects:?}");
}

#[test]
fn grant_3_a_dossier_counts_as_held_once_its_backfill_is_stored() {
    let (mut engine, _) = online(holding_one());
    let grant = NewGrant { grant: Grant { dossier: TWO, ends: Some(at(99)) }, whole: false };
    let effects = hears(&mut engine, &RelayMessage::Grant { grants: vec![grant], turn: 1 });
    let holding = Holding { ends: Some(at(99)), complete: false, spoiled: false };
    assert_eq!(effects, [DeviceEffect::Hold(vec![(TWO, holding)])]);
    assert!(says(&engine.handle(DeviceEvent::Kept(vec![TWO]), at(2))).is_empty());
    let backfill = RelayMessage::Backfill { dossier: TWO, entries: Vec::new(), done: true, turn: 2 };
    let effects = hears(&mut engine, &backfill);
    assert_eq!(effects, [DeviceEffect::Backfill { dossier: TWO, changes: Vec::new(), done: true }]);
    let effects = engine.handle(DeviceEvent::Backfilled(TWO), at(3));
    assert_eq!(says(&effects), [ClientMessage::Granted { dossiers: vec![TWO], turn: 1 }]);
    let effects = hears(&mut engine, &RelayMessage::TellHeld { turn: 3 });
    assert_eq!(says(&effects), [ClientMessage::Held { whole: vec![ONE, TWO], part: Vec::new(), turn: 2 }]);
}

#[test]
fn late_1_a_copy_that_is_not_the_dossier_any_more_goes_also_after_a_restart() {
    let (mut engine, _) = online(Resume { outbox: transmission(ONE), ..holding_one() });
    let effects = hears(&mut engine, &acked(vec![1]));
    let DeviceEffect::Hold(kept) = &effects[0] else { panic!("before anything is settled: {effects:?}") };
    assert!(kept[0].1.spoiled);
    // It was switched off right then.
    let mut resume = holding_one();
    resume.holdings.dossiers.extend(kept.iter().copied());
    let (_, effects) = online(resume);
    assert!(effects.contains(&DeviceEffect::Forget(vec![ONE])), "{effects:?}");
}

#[test]
fn all_1_a_revoked_device_gives_back_what_it_owes_then_forgets_everything() {
    let mut engine = DeviceEngine::new("test", "t", 1, Resume { outbox: transmission(ONE), ..holding_one() });
    engine.handle(DeviceEvent::Retry, at(0));
    engine.handle(DeviceEvent::Opened, at(0));
    let effects = hears(&mut engine, &RelayMessage::ForgetAll { reset: false });
    assert!(matches!(says(&effects)[..], [ClientMessage::Push { .. }]));
    let effects = hears(&mut engine, &acked(vec![0, 1, 2]));
    assert_eq!(effects.last(), Some(&DeviceEffect::ForgetEverything));
}

#[test]
fn all_1_a_device_revoked_after_the_log_was_replaced_owes_everything_again_first() {
    let mut engine = DeviceEngine::new("test", "t", 1, holding_one());
    engine.handle(DeviceEvent::Retry, at(0));
    engine.handle(DeviceEvent::Opened, at(0));
    let effects = hears(&mut engine, &RelayMessage::ForgetAll { reset: true });
    assert_eq!(effects, [DeviceEffect::PushAgain, DeviceEffect::ForgetEverything], "in this order");
    // What the device finds before it forgets goes first.
    let changes = transmission(ONE);
    let effects = engine.handle(DeviceEvent::Reclaimed { dossiers: Vec::new(), changes }, at(1));
    assert!(matches!(says(&effects)[..], [ClientMessage::Push { .. }]));
    let effects = hears(&mut engine, &acked(vec![0, 1, 2]));
    assert_eq!(effects.last(), Some(&DeviceEffect::ForgetEverything));
}

#[test]
fn lease_1_every_contact_gives_another_while() {
    let (mut engine, effects) = online(holding_one());
    let until = |effects: &[DeviceEffect]| match effects.first() {
        Some(DeviceEffect::Lease(lease)) => lease.until,
        _ => None,
    };
    assert_eq!(until(&effects), Some(at(60)));
    let pong = encode(&RelayMessage::Pong { nonce: 1, time: at(0), turn: 0 });
    assert!(engine.handle(DeviceEvent::Frame(pong.clone()), at(30)).is_empty(), "not written every time");
    assert_eq!(until(&engine.handle(DeviceEvent::Frame(pong), at(700))), Some(at(760)));
}

#[test]
fn read_1_readings_are_kept_until_they_are_in_the_access_log() {
    let (mut engine, _) = online(holding_one());
    let reading = Reading { dossier: ONE, volet: "client".into(), at: at(1), offline: false };
    let effects = engine.handle(DeviceEvent::Read(vec![("a".into(), reading.clone())]), at(1));
    assert_eq!(says(&effects), [ClientMessage::Readings { id: 1, readings: vec![reading.clone()] }]);
    assert!(engine.handle(DeviceEvent::Read(vec![("b".into(), reading)]), at(1)).is_empty(), "one report at a time");
    let effects = hears(&mut engine, &RelayMessage::Noted { id: 1 });
    assert_eq!(effects[0], DeviceEffect::Noted(vec!["a".into()]));
    assert!(matches!(says(&effects)[..], [ClientMessage::Readings { id: 2, .. }]));
}
