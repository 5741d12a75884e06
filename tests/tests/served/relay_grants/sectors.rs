//! What a responsable de secteur reaches, and how they begin a dossier: GRANT-2, FORGET-1, PUSH-6.

use super::*;

/// Somebody who answers for the other sector.
async fn of_the_south(relay: &TestRelay, claire: &Session) -> TestClient {
    let paul = relay.login(PAUL).await;
    make(relay, claire, &paul, "responsable-secteur", &[SUD]).await;
    TestClient::welcomed(relay.address, &paul).await
}

#[tokio::test]
async fn grant_2_a_dossier_that_changes_sector_changes_hands() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let (mut north, mut south) = (relay.client(NADIA).await, of_the_south(&relay, &office.claire.session).await);
    office.give_to(1, NORD).await;
    let before = office.name(1, "NOM-1").await;
    north.hold(dossier(1)).await;
    for responsable in [&mut north, &mut south] {
        responsable.catch_up(before).await;
    }
    assert!(north.saw(b"NOM-1") && !south.saw(b"NOM-1"));

    office.give_to(1, " sud ").await;
    assert_eq!(north.forget().await, [dossier(1)]);
    north.forgotten(vec![dossier(1)]).await;
    south.hold(dossier(1)).await;
    assert!(south.saw(b"NOM-1"), "as people mean the name of a sector");
    let head = office.name(1, "NOM-2").await;
    for responsable in [&mut north, &mut south] {
        responsable.catch_up(head).await;
    }
    assert!(south.saw(b"NOM-2") && !north.saw(b"NOM-2"));
    assert_eq!(transmit(&mut south, 1, "Bien reçu").await, TAKEN);
    assert_eq!(transmit(&mut north, 1, "Trop tard").await, (vec![1], vec![]));
}

#[tokio::test]
async fn grant_2_a_dossier_without_a_sector_is_every_responsable_s() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let (mut north, mut south) = (relay.client(NADIA).await, of_the_south(&relay, &office.claire.session).await);
    office.name(1, "NOM-1").await;
    for responsable in [&mut north, &mut south] {
        responsable.hold(dossier(1)).await;
    }
    office.give_to(1, SUD).await;
    assert_eq!(north.forget().await, [dossier(1)]);
    assert_eq!(transmit(&mut south, 1, "À nous").await, TAKEN);
}

#[tokio::test]
async fn grant_2_a_responsable_of_other_sectors_than_before_gets_theirs_and_gives_up_the_others() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut nadia = relay.client(NADIA).await;
    office.give_to(1, NORD).await;
    office.give_to(2, SUD).await;
    let head = office.name(2, "NOM-2").await;
    nadia.hold(dossier(1)).await;
    nadia.catch_up(head).await;
    nadia.ping().await;
    make(&relay, &claire, &nadia.session, "responsable-secteur", &[SUD]).await;
    assert_eq!(nadia.closed().await, Some(1012));
    let (mut nadia, welcome) = nadia.back(relay.address).await;
    assert!(matches!(welcome, RelayMessage::Welcome { start_over: false, .. }), "the same role: {welcome:?}");
    assert_eq!(nadia.forget().await, [dossier(1)]);
    nadia.hold(dossier(2)).await;
    assert!(nadia.saw(b"NOM-2"));
    assert_eq!(transmit(&mut nadia, 1, "Écrit hors ligne").await, left_to_the_office());
}

#[tokio::test]
async fn push_6_a_responsable_begins_a_dossier_and_holds_it() {
    let relay = TestRelay::start().await;
    let (mut nadia, mut paul) = (relay.client(NADIA).await, relay.client(PAUL).await);
    let pen = nadia.new_pen();
    let writing = |id: DocumentId| Writing::new(id, pen.clone());
    let mut client = writing(DocumentId::client(dossier(1)));
    let mut team = writing(prestation(1));
    let mut relation = writing(DocumentId::relation(dossier(1)));
    // Written offline, sent in a row: nothing is waited for in between.
    let pushes = [
        (client.id(), vec![client.genesis(), client.nom("NOM-NOUVEAU")]),
        (team.id(), vec![team.genesis(), team.secteur(NORD)]),
        (relation.id(), vec![relation.genesis(), relation.demande("Une aide le matin")]),
    ];
    for (place, (id, changes)) in (1_000..).zip(pushes) {
        let changes = changes.iter().map(|change| change.bytes.clone().into()).collect();
        nadia.send(&ClientMessage::Push { id: place, document: id.to_string(), changes }).await;
    }
    let mut acks = Vec::new();
    while acks.len() < 3 {
        nadia.take_one().await;
        acks = nadia.heard().into_iter().filter(|message| kind(message) == "ack").collect();
    }
    for (place, ack) in (0_u64..).zip(acks) {
        let RelayMessage::Ack { id, seq, refused, review } = ack else { panic!("{ack:?}") };
        assert_eq!((id, seq, refused, review), (1_000 + place, Seq(2 * place + 2), vec![], vec![]));
    }
    nadia.hold(dossier(1)).await;
    paul.catch_up(Seq(6)).await;
    assert!(paul.saw(b"NOM-NOUVEAU"));
    let (seq, refused) = nadia.push(client.id(), &[client.nom("NOM-CORRIGE")]).await;
    assert_eq!((seq, refused), (Seq(7), vec![]));
}

#[tokio::test]
async fn push_6_nobody_begins_what_another_device_began() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let (mut nadia, mut twin) = (relay.client(NADIA).await, relay.client(NADIA).await);
    office.give_to(1, SUD).await;
    let mut client = Writing::new(DocumentId::client(dossier(1)), nadia.new_pen());
    let (_, refused) = nadia.push(client.id(), &[client.genesis(), client.nom("Intruse")]).await;
    assert_eq!(refused.iter().map(|it| it.reason).collect::<Vec<_>>(), forbidden().1);
    // Begun by oneself and given away: another device of hers does not go on with it.
    let mut team = Writing::new(prestation(2), twin.new_pen());
    twin.push(team.id(), &[team.genesis(), team.secteur(SUD)]).await;
    assert_eq!(transmit(&mut nadia, 2, "De l’autre").await, forbidden());
}
