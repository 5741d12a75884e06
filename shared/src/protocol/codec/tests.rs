//! The rules of SPEC.md that are about bytes.

use minicbor::bytes::ByteVec;

use super::*;
use crate::access::Grant;
use crate::access::Role;
use crate::ids::DossierId;
use crate::ids::{DeviceId, Epoch, Seq, UserId};
use crate::protocol::{
    ChangeRefusal, ClientMessage, Cursor, FeedEntry, HelloRefusal, NewGrant, PROTOCOL, Reading, RefusedChange,
    RelayMessage,
};
use crate::time::Timestamp;

fn client_messages() -> Vec<ClientMessage> {
    let reading = Reading { dossier: DossierId([1; 16]), volet: "client".into(), at: Timestamp(7), offline: true };
    let cursor = Some(Cursor { epoch: Epoch([3; 16]), seq: Seq(70_000) });
    vec![
        ClientMessage::Hello {
            protocol: PROTOCOL,
            app: "liaison 0.1.0".into(),
            token: "ab".repeat(32),
            cursor,
            held: Some([4; 16]),
        },
        ClientMessage::Hello { protocol: PROTOCOL, app: String::new(), token: String::new(), cursor: None, held: None },
        ClientMessage::Push { id: 1, document: "annuaire".into(), changes: vec![ByteVec::from(vec![1, 2, 3])] },
        ClientMessage::Stored { seq: Seq(9) },
        ClientMessage::Ping { nonce: 5, turn: 0 },
        ClientMessage::Held { whole: vec![DossierId([1; 16])], part: Vec::new(), turn: 1 },
        ClientMessage::Granted { dossiers: vec![DossierId([1; 16])], turn: 2 },
        ClientMessage::Forgotten { dossiers: vec![DossierId([1; 16])], turn: 3 },
        ClientMessage::Readings { id: 3, readings: vec![reading] },
    ]
}

fn relay_messages() -> Vec<RelayMessage> {
    let grant = Grant { dossier: DossierId([1; 16]), ends: Some(Timestamp(8)) };
    vec![
        RelayMessage::Welcome {
            epoch: Epoch([3; 16]),
            head: Seq(4),
            reset: false,
            user: UserId([1; 16]),
            device: DeviceId([2; 16]),
            role: Role::Intervenant,
            time: Timestamp(1_795_419_000_000),
            lease: Some(604_800_000),
            start_over: false,
        },
        RelayMessage::Refused { reason: HelloRefusal::UnknownSession },
        RelayMessage::Feed {
            entries: vec![FeedEntry { seq: Seq(3), document: "annuaire".into(), chunk: ByteVec::from(vec![7; 3]) }],
            upto: Seq(4),
            turn: 2,
        },
        RelayMessage::Ack {
            id: 1,
            seq: Seq(4),
            refused: vec![RefusedChange { index: 0, reason: ChangeRefusal::ForeignActor }],
            review: vec![1],
        },
        RelayMessage::Pong { nonce: 5, time: Timestamp(6), turn: 7 },
        RelayMessage::Malformed { detail: "why".into() },
        RelayMessage::TellHeld { turn: 1 },
        RelayMessage::Grant { grants: vec![NewGrant { grant, whole: true }], turn: 2 },
        RelayMessage::Backfill { dossier: DossierId([1; 16]), entries: Vec::new(), done: true, turn: 3 },
        RelayMessage::Forget { dossiers: vec![DossierId([1; 16])], turn: 4 },
        RelayMessage::ForgetAll { reset: false },
        RelayMessage::Noted { id: 3 },
    ]
}

/// FRM-1: one message, as CBOR, with the keys SPEC.md gives. These bytes never change.
#[test]
fn frm_1_messages_have_the_bytes_of_the_specification() {
    let mut lines: Vec<String> = client_messages().iter().map(|message| hex::encode(encode(message))).collect();
    lines.extend(relay_messages().iter().map(|message| hex::encode(encode(message))));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn frm_1_every_message_survives_its_encoding() {
    for message in client_messages() {
        assert_eq!(decode::<ClientMessage>(&encode(&message)), Ok(message));
    }
    for message in relay_messages() {
        assert_eq!(decode::<RelayMessage>(&encode(&message)), Ok(message));
    }
}

#[test]
fn frm_2_a_frame_over_the_limit_is_not_even_looked_at() {
    let frame = vec![0; MAX_FRAME + 1];
    assert_eq!(decode::<ClientMessage>(&frame), Err(CodecError::TooLarge(MAX_FRAME + 1)));
}

#[test]
fn frm_3_nothing_follows_the_message() {
    let mut frame = encode(&ClientMessage::Ping { nonce: 5, turn: 0 });
    frame.push(0);
    assert_eq!(decode::<ClientMessage>(&frame), Err(CodecError::Trailing(1)));
}

#[test]
fn frm_4_a_relay_that_does_not_know_of_resets_is_understood() {
    let frame = hex::decode("820aa0").unwrap();
    assert_eq!(decode::<RelayMessage>(&frame), Ok(RelayMessage::ForgetAll { reset: false }));
}

#[test]
fn frm_4_unknown_keys_are_skipped() {
    let mut frame = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut frame);
    encoder.array(2).unwrap().u32(3).unwrap().map(3).unwrap();
    encoder
        .u32(0)
        .unwrap()
        .u64(5)
        .unwrap()
        .u32(1)
        .unwrap()
        .u64(0)
        .unwrap()
        .u32(99)
        .unwrap()
        .str("from the future")
        .unwrap();
    assert_eq!(decode::<ClientMessage>(&frame), Ok(ClientMessage::Ping { nonce: 5, turn: 0 }));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_a_message_or_an_error(frame in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let _any = (decode::<ClientMessage>(&frame).is_ok(), decode::<RelayMessage>(&frame).is_ok());
    }
}
