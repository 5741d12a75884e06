//! What intervenants write and are never sent: DEP.

use liaison_shared::documents::NewChange;

use super::*;

/// A note to the office, from nothing: genesis and change.
fn note(client: &mut TestClient, number: u8, texte: &str) -> (DocumentId, Vec<NewChange>) {
    let mut writing = Writing::new(DocumentId::rapports(dossier(number)), client.new_pen());
    (writing.id(), vec![writing.genesis(), writing.note(texte)])
}

/// Pushes a note; its places that are left to the office, and the refusals.
async fn deposit(client: &mut TestClient, number: u8, texte: &str) -> (Vec<u32>, Vec<ChangeRefusal>) {
    let (id, changes) = note(client, number, texte);
    let (_, refused) = client.push(id, &changes).await;
    (client.review.clone(), refused.iter().map(|refusal| refusal.reason).collect())
}

#[tokio::test]
async fn dep_1_what_an_intervenant_notes_reaches_the_office_and_no_other_device_of_an_intervenant() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    make(&relay, &claire, &relay.login(AMINA).await, "intervenant", &[]).await;
    let mut paul = relay.client(PAUL).await;
    let mut sonia = relay.phone(&mut office, SONIA, &[1]).await;
    // One who is on the team already, and one who is put on it later: the feed, and a backfill.
    let mut colleague = relay.phone(&mut office, AMINA, &[1]).await;
    let mut tablet = relay.client(SONIA).await;
    tablet.hold(dossier(1)).await;
    assert_eq!(deposit(&mut sonia, 1, "POUR-LE-BUREAU").await, TAKEN);
    office.write(DocumentId::rapports(dossier(1)), |copy| copy.note("DU-BUREAU")).await;
    office.take_off(1, colleague.session.user).await;
    assert_eq!(colleague.forget().await, [dossier(1)]);
    colleague.forgotten(vec![dossier(1)]).await;
    office.put_on(1, colleague.session.user).await;
    colleague.hold(dossier(1)).await;
    let head = office.transmit(1, "POUR-TOUS").await;
    let mut later = relay.client(AMINA).await;
    for phone in [&mut sonia, &mut tablet, &mut colleague, &mut later] {
        phone.catch_up(head).await;
        assert!(phone.saw(b"POUR-TOUS"));
        for trace in [&b"rapports"[..], b"POUR-LE-BUREAU", b"DU-BUREAU"] {
            assert!(!phone.saw(trace), "{:?}", phone.session);
        }
    }
    paul.catch_up(head).await;
    assert!(paul.saw(b"POUR-LE-BUREAU") && paul.saw(b"DU-BUREAU"), "the same search finds it where it may be");
}

#[tokio::test]
async fn dep_1_a_note_that_arrives_late_is_left_to_the_office_like_anything_else() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    office.take_off(1, phone.session.user).await;
    assert_eq!(phone.forget().await, [dossier(1)]);
    assert_eq!(deposit(&mut phone, 1, "ECRIT-AVANT").await, TAKEN);
    phone.forgotten(vec![dossier(1)]).await;
    assert_eq!(deposit(&mut phone, 1, "ECRIT-APRES").await, (vec![1], vec![]), "the beginning is known");
    assert_eq!(deposit(&mut phone, 2, "JAMAIS-A-ELLE").await, forbidden());
    let [review] = &relay.reviews(&claire).await[..] else { panic!("one review") };
    assert_eq!(review["lines"][0], json!({ "label": "Note au bureau", "written": "ECRIT-APRES" }));
    assert!(in_the_log(&relay, &claire, "ECRIT-AVANT").await && !in_the_log(&relay, &claire, "ECRIT-APRES").await);
}

#[tokio::test]
async fn dep_2_a_relay_that_was_put_back_gets_from_the_phone_what_nobody_else_may_give() {
    let mut relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let phone = relay.phone(&mut office, SONIA, &[1]).await.leave().await;
    relay.stop().await;
    let store = relay.folder().join("liaison.db");
    let older = relay.folder().join("older.db");
    std::fs::copy(&store, &older).unwrap();
    relay.restart().await;

    let (mut phone, _) = phone.back(relay.address).await;
    let (id, changes) = note(&mut phone, 1, "POUR-LE-BUREAU");
    let (head, refused) = phone.push(id, &changes).await;
    assert!(refused.is_empty());
    phone.catch_up(head).await;
    let phone = phone.leave().await;
    relay.stop().await;
    std::fs::copy(&older, &store).unwrap();
    relay.restart().await;

    let (mut phone, welcome) = phone.back(relay.address).await;
    assert!(matches!(welcome, RelayMessage::Welcome { reset: true, .. }), "{welcome:?}");
    let claire = relay.login(CLAIRE).await;
    assert!(!in_the_log(&relay, &claire, "POUR-LE-BUREAU").await);
    assert_eq!(phone.push(id, &changes).await.1, []);
    assert!(in_the_log(&relay, &claire, "POUR-LE-BUREAU").await);
}
