//! The tabs of one browser: each reads and appends; they tell each other what changed. One of them leads.

use std::rc::Rc;
use std::sync::Arc;

use liaison_shared::documents::written;
use liaison_shared::dossier::Summary;
use liaison_shared::order;
use liaison_shared::protocol::{decode, encode};
use liaison_shared::sync::{Link, ReceivedChunk, SyncStatus};
use liaison_shared::time::Millis;
use liaison_shared::{ChangeHash, DocumentId, DossierId, Seq, Timestamp, UserId};
use minicbor::{Decode, Encode};

use super::arrival::Progress;
use super::early::written_in;
use super::files::Upload;
use super::leader::Leader;
use super::open::Since;
use super::{Notice, Replica};
use crate::platform::broadcast::Channel;
use crate::platform::{clock, locks};

/// What one tab tells the others.
#[derive(Debug, Clone, Encode, Decode)]
pub(super) enum TabMessage {
    /// Changes were written in a tab and are stored.
    #[n(0)]
    Authored(#[n(0)] Vec<(DocumentId, ChangeHash)>),
    /// Changes came from the relay and are stored.
    #[n(1)]
    Received(#[n(0)] Vec<DocumentId>),
    /// The relay has these.
    #[n(2)]
    Settled(#[n(0)] Vec<ChangeHash>),
    /// Changes of these documents were set aside.
    #[n(3)]
    Refused(#[n(0)] Vec<DocumentId>),
    /// Summaries were made anew.
    #[n(4)]
    Summaries(#[n(0)] Vec<Summary>),
    /// The line to the relay, as the leader sees it.
    #[n(5)]
    Status(#[n(0)] StatusMessage),
    /// A tab would like to know the status, and the relay to be tried now.
    #[n(6)]
    Retry,
    /// Nothing of these dossiers is in the store any more.
    #[n(7)]
    Forgotten(#[n(0)] Vec<DossierId>),
    /// What may be read has changed.
    #[n(8)]
    Holdings,
    /// Everything went: the person has another role now.
    #[n(9)]
    StartedOver,
    /// The device was revoked: everything goes.
    #[n(10)]
    Revoked,
    /// The person has read something in a tab.
    #[n(11)]
    Read,
    /// How far a file is that the relay does not have.
    #[n(12)]
    Upload(#[n(0)] Upload),
    /// The relay has this one.
    #[n(13)]
    Uploaded(#[n(0)] String),
    /// How far the dossiers are that are being brought; nothing: all are here.
    #[n(14)]
    Arriving(#[n(0)] Option<Progress>),
    /// This tab leads now: what the one before stored last, nobody may have been told.
    #[n(15)]
    Leads,
    /// A dossier came before its turn, and is stored.
    #[n(16)]
    Early(#[n(0)] DossierId),
}

/// [`SyncStatus`] between tabs. Link: 0 offline, 1 connecting, 2 online, 3 refused.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct StatusMessage {
    #[n(0)]
    link: u8,
    #[n(1)]
    retry_at: Option<Timestamp>,
    #[n(2)]
    refused: Option<liaison_shared::protocol::HelloRefusal>,
    #[n(3)]
    pending: u32,
    #[n(4)]
    last_contact: Option<Timestamp>,
    #[n(5)]
    drift: Option<i64>,
    #[n(6)]
    behind: Option<(Seq, Seq)>,
    #[n(7)]
    role: Option<liaison_shared::access::Role>,
}

impl From<SyncStatus> for StatusMessage {
    fn from(status: SyncStatus) -> Self {
        let (link, retry_at, refused) = match status.link {
            Link::Offline { retry_at } => (0, Some(retry_at), None),
            Link::Connecting => (1, None, None),
            Link::Online => (2, None, None),
            Link::Refused(reason) => (3, None, Some(reason)),
        };
        Self {
            link,
            retry_at,
            refused,
            pending: u32::try_from(status.pending).unwrap_or(u32::MAX),
            last_contact: status.last_contact,
            drift: status.drift.map(|drift| drift.0),
            behind: status.behind,
            role: status.role,
        }
    }
}

impl From<StatusMessage> for SyncStatus {
    fn from(message: StatusMessage) -> Self {
        let link = match (message.link, message.refused) {
            (3, Some(reason)) => Link::Refused(reason),
            (2, _) => Link::Online,
            (1, _) => Link::Connecting,
            _ => Link::Offline { retry_at: message.retry_at.unwrap_or_default() },
        };
        Self {
            link,
            pending: message.pending as usize,
            last_contact: message.last_contact,
            drift: message.drift.map(Millis),
            behind: message.behind,
            role: message.role,
        }
    }
}

impl Replica {
    pub(super) fn join_tabs(&self, user: UserId) {
        let replica = self.clone();
        let channel = Channel::join(&format!("liaison-{user}"), move |bytes| {
            // A tab of another version may say what this one does not know.
            if let Ok(message) = decode::<TabMessage>(&bytes) {
                replica.hear(message);
            }
        });
        *self.inner.channel.borrow_mut() = channel;
        self.tell_tabs(&TabMessage::Retry);
    }

    pub(super) fn tell_tabs(&self, message: &TabMessage) {
        if let Some(channel) = &*self.inner.channel.borrow() {
            // A tab that cannot be told reads the store when it is shown again.
            let _told = channel.send(&encode(message));
        }
    }

    /// Waits for the lock, then leads until the tab closes.
    pub(super) fn lead_when_possible(&self, user: UserId) {
        let replica = self.clone();
        clock::spawn(async move {
            locks::hold_forever(&format!("liaison-leader-{user}")).await;
            replica.finish_leaving().await;
            let (leader, begun) = Leader::start(replica.clone()).await;
            *replica.inner.leader.borrow_mut() = Some(Rc::clone(&leader));
            leader.connect_now();
            replica.tell_tabs(&TabMessage::Leads);
            replica.reread_all().await;
            replica.mark_stale_from_store().await;
            replica.bring_the_rest(begun).await;
        });
    }

    /// Tries the relay now, in whichever tab leads.
    pub fn retry_now(&self) {
        let leader = self.inner.leader.borrow().clone();
        match leader {
            Some(leader) => leader.connect_now(),
            None => self.tell_tabs(&TabMessage::Retry),
        }
    }

    /// Hands stored changes to the leader, when this tab leads.
    pub(super) async fn authored(&self, keys: &[(DocumentId, ChangeHash)]) {
        let leader = self.inner.leader.borrow().clone();
        if let Some(leader) = leader {
            leader.authored(keys).await;
        }
    }

    fn hear(&self, message: TabMessage) {
        match message {
            TabMessage::Authored(keys) => {
                self.owe(&keys);
                self.notify(Notice::Receipts);
                let replica = self.clone();
                clock::spawn(async move {
                    replica.begun_here(written_in(&keys)).await;
                    replica.mark_stale(keys.iter().filter_map(|(document, _)| document.dossier()));
                    replica.reread(keys.iter().map(|(document, _)| *document).collect()).await;
                    replica.authored(&keys).await;
                });
            }
            TabMessage::Received(documents) => {
                let replica = self.clone();
                clock::spawn(async move { replica.reread(documents).await });
            }
            TabMessage::Leads => {
                let replica = self.clone();
                clock::spawn(async move {
                    replica.reread_all().await;
                    // What cannot be read now is read by whoever leads next.
                    let _learnt = replica.learn_arriving().await.is_ok();
                });
            }
            TabMessage::Settled(hashes) => self.settled(&hashes),
            TabMessage::Refused(documents) => {
                let replica = self.clone();
                clock::spawn(async move { replica.drop_refused(documents).await });
            }
            TabMessage::Summaries(summaries) => {
                self.notify(Notice::Summaries(summaries.into_iter().map(Arc::new).collect()));
            }
            TabMessage::Arriving(progress) => self.hear_arriving(progress),
            TabMessage::Early(dossier) => self.hear_early(dossier),
            TabMessage::Status(status) => self.notify(Notice::Status(status.into())),
            TabMessage::Forgotten(dossiers) => self.let_go(dossiers),
            TabMessage::Holdings => self.read_holdings(),
            TabMessage::StartedOver => self.notify(Notice::StartedOver),
            TabMessage::Revoked => self.notify(Notice::Revoked),
            TabMessage::Read => self.report_readings(),
            TabMessage::Upload(upload) => {
                self.hear_upload(upload);
                self.upload_soon();
            }
            TabMessage::Uploaded(key) => self.hear_uploaded(&key),
            TabMessage::Retry => {
                let leader = self.inner.leader.borrow().clone();
                if let Some(leader) = leader {
                    leader.tell_status();
                    leader.connect_now();
                }
            }
        }
    }

    /// These are on this device only. The beginning of a document is nothing that anybody wrote.
    pub(super) fn owe(&self, keys: &[(DocumentId, ChangeHash)]) {
        self.inner.pending.borrow_mut().extend(written(keys));
    }

    pub(super) fn settled(&self, hashes: &[ChangeHash]) {
        let mut pending = self.inner.pending.borrow_mut();
        for hash in hashes {
            pending.remove(hash);
        }
        drop(pending);
        self.notify(Notice::Receipts);
        // What was owed may be made smaller now.
        self.refresh_summaries();
    }

    /// What the relay sent is stored: the open documents follow, in every tab. Gives the documents.
    pub(super) fn take_in(&self, chunks: &[ReceivedChunk]) -> Vec<DocumentId> {
        let mut documents: Vec<DocumentId> = Vec::new();
        for chunk in chunks {
            let Ok(id) = chunk.document.parse::<DocumentId>() else { continue };
            documents.push(id);
            self.apply(id, &chunk.bytes);
        }
        order::by(&mut documents, Ord::cmp);
        documents.dedup();
        self.outdate(|id| documents.contains(id), Since::More);
        if !documents.is_empty() {
            self.tell_tabs(&TabMessage::Received(documents.clone()));
            self.notify(Notice::Documents(documents.clone()));
        }
        documents
    }

    pub(super) fn mark_stale(&self, dossiers: impl Iterator<Item = DossierId>) {
        self.inner.stale.borrow_mut().extend(dossiers);
        self.refresh_summaries();
    }
}
