//! Conversations with one connection of the relay.

use super::*;
use crate::access::Role;
use crate::ids::{DeviceId, UserId};

const NOW: Timestamp = Timestamp(1000);
const EPOCH: Epoch = Epoch([9; 16]);

fn hello(cursor: Option<Cursor>) -> Vec<u8> {
    encode(&ClientMessage::Hello { protocol: PROTOCOL, app: "test".into(), token: "t".into(), cursor, held: None })
}

fn live(cursor: Option<Cursor>, head: u64) -> (RelaySession, Vec<RelayEffect>) {
    let mut session = RelaySession::default();
    session.handle(RelayEvent::Frame(&hello(cursor)), NOW);
    let identity = Identity { user: UserId([1; 16]), device: DeviceId([2; 16]), role: Role::Gestionnaire };
    let result = Ok(Box::new(admitted(identity, Scope::Agency)));
    let effects = session.handle(RelayEvent::Identified { result, epoch: EPOCH, head: Seq(head) }, NOW);
    (session, effects)
}

fn admitted(identity: Identity, scope: Scope) -> Admitted {
    let former = Some(identity.role);
    Admitted { identity, scope, holdings: Vec::new(), former, lease: None, revoked: false }
}

fn sent(effects: &[RelayEffect]) -> Vec<RelayMessage> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            RelayEffect::Send(frame) => Some(decode(frame).unwrap()),
            _ => None,
        })
        .collect()
}

#[test]
fn link_1_an_up_to_date_device_gets_a_welcome_and_nothing_else() {
    let (_, effects) = live(Some(Cursor { epoch: EPOCH, seq: Seq(10_000) }), 10_000);
    assert_eq!(effects[0], RelayEffect::Listen);
    assert_eq!(effects.len(), 2);
    assert!(matches!(sent(&effects)[..], [RelayMessage::Welcome { reset: false, head: Seq(10_000), .. }]));
}

#[test]
fn hello_1_nothing_is_heard_between_the_hello_and_the_welcome() {
    let mut session = RelaySession::default();
    let effects = session.handle(RelayEvent::Frame(&hello(None)), NOW);
    assert!(matches!(&effects[..], [RelayEffect::Identify { token, .. }] if token == "t"));
    let early = encode(&ClientMessage::Push { id: 1, document: "annuaire".into(), changes: Vec::new() });
    let effects = session.handle(RelayEvent::Frame(&early), NOW);
    assert!(matches!(sent(&effects)[..], [RelayMessage::Malformed { .. }]));
}

#[test]
fn ver_1_another_version_is_refused_by_name() {
    let mut session = RelaySession::default();
    let frame = encode(&ClientMessage::Hello {
        protocol: 99,
        app: String::new(),
        token: String::new(),
        cursor: None,
        held: None,
    });
    let effects = session.handle(RelayEvent::Frame(&frame), NOW);
    assert_eq!(sent(&effects), [RelayMessage::Refused { reason: HelloRefusal::UnknownProtocol }]);
    assert_eq!(effects.last(), Some(&RelayEffect::Close));
    assert!(session.handle(RelayEvent::Frame(&hello(None)), NOW).is_empty(), "nothing is heard after a refusal");
}

#[test]
fn hello_3_the_first_frame_is_a_hello_or_nothing() {
    for frame in [encode(&ClientMessage::Ping { nonce: 1, turn: 0 }), b"garbage".to_vec()] {
        let effects = RelaySession::default().handle(RelayEvent::Frame(&frame), NOW);
        assert_eq!(sent(&effects), [RelayMessage::Refused { reason: HelloRefusal::HelloExpected }]);
    }
}

#[test]
fn hello_5_a_cursor_of_another_log_starts_from_nothing() {
    let other = Cursor { epoch: Epoch([1; 16]), seq: Seq(3) };
    let beyond = Cursor { epoch: EPOCH, seq: Seq(11) };
    for cursor in [other, beyond] {
        let (_, effects) = live(Some(cursor), 10);
        assert!(matches!(sent(&effects)[..], [RelayMessage::Welcome { reset: true, .. }]));
        assert!(effects.contains(&RelayEffect::Read { after: Seq(0) }));
    }
}

#[test]
fn feed_4_a_device_that_does_not_store_is_not_fed_further() {
    let (mut session, mut effects) = live(None, 100);
    let mut frames = 0;
    while let Some(RelayEffect::Read { after }) = effects.last().cloned() {
        effects = session.handle(RelayEvent::Read { chunks: Vec::new(), upto: after.next() }, NOW);
        frames += sent(&effects).len();
    }
    assert_eq!(frames, FEED_WINDOW);
    let stored = encode(&ClientMessage::Stored { seq: Seq(1) });
    let effects = session.handle(RelayEvent::Frame(&stored), NOW);
    assert!(effects.contains(&RelayEffect::Read { after: Seq(FEED_WINDOW as u64) }));
}

#[test]
fn feed_5_a_device_is_not_sent_what_it_pushed_itself() {
    let (mut session, _) = live(Some(Cursor { epoch: EPOCH, seq: Seq(4) }), 4);
    let appended =
        RelayEvent::Appended { push: 1, seq: Seq(5), refused: Vec::new(), review: Vec::new(), fresh: vec![Seq(5)] };
    let effects = session.handle(appended, NOW);
    assert!(effects.contains(&RelayEffect::Read { after: Seq(4) }));
    let effects = session.handle(RelayEvent::Read { chunks: vec![chunk(5, 1), chunk(6, 1)], upto: Seq(6) }, NOW);
    let [RelayMessage::Feed { entries, upto: Seq(6), .. }] = &sent(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [Seq(6)]);
}

#[test]
fn feed_8_a_snapshot_is_sent_though_its_last_change_is_the_device_s_own() {
    let (mut session, _) = live(Some(Cursor { epoch: EPOCH, seq: Seq(4) }), 4);
    let fresh = vec![Seq(5), Seq(6)];
    let appended = RelayEvent::Appended { push: 1, seq: Seq(6), refused: Vec::new(), review: Vec::new(), fresh };
    session.handle(appended, NOW);
    let effects = session.handle(RelayEvent::Read { chunks: vec![chunk(5, 1), chunk(6, 0)], upto: Seq(6) }, NOW);
    let [RelayMessage::Feed { entries, .. }] = &sent(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [Seq(6)]);
}

/// A chunk of this type: 0 is a document, 1 a change.
fn chunk(seq: u64, kind: u8) -> LogChunk {
    LogChunk::new(Seq(seq), crate::ids::DocumentId::Annuaire, [0, 0, 0, 0, 0, 0, 0, 0, kind])
}

#[test]
fn frm_5_the_connection_survives_a_few_bad_frames_but_not_a_flood() {
    let (mut session, _) = live(None, 0);
    for round in 1..=MALFORMED_LIMIT {
        let effects = session.handle(RelayEvent::Frame(b"\xff"), NOW);
        assert!(matches!(sent(&effects)[..], [RelayMessage::Malformed { .. }]));
        assert_eq!(effects.contains(&RelayEffect::Close), round == MALFORMED_LIMIT);
    }
}
