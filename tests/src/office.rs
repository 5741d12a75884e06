//! The office at work: a gestionnaire who puts people on teams, gives dossiers to sectors and writes in them.

use std::collections::BTreeMap;

use liaison_server::clock;
use liaison_shared::documents::NewChange;
use liaison_shared::protocol::RelayMessage;
use liaison_shared::{DocumentId, Seq, UserId};

use crate::client::{Session, TestClient};
use crate::relay::{CLAIRE, TestRelay};
use crate::writing::{Writing, dossier};

/// The year of the journals that tests write in.
pub const YEAR: u16 = 2026;

/// Claire at her desk, with her own copies of what she has written.
pub struct Office {
    /// Her connection.
    pub claire: TestClient,
    copies: BTreeMap<DocumentId, Writing>,
}

impl Office {
    /// Claire signs in and connects.
    pub async fn open(relay: &TestRelay) -> Self {
        Self { claire: relay.client(CLAIRE).await, copies: BTreeMap::new() }
    }

    /// Writes in a document, which is begun when she has not written in it yet; the position that this gets.
    pub async fn write(&mut self, id: DocumentId, what: impl FnOnce(&mut Writing) -> NewChange) -> Seq {
        let pen = self.claire.session.pen(1);
        let new = !self.copies.contains_key(&id);
        let copy = self.copies.entry(id).or_insert_with(|| Writing::new(id, pen));
        let genesis = new.then(|| copy.genesis());
        let changes: Vec<NewChange> = genesis.into_iter().chain([what(copy)]).collect();
        let (seq, refused) = self.claire.push(id, &changes).await;
        assert!(refused.is_empty() && self.claire.review.is_empty(), "{id}: {refused:?}");
        seq
    }

    /// Puts somebody on a team from 2020 on, without an end.
    pub async fn put_on(&mut self, number: u8, user: UserId) -> Seq {
        self.put_on_for(number, user, ("2020-01-01", None)).await
    }

    /// Puts somebody on a team from one day to another.
    pub async fn put_on_for(&mut self, number: u8, user: UserId, (debut, fin): (&str, Option<&str>)) -> Seq {
        self.write(prestation(number), |copy| copy.membre(user, debut, fin)).await
    }

    /// Says when somebody's last visit is.
    pub async fn end(&mut self, number: u8, user: UserId, fin: Option<&str>) -> Seq {
        self.write(prestation(number), |copy| copy.fin(user, fin)).await
    }

    /// Takes somebody off a team.
    pub async fn take_off(&mut self, number: u8, user: UserId) -> Seq {
        self.write(prestation(number), |copy| copy.retrait(user)).await
    }

    /// Gives a dossier to a sector.
    pub async fn give_to(&mut self, number: u8, secteur: &str) -> Seq {
        self.write(prestation(number), |copy| copy.secteur(secteur)).await
    }

    /// Writes a name into a dossier.
    pub async fn name(&mut self, number: u8, nom: &str) -> Seq {
        self.write(DocumentId::client(dossier(number)), |copy| copy.nom(nom)).await
    }

    /// Writes a transmission into a dossier's journal.
    pub async fn transmit(&mut self, number: u8, texte: &str) -> Seq {
        self.write(journal(number), |copy| copy.transmission(texte)).await
    }

    /// Takes a phone's person off a team and waits until the phone has forgotten the dossier: what it pushes from then
    /// on arrives late.
    pub async fn withdraw_from(&mut self, phone: &mut TestClient, number: u8) {
        self.take_off(number, phone.session.user).await;
        assert_eq!(phone.forget().await, [dossier(number)]);
        phone.forgotten(vec![dossier(number)]).await;
    }
}

/// The `prestation` of a dossier.
pub fn prestation(number: u8) -> DocumentId {
    DocumentId::prestation(dossier(number))
}

/// The journal of a dossier.
pub fn journal(number: u8) -> DocumentId {
    DocumentId::journal(dossier(number), YEAR)
}

/// So many days from today, as a `prestation` says it.
pub fn day(from_today: i64) -> String {
    (clock::now().date() + chrono::TimeDelta::days(from_today)).to_string()
}

impl TestRelay {
    /// The last position in the log now.
    pub async fn head(&self, session: &Session) -> Seq {
        let mut asking = TestClient::open(self.address, session).await;
        match asking.hello(None).await {
            Some(RelayMessage::Welcome { head, .. }) => head,
            other => panic!("{other:?}"),
        }
    }

    /// A phone of somebody who is put on the teams of these dossiers, and holds them.
    pub async fn phone(&self, office: &mut Office, email: &str, numbers: &[u8]) -> TestClient {
        let mut phone = self.client(email).await;
        for number in numbers {
            office.put_on(*number, phone.session.user).await;
        }
        phone.hold_all(numbers).await;
        phone
    }
}

impl TestClient {
    /// Waits until these dossiers are here, whole.
    pub async fn hold_all(&mut self, numbers: &[u8]) {
        for number in numbers {
            self.hold(dossier(*number)).await;
        }
    }

    /// Writes a transmission into a dossier's journal from nothing: genesis and change.
    pub fn transmission(&mut self, number: u8, texte: &str) -> (DocumentId, Vec<NewChange>) {
        let mut writing = Writing::new(journal(number), self.new_pen());
        (writing.id(), vec![writing.genesis(), writing.transmission(texte)])
    }

    /// The positions of everything of a dossier that came, in the order in which it came.
    pub fn came_of(&self, number: u8) -> Vec<u64> {
        let name = dossier(number).to_string();
        self.feed.iter().filter(|entry| entry.document.starts_with(&name)).map(|entry| entry.seq.0).collect()
    }
}
