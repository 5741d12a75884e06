//! What a device has to give up while it is there: FORGET, and LATE-1 at that moment.

use liaison_server::devices::Devices;
use liaison_server::server::open;
use liaison_shared::sync::{HoldState, HoldingRow};

use super::*;

/// What the relay keeps of a device, in the order of the dossiers.
async fn rows(relay: &TestRelay, phone: &TestClient) -> Vec<(DossierId, HoldState)> {
    let database = open(&relay.store()).await.unwrap();
    let mut rows = Devices::new(database.clone()).holdings(phone.session.device).await.unwrap();
    database.close().await;
    rows.sort_by_key(|row| row.dossier);
    rows.into_iter().map(|HoldingRow { dossier, state, .. }| (dossier, state)).collect()
}

#[tokio::test]
async fn forget_1_taken_off_the_team_a_phone_gives_back_what_it_owes_and_sees_no_more() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut paul = relay.client(PAUL).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    office.take_off(1, phone.session.user).await;
    assert_eq!(phone.forget().await, [dossier(1)]);
    let hidden = office.name(1, "PLUS-POUR-ELLE").await;
    // What was written here before the word came is owed, and goes into the dossier.
    assert_eq!(transmit(&mut phone, 1, "ECRIT-AVANT").await, TAKEN);
    phone.forgotten(vec![dossier(1)]).await;
    assert_eq!(transmit(&mut phone, 1, "ECRIT-APRES").await, (vec![1], vec![]), "the journal's beginning is known");
    let head = office.name(2, "TOUJOURS").await;
    phone.catch_up(head).await;
    paul.catch_up(head).await;
    assert!(phone.saw(b"TOUJOURS") && !phone.saw(b"PLUS-POUR-ELLE") && head > hidden);
    assert!(paul.saw(b"ECRIT-AVANT") && !paul.saw(b"ECRIT-APRES"), "the second is left to the office");
    assert_eq!(relay.reviews(&office.claire.session).await.len(), 1);
}

#[tokio::test]
async fn forget_4_what_was_forgotten_is_on_record() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    phone.ping().await;
    assert_eq!(rows(&relay, &phone).await, [(dossier(1), HoldState::Held), (dossier(2), HoldState::Held)]);
    office.take_off(1, phone.session.user).await;
    assert_eq!(phone.forget().await, [dossier(1)]);
    assert_eq!(rows(&relay, &phone).await, [(dossier(1), HoldState::Forgetting), (dossier(2), HoldState::Held)]);
    phone.forgotten(vec![dossier(1)]).await;
    phone.ping().await;
    assert_eq!(rows(&relay, &phone).await, [(dossier(1), HoldState::Forgotten), (dossier(2), HoldState::Held)]);
    let entries = relay.entries(&relay.login(HELENE).await, "dossier_forgotten", 1).await;
    assert_eq!(entries.len(), 1);
    let (who, where_) = (phone.session.user.to_string(), phone.session.device.to_string());
    let told = ["user", "device", "dossier"].map(|name| entries[0][name].as_str().unwrap().to_owned());
    assert_eq!(told, [who, where_, dossier(1).to_string()]);
}

#[tokio::test]
async fn forget_4_a_phone_that_does_not_confirm_is_told_again() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    let (granted, ends) = (phone.granted.clone(), phone.ends.clone());
    office.take_off(1, phone.session.user).await;
    phone.forget().await;
    // Cut before it had deleted anything: it holds both.
    let mut phone = phone.leave().await;
    (phone.granted, phone.ends) = (granted.clone(), ends);
    let (mut phone, _) = phone.back(relay.address).await;
    assert!(matches!(phone.next().await, Some(RelayMessage::TellHeld { .. })));
    phone.say(|turn| ClientMessage::Held { whole: granted, part: vec![], turn }).await;
    assert_eq!(phone.forget().await, [dossier(1)]);
    // Cut after it had, before it could say so.
    let (mut phone, _) = phone.leave().await.back(relay.address).await;
    assert!(matches!(phone.next().await, Some(RelayMessage::TellHeld { .. })));
    phone.say(|turn| ClientMessage::Held { whole: vec![dossier(2)], part: vec![], turn }).await;
    phone.ping().await;
    assert_eq!(rows(&relay, &phone).await, [(dossier(1), HoldState::Forgotten), (dossier(2), HoldState::Held)]);
    assert!(!told(&phone).contains(&"forget"), "{:?}", told(&phone));
    relay.entries(&relay.login(HELENE).await, "dossier_forgotten", 1).await;
}

#[tokio::test]
async fn forget_4_given_back_meanwhile_a_dossier_comes_again_once_it_is_forgotten() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "NOM-1").await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    phone.catch_up(relay.head(&office.claire.session).await).await;
    office.take_off(1, phone.session.user).await;
    assert_eq!(phone.forget().await, [dossier(1)]);
    let before = phone.came_of(1).len();
    let head = office.put_on(1, phone.session.user).await;
    phone.catch_up(head).await;
    phone.ping().await;
    assert_eq!((phone.came_of(1).len(), phone.granted.len()), (before, 0), "not before it has confirmed");
    phone.forgotten(vec![dossier(1)]).await;
    phone.hold(dossier(1)).await;
    phone.ping().await;
    let again = &phone.came_of(1)[before..];
    assert_eq!(again, [1, 2, 3, 4, 5, 6], "all of it, what was written meanwhile included");
}
