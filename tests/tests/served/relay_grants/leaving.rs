//! Devices that have to give everything back: revoked ones (ALL) and those whose person has another role (HELLO-8).

use liaison_shared::access::Role;
use liaison_shared::protocol::HelloRefusal;

use super::*;

#[tokio::test]
async fn all_1_a_revoked_device_gives_back_what_it_owes_gets_nothing_and_is_unknown_afterwards() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    phone.catch_up(relay.head(&claire).await).await;
    let revoke = format!("/devices/{}/revoke", phone.session.device);
    assert_eq!(relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.status, 204);
    assert_eq!(phone.closed().await, Some(1012), "it connects again and is told");
    office.name(1, "PLUS-POUR-LUI").await;

    let (mut phone, told_first) = phone.back(relay.address).await;
    assert_eq!(told_first, RelayMessage::ForgetAll { reset: false });
    assert_eq!(transmit(&mut phone, 1, "ENCORE-DU").await, left_to_the_office());
    assert_eq!(transmit(&mut phone, 2, "Jamais à lui").await, forbidden());
    office.name(1, "NON-PLUS").await;
    phone.ping().await;
    assert_eq!(told(&phone), ["forget all", "ack"]);
    assert_eq!(relay.reviews(&claire).await.len(), 1);
    assert!(!in_the_log(&relay, &claire, "ENCORE-DU").await);

    let session = phone.session.clone();
    drop(phone.leave().await);
    assert_eq!(relay.ask(Some(&session), "POST", "/forgotten", Value::Null).await.status, 204);
    let devices = relay.get(&claire, "/devices?all=true").await;
    let device = devices.as_array().unwrap().iter().find(|it| it["id"] == session.device.to_string()).unwrap();
    assert!(device["revoked"].is_i64() && device["forgotten"].is_i64(), "{device}");
    let mut again = TestClient::open(relay.address, &session).await;
    let unknown = RelayMessage::Refused { reason: HelloRefusal::UnknownSession };
    assert_eq!(again.hello(None).await, Some(unknown));
}

#[tokio::test]
async fn all_2_a_revoked_office_device_gives_back_to_the_office_what_it_wrote_anywhere() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut paul = relay.client(PAUL).await;
    let head = office.name(1, "NOM-1").await;
    paul.catch_up(head).await;
    let paul = paul.leave().await;
    let revoke = format!("/devices/{}/revoke", paul.session.device);
    relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.ok();
    office.name(1, "PLUS-POUR-LUI").await;
    let (mut paul, told_first) = paul.back(relay.address).await;
    assert_eq!(told_first, RelayMessage::ForgetAll { reset: false });
    for number in [1, 7] {
        assert_eq!(transmit(&mut paul, number, "Écrit hors ligne").await, left_to_the_office());
    }
    paul.ping().await;
    assert_eq!(told(&paul), ["forget all", "ack"]);
    assert_eq!(relay.reviews(&claire).await.len(), 2);
}

#[tokio::test]
async fn all_2_a_revoked_device_gives_back_only_what_its_person_could_write() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let phone = relay.phone(&mut office, SONIA, &[1]).await;
    let (mut dpo, mut paul) = (relay.client(HELENE).await, relay.client(PAUL).await);
    let head = relay.head(&claire).await;
    dpo.catch_up(head).await;
    paul.catch_up(head).await;
    let mut taken = Vec::new();
    for (device, id) in
        [(phone, DocumentId::client(dossier(1))), (dpo, DocumentId::client(dossier(1))), (paul, DocumentId::Annuaire)]
    {
        let device = device.leave().await;
        let revoke = format!("/devices/{}/revoke", device.session.device);
        relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.ok();
        let (mut device, told_first) = device.back(relay.address).await;
        assert_eq!(told_first, RelayMessage::ForgetAll { reset: false });
        let (_, refused) = device.push(id, &[first_step(id)]).await;
        let reasons: Vec<ChangeRefusal> = refused.iter().map(|it| it.reason).collect();
        if reasons != [ChangeRefusal::Forbidden] {
            taken.push((id.to_string(), device.review.clone(), reasons));
        }
    }
    assert_eq!(taken, [], "none of these was ever theirs to write: nothing to decide for the office");
}

#[tokio::test]
async fn hello_8_a_device_whose_person_has_got_another_role_starts_over() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    office.write(DocumentId::relation(dossier(1)), |copy| copy.demande("DU-BUREAU")).await;
    office.give_to(2, SUD).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    phone.catch_up(relay.head(&claire).await).await;
    make(&relay, &claire, &phone.session, "responsable-secteur", &[NORD]).await;
    assert_eq!(phone.closed().await, Some(1012));

    let (mut phone, welcome) = phone.back(relay.address).await;
    let RelayMessage::Welcome { start_over, role, .. } = welcome else { panic!("{welcome:?}") };
    assert_eq!((start_over, role), (true, Role::ResponsableSecteur));
    // What is owed in a dossier that the new role reaches goes in, the rest is left to the office.
    assert_eq!(transmit(&mut phone, 1, "DANS-LE-DOSSIER").await, TAKEN);
    assert_eq!(transmit(&mut phone, 2, "AU-BUREAU").await, left_to_the_office());
    office.name(1, "PAS-ENCORE").await;
    phone.ping().await;
    assert_eq!(told(&phone), ["welcome", "ack"], "it gets nothing before it has deleted what it holds");

    let session = phone.session.clone();
    drop(phone.leave().await);
    let mut phone = TestClient::open(relay.address, &session).await;
    let welcome = phone.hello(None).await;
    assert!(matches!(welcome, Some(RelayMessage::Welcome { start_over: false, .. })), "{welcome:?}");
    phone.hold(dossier(1)).await;
    phone.catch_up(relay.head(&claire).await).await;
    assert!(phone.saw(b"DU-BUREAU") && phone.saw(b"DANS-LE-DOSSIER") && phone.came_of(2).is_empty());
    phone.ping().await;
    let (mut phone, welcome) = phone.leave().await.back(relay.address).await;
    assert!(matches!(welcome, RelayMessage::Welcome { start_over: false, .. }), "{welcome:?}");
    phone.ping().await;
    assert_eq!(told(&phone), ["welcome"]);
}

#[tokio::test]
async fn hello_8_who_leaves_the_office_for_the_homes_of_clients_keeps_nothing_of_the_office() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    office.write(DocumentId::relation(dossier(1)), |copy| copy.demande("DU-BUREAU")).await;
    let mut paul = relay.client(PAUL).await;
    office.put_on(2, paul.session.user).await;
    paul.catch_up(relay.head(&claire).await).await;
    paul.ping().await;
    let paul = paul.leave().await;
    make(&relay, &claire, &paul.session, "intervenant", &[]).await;
    let (mut paul, welcome) = paul.back(relay.address).await;
    let RelayMessage::Welcome { start_over: true, role: Role::Intervenant, lease: Some(_), .. } = welcome else {
        panic!("{welcome:?}")
    };
    assert_eq!(transmit(&mut paul, 1, "ENCORE-DU").await, left_to_the_office());
    assert_eq!(transmit(&mut paul, 2, "DE-SON-EQUIPE").await, TAKEN);
    office.name(1, "PAS-POUR-LUI").await;
    paul.ping().await;
    assert_eq!(told(&paul), ["welcome", "ack"]);
    let session = paul.session.clone();
    drop(paul.leave().await);
    let mut paul = TestClient::welcomed(relay.address, &session).await;
    paul.hold(dossier(2)).await;
    paul.catch_up(relay.head(&claire).await).await;
    assert!(!paul.saw(b"DU-BUREAU") && !paul.saw(b"PAS-POUR-LUI") && paul.came_of(1).is_empty());
    assert!(paul.saw(b"DE-SON-EQUIPE"), "it starts from nothing, its own included");
}
