//! What a reading shows: of whom it may, bounded, moving over the rest.

use super::*;

pub async fn feed_7_a_role_reads_its_kinds_and_moves_over_the_others(log: impl ChangeLog) {
    let (client, relation) = (DocumentId::client(DOSSIER), DocumentId::relation(DOSSIER));
    append_one(&log, 1, chain(relation, 10, 2)).await;
    append_one(&log, 1, chain(client, 20, 1)).await;
    append_one(&log, 1, chain(relation, 10, 4)[3..].to_vec()).await;
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Intervenant)).await.unwrap();
    assert_eq!(page.chunks.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [4, 5]);
    assert!(page.chunks.iter().all(|entry| entry.document == client));
    assert_eq!(page.upto, Seq(7));
    assert_eq!(log.read(Seq(5), 1000, &View::agency(Role::Intervenant)).await.unwrap().upto, Seq(7));
    assert_eq!(log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap().chunks.len(), 7);
}

pub async fn feed_3_a_reading_is_bounded_and_the_next_one_goes_on(log: impl ChangeLog) {
    let all = chain(DocumentId::client(DOSSIER), 10, 40);
    append_one(&log, 1, all.clone()).await;
    let (mut after, mut read, mut readings) = (Seq(0), Vec::new(), 0);
    while after < Seq(41) {
        let page = log.read(after, 1000, &View::agency(Role::Gestionnaire)).await.unwrap();
        let bytes: usize = page.chunks.iter().map(|entry| entry.bytes.len()).sum();
        let last = page.chunks.last().unwrap();
        assert!(bytes - last.bytes.len() < 1000, "one change more than the bound at most");
        assert_eq!(page.upto, last.seq);
        after = page.upto;
        read.extend(page.chunks.iter().map(name));
        readings += 1;
    }
    assert!(readings >= 4, "{readings}");
    assert_eq!(read, all.iter().map(|candidate| candidate.header.hash).collect::<Vec<_>>());
}

pub async fn grant_2_a_view_of_some_dossiers_shows_them_and_what_is_of_none(log: impl ChangeLog) {
    let other = DossierId([6; 16]);
    append_one(&log, 1, chain(DocumentId::client(other), 10, 1)).await;
    append_one(&log, 1, chain(DocumentId::client(DOSSIER), 20, 1)).await;
    append_one(&log, 1, chain(DocumentId::relation(DOSSIER), 30, 1)).await;
    append_one(&log, 1, chain(DocumentId::Annuaire, 40, 1)).await;
    append_one(&log, 1, chain(DocumentId::journal(other, 2026), 50, 1)).await;
    let view = |dossiers: &[DossierId]| {
        let dossiers = Some(Arc::new(dossiers.iter().copied().collect()));
        View { role: Role::Intervenant, dossiers }
    };
    for (dossiers, expected) in [
        (&[DOSSIER][..], &[3, 4, 7, 8][..]),
        (&[other], &[1, 2, 7, 8, 9, 10]),
        (&[DOSSIER, other], &[1, 2, 3, 4, 7, 8, 9, 10]),
        (&[DossierId([7; 16])], &[7, 8]),
        (&[], &[7, 8]),
    ] {
        let page = log.read(Seq(0), usize::MAX, &view(dossiers)).await.unwrap();
        assert_eq!(page.chunks.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), expected, "{dossiers:?}");
        assert_eq!(page.upto, Seq(10), "it moves over the rest");
    }
    // More than a statement has places for.
    let mut very_many: Vec<DossierId> = (0..40_000_u128).map(|number| DossierId((number << 8).to_be_bytes())).collect();
    very_many.push(DOSSIER);
    let page = log.read(Seq(0), usize::MAX, &view(&very_many)).await.unwrap();
    assert_eq!(page.chunks.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [3, 4, 7, 8]);
    // Bounded, it goes on where it stopped.
    let (mut after, mut read) = (Seq(0), Vec::new());
    while after < Seq(10) {
        let page = log.read(after, 1, &view(&[DOSSIER])).await.unwrap();
        assert!(page.chunks.len() <= 1 && page.upto > after);
        after = page.upto;
        read.extend(page.chunks.iter().map(|entry| entry.seq.0));
    }
    assert_eq!(read, [3, 4, 7, 8]);
}
