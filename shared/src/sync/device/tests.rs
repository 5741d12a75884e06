//! Conversations of one device with a relay played by the test.

use super::*;
use crate::documents::client::NOM;
use crate::documents::{ChangeHeader, Document, NewChange, Pen};
use crate::documents::{SetField, set_field};
use crate::ids::{DeviceId, DocumentId, DossierId, UserId};
use crate::protocol::{ChangeRefusal, MAX_CHANGE};

const EPOCH: Epoch = Epoch([9; 16]);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn outgoing(change: &NewChange) -> Outgoing {
    let (header, bytes) = ChangeHeader::read(&change.bytes).unwrap();
    Outgoing { document: change.document, hash: change.hash, deps: header.deps, bytes }
}

/// Three edits of one name, the first two with one actor and the third on top of both.
fn edits() -> Vec<Outgoing> {
    let mut document = Document::new(DocumentId::client(DossierId([1; 16])));
    let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
    let write = |value: &str| {
        let base = document.heads();
        let edit = SetField { field: &NOM, value: value.to_owned() };
        set_field(&mut document, &pen, &base, at(1), &edit).unwrap().unwrap()
    };
    ["A", "B", "C"].map(write).iter().map(outgoing).collect()
}

fn welcome(reset: bool) -> DeviceEvent {
    DeviceEvent::Frame(encode(&RelayMessage::Welcome {
        epoch: EPOCH,
        head: Seq(0),
        reset,
        user: UserId([1; 16]),
        device: DeviceId([2; 16]),
        role: Role::Gestionnaire,
        time: at(5),
        lease: None,
        start_over: false,
    }))
}

fn online(resume: Resume) -> (DeviceEngine, Vec<DeviceEffect>) {
    let mut engine = DeviceEngine::new("test", "token", 1, resume);
    assert_eq!(engine.handle(DeviceEvent::Retry, at(0)), [DeviceEffect::Connect]);
    engine.handle(DeviceEvent::Opened, at(0));
    let effects = engine.handle(welcome(false), at(0));
    (engine, effects)
}

fn pushes(effects: &[DeviceEffect]) -> Vec<(u64, usize)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            DeviceEffect::Send(frame) => match decode::<ClientMessage>(frame).unwrap() {
                ClientMessage::Push { id, changes, .. } => Some((id, changes.len())),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

fn ack(id: u64, refused: Vec<(u32, ChangeRefusal)>) -> DeviceEvent {
    let refused = refused.into_iter().map(|(index, reason)| RefusedChange { index, reason }).collect();
    DeviceEvent::Frame(encode(&RelayMessage::Ack { id, seq: Seq(1), refused, review: Vec::new() }))
}

#[test]
fn ack_1_nothing_is_settled_before_the_relay_says_so() {
    let (mut engine, effects) = online(Resume { outbox: edits(), ..Resume::default() });
    assert_eq!(pushes(&effects), [(1, 3)]);
    assert_eq!(engine.status().pending, 3);
    let settled: Vec<_> = edits().iter().map(|change| (change.document, change.hash)).collect();
    assert_eq!(engine.handle(ack(1, Vec::new()), at(1)), [DeviceEffect::Settle(settled)]);
    assert_eq!(engine.status().pending, 0);
}

#[test]
fn push_1_what_was_not_acknowledged_is_sent_again_after_a_cut() {
    let (mut engine, _) = online(Resume { outbox: edits(), ..Resume::default() });
    engine.handle(DeviceEvent::Closed, at(1));
    let Link::Offline { retry_at } = engine.status().link else { panic!() };
    assert!(engine.handle(DeviceEvent::Tick, at(1)).is_empty(), "not before its time");
    assert_eq!(engine.handle(DeviceEvent::Tick, retry_at), [DeviceEffect::Connect]);
    engine.handle(DeviceEvent::Opened, retry_at);
    assert_eq!(pushes(&engine.handle(welcome(false), retry_at)), [(2, 3)]);
}

#[test]
fn hello_6_a_cursor_that_was_stored_while_the_line_was_down_is_said_at_the_next_hello() {
    let (mut engine, effects) = online(Resume::default());
    assert!(effects.iter().any(|effect| matches!(effect, DeviceEffect::Store { .. })));
    engine.handle(DeviceEvent::Closed, at(1));
    assert!(engine.handle(DeviceEvent::Stored(Seq(0)), at(1)).is_empty());
    engine.handle(DeviceEvent::Retry, at(2));
    let effects = engine.handle(DeviceEvent::Opened, at(2));
    let [DeviceEffect::Send(frame)] = &effects[..] else { panic!("{effects:?}") };
    let ClientMessage::Hello { cursor, .. } = decode::<ClientMessage>(frame).unwrap() else { panic!() };
    assert_eq!(cursor, Some(Cursor { epoch: EPOCH, seq: Seq(0) }), "else the relay takes the device for a new one");
}

#[test]
fn link_2_attempts_spread_and_slow_down() {
    let mut delays = Vec::new();
    for seed in 0..20 {
        let mut engine = DeviceEngine::new("test", "token", seed, Resume::default());
        for _ in 0..12 {
            engine.handle(DeviceEvent::Retry, at(0));
            engine.handle(DeviceEvent::Closed, at(0));
        }
        let Link::Offline { retry_at } = engine.status().link else { panic!() };
        delays.push(retry_at.0);
    }
    assert!(delays.iter().all(|delay| (BACKOFF_MOST / 2..=BACKOFF_MOST).contains(delay)), "{delays:?}");
    delays.sort_unstable();
    delays.dedup();
    assert!(delays.len() > 10, "devices must not come back in one tick");
}

#[test]
fn push_4_a_refused_change_is_set_aside_with_all_that_stands_on_it() {
    let changes = edits();
    let (mut engine, _) = online(Resume { outbox: changes.clone(), ..Resume::default() });
    let reasons = vec![(1, ChangeRefusal::Undecodable), (2, ChangeRefusal::MissingDependency)];
    let effects = engine.handle(ack(1, reasons), at(1));
    let [DeviceEffect::Settle(settled), DeviceEffect::Quarantine(aside)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(settled[..], [(changes[0].document, changes[0].hash)]);
    assert_eq!(aside[0].hash, changes[1].hash);
    assert_eq!((aside[1].hash, aside[1].because_of), (changes[2].hash, Some(changes[1].hash)));
    assert_eq!(aside[1].bytes, changes[2].bytes, "kept whole");
    assert_eq!(engine.status().pending, 0);
}

#[test]
fn push_4_what_is_written_on_top_of_a_refused_change_follows_it_aside() {
    let changes = edits();
    let (mut engine, _) = online(Resume { outbox: changes[..1].to_vec(), ..Resume::default() });
    engine.handle(ack(1, vec![(0, ChangeRefusal::Forbidden)]), at(1));
    // Two more were on their way to the disk while the refusal arrived.
    let effects = engine.handle(DeviceEvent::Authored(changes[1..].to_vec()), at(1));
    let [DeviceEffect::Quarantine(aside)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(aside.iter().map(|it| it.hash).collect::<Vec<_>>(), [changes[1].hash, changes[2].hash]);
    assert!(aside.iter().all(|it| it.because_of == Some(changes[0].hash) && it.reason == ChangeRefusal::Forbidden));

    // The same when the page was closed in between.
    let refused = vec![(changes[0].hash, ChangeRefusal::Forbidden)];
    let (engine, effects) = online(Resume { outbox: changes[1..].to_vec(), refused, ..Resume::default() });
    assert!(effects.iter().any(|it| matches!(it, DeviceEffect::Quarantine(aside) if aside.len() == 2)), "{effects:?}");
    assert_eq!(engine.status().pending, 0);
}

#[test]
fn push_9_a_change_that_waits_for_somebody_else_is_held_not_dropped() {
    let (mut engine, _) = online(Resume { outbox: edits(), ..Resume::default() });
    let held = engine.handle(ack(1, (0..3).map(|index| (index, ChangeRefusal::MissingDependency)).collect()), at(1));
    assert!(held.is_empty());
    assert_eq!(engine.status().pending, 3);
    let feed = RelayMessage::Feed { entries: Vec::new(), upto: Seq(1), turn: 1 };
    let effects = engine.handle(DeviceEvent::Frame(encode(&feed)), at(2));
    assert_eq!(pushes(&effects), [(2, 3)]);
}

#[test]
fn push_3_a_change_no_relay_would_take_is_set_aside_at_once() {
    let (mut engine, _) = online(Resume::default());
    let mut change = edits().remove(0);
    change.bytes = vec![0; MAX_CHANGE + 1];
    let effects = engine.handle(DeviceEvent::Authored(vec![change]), at(1));
    let [DeviceEffect::Quarantine(aside)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(aside[0].reason, ChangeRefusal::TooLarge);
}

#[test]
fn feed_2_the_cursor_moves_only_once_the_batch_is_stored() {
    let (mut engine, _) = online(Resume::default());
    let change = edits().remove(0);
    let entry = FeedEntry { seq: Seq(1), document: change.document.to_string(), chunk: change.bytes.clone().into() };
    let feed = encode(&RelayMessage::Feed { entries: vec![entry], upto: Seq(1), turn: 1 });
    let effects = engine.handle(DeviceEvent::Frame(feed), at(1));
    let [DeviceEffect::Store { changes, cursor, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((changes[0].hash, cursor.seq), (change.hash, Seq(1)));
    assert_eq!(engine.status().behind, Some((Seq(0), Seq(1))));
    let effects = engine.handle(DeviceEvent::Stored(Seq(1)), at(1));
    assert_eq!(effects, [DeviceEffect::Send(encode(&ClientMessage::Stored { seq: Seq(1) }))]);
    assert_eq!(engine.status().behind, None);
}

#[test]
fn feed_2_a_batch_of_an_older_line_stored_late_does_not_move_the_cursor_of_this_one() {
    let (mut engine, _) = online(Resume::default());
    assert!(engine.handle(DeviceEvent::Stored(Seq(900)), at(1)).is_empty());
    engine.handle(DeviceEvent::Closed, at(1));
    engine.handle(DeviceEvent::Retry, at(60));
    let effects = engine.handle(DeviceEvent::Opened, at(60));
    let [DeviceEffect::Send(hello)] = &effects[..] else { panic!("{effects:?}") };
    let ClientMessage::Hello { cursor, .. } = decode(hello).unwrap() else { panic!() };
    assert_ne!(cursor.map(|cursor| cursor.seq), Some(Seq(900)));
}

#[test]
fn hello_5_a_replaced_log_makes_the_device_push_again() {
    let mut engine = DeviceEngine::new("test", "token", 1, Resume::default());
    engine.handle(DeviceEvent::Retry, at(0));
    engine.handle(DeviceEvent::Opened, at(0));
    let beginning = Cursor { epoch: EPOCH, seq: Seq(0) };
    let keep = DeviceEffect::Store { changes: Vec::new(), cursor: beginning, role: Role::Gestionnaire };
    assert_eq!(engine.handle(welcome(true), at(0)), [DeviceEffect::PushAgain, keep]);
}

#[test]
fn hello_5_a_device_that_could_not_owe_everything_again_finds_the_replaced_log_once_more() {
    let old = Cursor { epoch: Epoch([1; 16]), seq: Seq(40) };
    let mut engine = DeviceEngine::new("test", "token", 1, Resume { cursor: Some(old), ..Resume::default() });
    let hello = |engine: &mut DeviceEngine| {
        engine.handle(DeviceEvent::Retry, at(0));
        let effects = engine.handle(DeviceEvent::Opened, at(0));
        let [DeviceEffect::Send(hello)] = &effects[..] else { panic!("{effects:?}") };
        let Ok(ClientMessage::Hello { cursor, .. }) = decode(hello) else { panic!("a hello") };
        cursor
    };
    for _ in 0..2 {
        assert_eq!(hello(&mut engine), Some(old));
        assert!(engine.handle(welcome(true), at(0)).contains(&DeviceEffect::PushAgain));
        engine.handle(DeviceEvent::StoreFailed, at(0));
    }
    assert_eq!(hello(&mut engine), Some(old));
    engine.handle(welcome(true), at(0));
    // Stored behind what is owed again.
    engine.handle(DeviceEvent::Stored(Seq(0)), at(0));
    engine.handle(DeviceEvent::Closed, at(0));
    assert_eq!(hello(&mut engine), Some(Cursor { epoch: EPOCH, seq: Seq(0) }));
}

#[test]
fn hello_6_the_life_of_the_log_is_kept_before_anything_is_settled_in_it() {
    let (_, effects) = online(Resume { outbox: edits(), ..Resume::default() });
    assert!(matches!(&effects[0], DeviceEffect::Store { cursor: Cursor { epoch: EPOCH, seq: Seq(0) }, .. }));
    assert!(matches!(&effects[1], DeviceEffect::Send(_)));
}

#[test]
fn feed_7_another_role_starts_over_once_everything_is_sent() {
    let cursor = Some(Cursor { epoch: EPOCH, seq: Seq(9) });
    let resume = Resume { cursor, role: Some(Role::Intervenant), outbox: edits(), ..Resume::default() };
    let (mut engine, effects) = online(resume);
    assert_eq!(pushes(&effects), [(1, 3)]);
    let effects = engine.handle(ack(1, Vec::new()), at(1));
    assert!(matches!(effects[..], [DeviceEffect::Settle(_), DeviceEffect::StartOver]), "{effects:?}");
    let effects = engine.handle(DeviceEvent::StartedOver, at(2));
    assert_eq!(effects, [DeviceEffect::Disconnect, DeviceEffect::Connect]);
    let effects = engine.handle(DeviceEvent::Opened, at(2));
    let [DeviceEffect::Send(hello)] = &effects[..] else { panic!("{effects:?}") };
    assert!(matches!(decode(hello), Ok(ClientMessage::Hello { cursor: None, held: None, .. })));
}

#[test]
fn hello_2_a_refused_device_stops_asking() {
    let mut engine = DeviceEngine::new("test", "token", 1, Resume::default());
    engine.handle(DeviceEvent::Retry, at(0));
    engine.handle(DeviceEvent::Opened, at(0));
    let refused = encode(&RelayMessage::Refused { reason: HelloRefusal::UnknownSession });
    assert_eq!(engine.handle(DeviceEvent::Frame(refused), at(0)), [DeviceEffect::Disconnect]);
    assert_eq!(engine.next_wake(), None);
    assert_eq!(engine.status().link, Link::Refused(HelloRefusal::UnknownSession));
}

#[test]
fn link_3_silence_is_asked_about_then_taken_for_death() {
    let (mut engine, _) = online(Resume::default());
    let ask = engine.next_wake().unwrap();
    assert!(matches!(&engine.handle(DeviceEvent::Tick, ask)[..], [DeviceEffect::Send(_), DeviceEffect::Send(_)]));
    let dead = engine.next_wake().unwrap();
    assert!(dead > ask);
    assert_eq!(engine.handle(DeviceEvent::Tick, dead), [DeviceEffect::Disconnect]);
    assert!(matches!(engine.status().link, Link::Offline { .. }));
}

#[test]
fn feed_6_a_lost_frame_is_noticed_and_nothing_is_skipped() {
    let (mut engine, _) = online(Resume::default());
    let feed =
        |turn, upto| DeviceEvent::Frame(encode(&RelayMessage::Feed { entries: Vec::new(), upto: Seq(upto), turn }));
    assert_eq!(engine.handle(feed(1, 3), at(1)).len(), 1);
    assert!(engine.handle(feed(1, 3), at(1)).is_empty(), "the same again is nothing new");
    assert_eq!(engine.handle(feed(3, 5), at(1)), [DeviceEffect::Disconnect]);
    assert!(matches!(engine.status().link, Link::Offline { .. }));
}

#[test]
fn link_4_a_lost_last_frame_is_noticed_at_the_next_ping() {
    let (mut engine, _) = online(Resume::default());
    let pong = |sent| DeviceEvent::Frame(encode(&RelayMessage::Pong { nonce: 1, time: at(1), turn: sent }));
    assert!(engine.handle(pong(0), at(1)).is_empty());
    assert_eq!(engine.handle(pong(1), at(1)), [DeviceEffect::Disconnect]);
}

#[test]
fn ack_2_a_push_that_is_never_answered_ends_the_line() {
    let (mut engine, _) = online(Resume { outbox: edits(), ..Resume::default() });
    for second in (10..).step_by(10) {
        let pong = DeviceEvent::Frame(encode(&RelayMessage::Pong { nonce: 1, time: at(second), turn: 0 }));
        engine.handle(pong, at(second));
        if engine.handle(DeviceEvent::Tick, at(second)) == [DeviceEffect::Disconnect] {
            assert_eq!(at(second) - at(0), PUSH_TIMEOUT);
            return;
        }
        assert!(second < 200, "it must not wait for ever");
    }
}
