//! Grants, withdrawals and late arrivals, as conversations with one connection of the relay.

use std::collections::BTreeMap;

use super::*;
use crate::access::Role;
use crate::documents::genesis;
use crate::ids::{DeviceId, UserId};
use crate::sync::digest;

const NOW: Timestamp = Timestamp(1000);
const EPOCH: Epoch = Epoch([9; 16]);
const ONE: DossierId = DossierId([1; 16]);
const TWO: DossierId = DossierId([2; 16]);

struct Device {
    cursor: Option<u64>,
    rows: Vec<HoldingRow>,
    held: Option<[u8; 16]>,
    role: Role,
    former: Option<Role>,
    revoked: bool,
}

/// A phone that holds these, as the relay believes it does.
fn phone(held: &[DossierId]) -> Device {
    let rows =
        held.iter().map(|dossier| HoldingRow { dossier: *dossier, state: HoldState::Held, ends: None }).collect();
    let held = Some(digest(held.iter().map(|dossier| (dossier, None))));
    let role = Role::Intervenant;
    Device { cursor: Some(9), rows, held, role, former: Some(role), revoked: false }
}

fn scope(dossiers: &[DossierId]) -> Scope {
    Scope::Dossiers(dossiers.iter().map(|dossier| (*dossier, None)).collect::<BTreeMap<_, _>>())
}

fn connect(device: Device, scope: Scope) -> (RelaySession, Vec<RelayEffect>) {
    let mut session = RelaySession::default();
    let cursor = device.cursor.map(|seq| Cursor { epoch: EPOCH, seq: Seq(seq) });
    let hello =
        ClientMessage::Hello { protocol: PROTOCOL, app: "test".into(), token: "t".into(), cursor, held: device.held };
    session.handle(RelayEvent::Frame(&encode(&hello)), NOW);
    let identity = Identity { user: UserId([1; 16]), device: DeviceId([2; 16]), role: device.role };
    let Device { rows: holdings, former, revoked, .. } = device;
    let admitted = Admitted { identity, scope, holdings, former, lease: None, revoked };
    let event = RelayEvent::Identified { result: Ok(Box::new(admitted)), epoch: EPOCH, head: Seq(9) };
    let effects = session.handle(event, NOW);
    (session, effects)
}

fn sent(effects: &[RelayEffect]) -> Vec<RelayMessage> {
    let frames = effects.iter().filter_map(|effect| match effect {
        RelayEffect::Send(frame) => Some(decode(frame).unwrap()),
        _ => None,
    });
    frames.filter(|message| !matches!(message, RelayMessage::Welcome { .. })).collect()
}

fn kept(effects: &[RelayEffect]) -> Vec<(DossierId, HoldState)> {
    let rows = effects.iter().filter_map(|effect| match effect {
        RelayEffect::Hold(rows) => Some(rows.iter().map(|row| (row.dossier, row.state))),
        _ => None,
    });
    rows.flatten().collect()
}

fn hears(session: &mut RelaySession, message: &ClientMessage) -> Vec<RelayEffect> {
    session.handle(RelayEvent::Frame(&encode(message)), NOW)
}

fn right(session: &mut RelaySession, dossier: DossierId) -> Right {
    right_to(session, DocumentId::journal(dossier, 2026))
}

fn right_to(session: &mut RelaySession, id: DocumentId) -> Right {
    let push =
        ClientMessage::Push { id: 1, document: id.to_string(), changes: vec![genesis(id)[0].bytes.clone().into()] };
    match &hears(session, &push)[..] {
        [RelayEffect::Append { candidates, .. }] => candidates[0].right,
        other => panic!("{other:?}"),
    }
}

#[test]
fn grant_6_a_device_that_holds_what_it_should_is_told_nothing() {
    let (session, effects) = connect(phone(&[ONE]), scope(&[ONE]));
    assert!(sent(&effects).is_empty() && kept(&effects).is_empty());
    assert_eq!(session.visible().map(|visible| visible.iter().copied().collect()), Some(vec![ONE]));
}

#[test]
fn grant_1_a_new_device_gets_its_dossiers_by_the_feed() {
    let device = Device { cursor: None, held: None, former: None, ..phone(&[]) };
    let (_, effects) = connect(device, scope(&[ONE]));
    assert_eq!(kept(&effects), [(ONE, HoldState::Granting)], "kept before anything is sent");
    let Some(RelayMessage::Grant { grants, .. }) = sent(&effects).pop() else { panic!("{effects:?}") };
    assert!(grants[0].whole && grants[0].grant.dossier == ONE);
    assert_eq!(effects.last(), Some(&RelayEffect::Read { after: Seq(0) }));
}

#[test]
fn grant_2_a_new_grant_brings_that_dossier_only_and_leaves_the_cursor_where_it_is() {
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    let effects = session.handle(RelayEvent::Rescoped(scope(&[ONE, TWO])), NOW);
    assert_eq!(kept(&effects), [(TWO, HoldState::Granting)]);
    let backfill = RelayEffect::Backfill { dossier: TWO, after: Seq(0) };
    assert_eq!(effects.last(), Some(&backfill));
    let event = RelayEvent::Backfilled { dossier: TWO, chunks: Vec::new(), more_after: None };
    let effects = session.handle(event, NOW);
    assert!(matches!(sent(&effects)[..], [RelayMessage::Backfill { done: true, .. }]));
    let effects = hears(&mut session, &ClientMessage::Granted { dossiers: vec![TWO], turn: 1 });
    assert_eq!(kept(&effects), [(TWO, HoldState::Held)]);
}

#[test]
fn grant_4_a_dossier_is_granted_between_two_readings() {
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    session.handle(RelayEvent::Advanced(Seq(12)), NOW);
    assert!(session.handle(RelayEvent::Rescoped(scope(&[ONE, TWO])), NOW).is_empty(), "a reading is under way");
    let effects = session.handle(RelayEvent::Read { chunks: Vec::new(), upto: Seq(12) }, NOW);
    assert!(effects.contains(&RelayEffect::Backfill { dossier: TWO, after: Seq(0) }));
}

#[test]
fn grant_5_another_end_is_told() {
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    let ends = Scope::Dossiers(BTreeMap::from([(ONE, Some(Timestamp(5)))]));
    let effects = session.handle(RelayEvent::Rescoped(ends), NOW);
    let [RelayMessage::Grant { grants, .. }] = &sent(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(grants[0].grant.ends, Some(Timestamp(5)));
}

#[test]
fn grant_7_a_device_that_says_something_else_is_asked() {
    let device = Device { held: Some([0; 16]), ..phone(&[ONE]) };
    let (mut session, effects) = connect(device, scope(&[ONE, TWO]));
    assert_eq!(sent(&effects), [RelayMessage::TellHeld { turn: 1 }]);
    let effects = hears(&mut session, &ClientMessage::Held { whole: vec![TWO], part: Vec::new(), turn: 1 });
    assert!(kept(&effects).contains(&(ONE, HoldState::Forgotten)) && kept(&effects).contains(&(TWO, HoldState::Held)));
    assert!(effects.contains(&RelayEffect::Backfill { dossier: ONE, after: Seq(0) }));
}

#[test]
fn forget_4_a_withdrawal_is_kept_until_the_device_confirms_it() {
    let (mut session, _) = connect(phone(&[ONE, TWO]), scope(&[ONE, TWO]));
    let effects = session.handle(RelayEvent::Rescoped(scope(&[TWO])), NOW);
    assert_eq!(kept(&effects), [(ONE, HoldState::Forgetting)]);
    assert_eq!(sent(&effects), [RelayMessage::Forget { dossiers: vec![ONE], turn: 1 }]);
    // Given back meanwhile: not before the device has confirmed.
    assert!(session.handle(RelayEvent::Rescoped(scope(&[ONE, TWO])), NOW).is_empty());
    let effects = hears(&mut session, &ClientMessage::Forgotten { dossiers: vec![ONE], turn: 1 });
    assert_eq!(kept(&effects), [(ONE, HoldState::Forgotten), (ONE, HoldState::Granting)]);
}

#[test]
fn forget_4_a_withdrawal_that_a_restart_interrupted_is_asked_again_also_when_the_dossier_was_given_back() {
    let mut device = phone(&[ONE]);
    device.rows[0].state = HoldState::Forgetting;
    let (mut session, effects) = connect(device, scope(&[ONE]));
    assert_eq!(sent(&effects), [RelayMessage::TellHeld { turn: 1 }]);
    let effects = hears(&mut session, &ClientMessage::Held { whole: vec![ONE], part: Vec::new(), turn: 1 });
    assert_eq!(sent(&effects), [RelayMessage::Forget { dossiers: vec![ONE], turn: 2 }]);
    assert_eq!(kept(&effects), [(ONE, HoldState::Forgetting)]);
    let effects = hears(&mut session, &ClientMessage::Forgotten { dossiers: vec![ONE], turn: 2 });
    assert_eq!(kept(&effects), [(ONE, HoldState::Forgotten), (ONE, HoldState::Granting)]);
}

#[test]
fn late_1_what_is_owed_at_a_withdrawal_is_taken_and_what_arrives_after_it_is_left_to_the_office() {
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    assert_eq!(right(&mut session, ONE), Right::Write);
    session.handle(RelayEvent::Rescoped(scope(&[])), NOW);
    assert_eq!(right(&mut session, ONE), Right::Leaving);
    hears(&mut session, &ClientMessage::Forgotten { dossiers: vec![ONE], turn: 1 });
    assert_eq!(right(&mut session, ONE), Right::Lost);
    let (mut session, effects) = connect(phone(&[ONE]), scope(&[]));
    assert_eq!(sent(&effects), [RelayMessage::Forget { dossiers: vec![ONE], turn: 1 }]);
    assert_eq!(right(&mut session, ONE), Right::Lost, "it was offline then");
    assert_eq!(right(&mut session, TWO), Right::Nothing, "never theirs, and the same whether it exists or not");
}

#[test]
fn dep_1_what_is_only_deposited_is_taken_like_what_is_written() {
    let rapports = DocumentId::rapports(ONE);
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    assert_eq!(right_to(&mut session, rapports), Right::Write);
    session.handle(RelayEvent::Rescoped(scope(&[])), NOW);
    assert_eq!(right_to(&mut session, rapports), Right::Leaving);
    hears(&mut session, &ClientMessage::Forgotten { dossiers: vec![ONE], turn: 1 });
    assert_eq!(right_to(&mut session, rapports), Right::Lost);
    assert_eq!(right_to(&mut session, DocumentId::rapports(TWO)), Right::Nothing);
    // An intervenant who has come into the office gives back what they noted before.
    let device = Device { role: Role::ReferentQualite, former: Some(Role::Intervenant), ..phone(&[ONE]) };
    let (mut session, _) = connect(device, Scope::Agency);
    assert_eq!(right_to(&mut session, rapports), Right::Lost, "no longer theirs to write, and theirs once");
}

#[test]
fn push_6_what_is_only_read_may_have_been_written_under_another_role() {
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    assert_eq!(right_to(&mut session, DocumentId::client(ONE)), Right::Read);
    assert_eq!(right_to(&mut session, DocumentId::client(TWO)), Right::Nothing);
    assert_eq!(right_to(&mut session, DocumentId::administratif(ONE)), Right::Nothing);
    let (mut session, _) = connect(Device { role: Role::Dpo, ..phone(&[ONE]) }, Scope::Agency);
    assert_eq!(right_to(&mut session, DocumentId::client(TWO)), Right::Read);
}

#[test]
fn all_2_a_revoked_device_is_heard_and_gets_nothing() {
    let (mut session, effects) = connect(Device { revoked: true, ..phone(&[ONE]) }, scope(&[ONE]));
    assert_eq!(sent(&effects), [RelayMessage::ForgetAll { reset: false }]);
    assert!(kept(&effects).is_empty());
    assert!(session.handle(RelayEvent::Advanced(Seq(50)), NOW).is_empty());
    assert_eq!(right(&mut session, ONE), Right::Lost);
    assert_eq!(right(&mut session, TWO), Right::Nothing);
}

#[test]
fn feed_7_a_device_with_another_role_starts_over_before_it_gets_anything() {
    let device = Device { role: Role::Intervenant, former: Some(Role::Gestionnaire), ..phone(&[]) };
    let (mut session, effects) = connect(device, scope(&[ONE]));
    assert!(sent(&effects).is_empty() && !effects.contains(&RelayEffect::StartedOver));
    assert!(session.handle(RelayEvent::Advanced(Seq(50)), NOW).is_empty());
    assert_eq!((right(&mut session, ONE), right(&mut session, TWO)), (Right::Leaving, Right::Lost));
    let fresh = Device { cursor: None, held: None, former: Some(Role::Gestionnaire), ..phone(&[]) };
    let (mut session, effects) = connect(fresh, scope(&[ONE]));
    assert!(!effects.contains(&RelayEffect::StartedOver), "not before it has stored something");
    let effects = hears(&mut session, &ClientMessage::Stored { seq: Seq(0) });
    assert!(effects.contains(&RelayEffect::StartedOver));
}

#[test]
fn push_6_only_who_answers_for_a_sector_begins_a_dossier_elsewhere() {
    let role = Role::ResponsableSecteur;
    let (mut session, _) = connect(Device { role, former: Some(role), ..phone(&[ONE]) }, scope(&[ONE]));
    assert_eq!(right(&mut session, TWO), Right::Begin);
}

#[test]
fn link_4_a_frame_lost_on_the_way_to_the_relay_is_noticed() {
    let (mut session, _) = connect(phone(&[ONE]), scope(&[ONE]));
    let granted = |turn| ClientMessage::Granted { dossiers: vec![ONE], turn };
    assert!(hears(&mut session, &granted(1)).is_empty());
    assert!(hears(&mut session, &granted(1)).is_empty(), "once too often does no harm");
    assert_eq!(hears(&mut session, &granted(3)), [RelayEffect::Close]);
    assert_eq!(hears(&mut session, &ClientMessage::Ping { nonce: 1, turn: 2 }), [RelayEffect::Close]);
}
