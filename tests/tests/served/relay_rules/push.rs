//! What is taken and what is refused: PUSH.

use std::io::Write as _;

use super::*;

const GENESIS_ACTOR_OF_STEP_TWO: [u8; 16] = *b"liaison-genesis1";

#[tokio::test]
async fn push_1_a_change_pushed_again_keeps_its_place() {
    let relay = TestRelay::start().await;
    let (mut client, mut writing) = client_document(&relay).await;
    let changes = [writing.genesis(), writing.nom("Petit")];
    assert_eq!(client.push(writing.id(), &changes).await, (Seq(2), vec![]));
    assert_eq!(client.push(writing.id(), &changes).await, (Seq(2), vec![]));
    let mut other = relay.client(PAUL).await;
    assert_eq!(other.push(writing.id(), &changes[..1]).await, (Seq(1), vec![]));
    other.catch_up(Seq(2)).await;
    assert_eq!(other.feed.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn push_2_a_push_has_a_last_change() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let changes = vec![writing.genesis().bytes; MAX_CHANGES_PER_PUSH + 1];
    let (seq, refused) = client.push_raw(&writing.id().to_string(), changes).await.unwrap();
    assert_eq!(seq, Seq(1));
    let index = u32::try_from(MAX_CHANGES_PER_PUSH).unwrap();
    assert_eq!(refused, [RefusedChange { index, reason: ChangeRefusal::TooMany }]);
}

#[tokio::test]
async fn push_3_a_change_too_large_is_refused_and_the_next_one_taken() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let changes = [writing.genesis(), writing.cloned().nom(&"x".repeat(MAX_CHANGE + 1)), writing.cloned().nom("Petit")];
    let (seq, refused) = client.push(writing.id(), &changes).await;
    assert_eq!(seq, Seq(2));
    assert_eq!(refused, [RefusedChange { index: 1, reason: ChangeRefusal::TooLarge }]);
}

/// A compressed change chunk that says little and holds a gigabyte of zeros.
fn bomb() -> Vec<u8> {
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..512 {
        deflate.write_all(&zeros).unwrap();
    }
    let data = deflate.finish().unwrap();
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3, 4, 2];
    let mut length = data.len();
    while length >= 0x80 {
        chunk.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    chunk.push(u8::try_from(length).unwrap());
    chunk.extend(data);
    chunk
}

#[tokio::test]
async fn push_3_a_decompression_bomb_is_refused_by_its_size() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let bomb = bomb();
    assert!(bomb.len() < MAX_FRAME);
    let answer = client.push_raw(&writing.id().to_string(), vec![bomb]).await;
    assert_eq!(answer, Some(only(ChangeRefusal::TooLarge)));
    client.ping().await;
}

#[tokio::test]
async fn push_4_what_is_no_change_is_refused() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let mut damaged = writing.genesis().bytes;
    *damaged.last_mut().unwrap() ^= 1;
    for bytes in [vec![], b"no change".to_vec(), vec![0; 5000], damaged] {
        let answer = client.push_raw(&writing.id().to_string(), vec![bytes]).await;
        assert_eq!(answer, Some(only(ChangeRefusal::Undecodable)));
    }
    client.ping().await;
}

#[tokio::test]
async fn push_5_a_document_has_a_name() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let answer = client.push_raw("../client", vec![writing.genesis().bytes]).await;
    assert_eq!(answer, Some(only(ChangeRefusal::UnknownDocument)));
}

#[tokio::test]
async fn push_6_a_role_writes_its_kinds_only() {
    let relay = TestRelay::start().await;
    let (mut claire, mut sonia) = (relay.client(CLAIRE).await, relay.client(SONIA).await);
    let pen = sonia.session.pen(1);
    let (prestation, changes) = team(1, &claire.session.pen(1), sonia.session.user);
    claire.push(prestation, &changes).await;
    sonia.hold(dossier(1)).await;
    for id in [DocumentId::client(dossier(1)), DocumentId::relation(dossier(1)), DocumentId::Annuaire] {
        assert_eq!(sonia.push(id, &[first_step(id)]).await, only(ChangeRefusal::Forbidden), "{id}");
    }
    let (journal, changes) = transmission(1, &pen, "Bonne journée");
    assert_eq!(sonia.push(journal, &changes).await, (Seq(4), vec![]));
    // Nor its kinds in a dossier that it does not reach, whether there is one or not.
    let (journal, changes) = transmission(2, &pen, "Bonne journée");
    let (_, refused) = sonia.push(journal, &changes).await;
    assert!(refused.len() == 2 && refused.iter().all(|it| it.reason == ChangeRefusal::Forbidden), "{refused:?}");
    let annuaire = DocumentId::Annuaire;
    assert_eq!(claire.push(annuaire, &[first_step(annuaire)]).await, only(ChangeRefusal::Forbidden));
}

#[tokio::test]
async fn push_6_what_the_log_holds_is_acknowledged_to_whoever_may_read_it() {
    let relay = TestRelay::start().await;
    let (mut claire, mut sonia) = (relay.client(CLAIRE).await, relay.client(SONIA).await);
    let (prestation, changes) = team(1, &claire.session.pen(1), sonia.session.user);
    claire.push(prestation, &changes).await;
    sonia.hold(dossier(1)).await;
    let id = DocumentId::client(dossier(1));
    let begun = [first_step(id)];
    assert_eq!(sonia.push(id, &begun).await, only(ChangeRefusal::Forbidden), "nobody has written it");
    let (written, refused) = claire.push(id, &begun).await;
    assert!(refused.is_empty());
    assert_eq!(sonia.push(id, &begun).await, (written, vec![]), "a device that gives everything back gives this, too");
}

#[tokio::test]
async fn push_7_a_foreign_actor_is_refused() {
    let relay = TestRelay::start().await;
    let (mut claire, mut writing) = client_document(&relay).await;
    claire.push(writing.id(), &[writing.genesis(), writing.nom("Petit")]).await;
    let mut paul = relay.client(PAUL).await;
    let stolen = Pen { user: paul.session.user, ..claire.session.pen(1) };
    let mut forged = Writing::new(DocumentId::client(dossier(2)), stolen);
    let (_, refused) = paul.push(forged.id(), &[forged.genesis(), forged.nom("Faux")]).await;
    assert_eq!(refused, [RefusedChange { index: 1, reason: ChangeRefusal::ForeignActor }]);
    // Another device of the same person is another device.
    let mut phone = relay.client(CLAIRE).await;
    let mut same = Writing::new(DocumentId::client(dossier(2)), claire.session.pen(1));
    assert_eq!(phone.push(same.id(), &[same.nom("Petit")]).await, only(ChangeRefusal::ForeignActor));
}

#[tokio::test]
async fn push_8_nobody_signs_for_somebody_else() {
    let relay = TestRelay::start().await;
    let mut claire = relay.client(CLAIRE).await;
    let paul = relay.login(PAUL).await;
    let mut forged = Writing::new(DocumentId::client(dossier(1)), Pen { user: paul.user, ..claire.session.pen(1) });
    let (_, refused) = claire.push(forged.id(), &[forged.genesis(), forged.nom("Faux")]).await;
    assert_eq!(refused, [RefusedChange { index: 1, reason: ChangeRefusal::ForeignAuthor }]);
}

#[tokio::test]
async fn push_9_a_missing_dependency_is_refused_until_it_is_there() {
    let relay = TestRelay::start().await;
    let (mut client, mut writing) = client_document(&relay).await;
    let changes = [writing.genesis(), writing.nom("Petit"), writing.nom("Petit-Jean")];
    assert_eq!(client.push(writing.id(), &changes[2..]).await, only(ChangeRefusal::MissingDependency));
    assert_eq!(client.push(writing.id(), &changes[..2]).await, (Seq(2), vec![]));
    assert_eq!(client.push(writing.id(), &changes[2..]).await, (Seq(3), vec![]));
}

#[tokio::test]
async fn push_10_a_cloned_browser_profile_needs_a_new_actor() {
    let relay = TestRelay::start().await;
    let (mut client, mut writing) = client_document(&relay).await;
    let mut clone = writing.cloned();
    client.push(writing.id(), &[writing.genesis(), writing.nom("Petit")]).await;
    assert_eq!(client.push(writing.id(), &[clone.nom("Grand")]).await, only(ChangeRefusal::DuplicateActorSeq));
}

#[tokio::test]
async fn push_11_a_document_begins_with_its_own_genesis() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let other = first_step(DocumentId::client(dossier(9)));
    assert_eq!(client.push(writing.id(), &[other]).await, only(ChangeRefusal::ForgedGenesis));
}

#[tokio::test]
async fn push_11_a_later_step_comes_after_the_one_before_and_nobody_makes_their_own() {
    let relay = TestRelay::start().await;
    let (mut client, writing) = client_document(&relay).await;
    let steps = genesis(writing.id());
    assert_eq!(steps.len(), 2, "a document of a kind that was extended once");
    assert_eq!(client.push(writing.id(), &steps[1..]).await, only(ChangeRefusal::MissingDependency));
    assert_eq!(client.push(writing.id(), &steps).await, (Seq(2), vec![]));
    let forger = Pen { user: client.session.user, actor: GENESIS_ACTOR_OF_STEP_TWO };
    let mut forged = Writing::new(writing.id(), forger);
    assert_eq!(
        client.push(writing.id(), &[forged.nom("Faux")]).await.1,
        [RefusedChange { index: 0, reason: ChangeRefusal::ForgedGenesis }]
    );
}
