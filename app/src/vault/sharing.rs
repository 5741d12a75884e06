//! An open vault's key among the tabs of one browser: the service worker keeps it over a reload, an open tab gives it to
//! a new one, and when one tab locks, all do. In memory only: nothing of this reaches the disk.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::mpsc;
use futures_util::StreamExt;

use super::OpenVault;
use super::crypto::DataKey;
use crate::platform::broadcast::Channel;
use crate::platform::{clock, key_worker};

const CHANNEL: &str = "liaison-vault";

/// How long a starting page waits for other tabs when the worker has nothing: one that is open answers at once.
const TABS_PATIENCE: u32 = 200;
/// How long it waits for the worker, which may have to be started.
const WORKER_PATIENCE: u32 = 1_500;

/// How long another tab takes to hear that it must lock.
const HEAR: u32 = 50;

/// A worker that is not spoken to for 30 s may be stopped, and forgets.
const REMIND: u32 = 15_000;
/// At first more often: a worker that is being installed takes a moment to be there.
const REMIND_FIRST: u32 = 1_000;
const FIRST: u32 = 20;

/// What tabs say about a vault: its name, a zero, then one letter and what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    /// Does anybody have it open?
    Ask,
    /// Here is its key.
    Key([u8; 32]),
    /// Lock it.
    Lock,
    /// Somebody is there, in some tab.
    Active,
}

fn encoded(vault: &str, message: Message) -> Vec<u8> {
    let mut bytes = [vault.as_bytes(), &[0]].concat();
    match message {
        Message::Ask => bytes.push(b'?'),
        Message::Key(key) => {
            bytes.push(b'k');
            bytes.extend_from_slice(&key);
        }
        Message::Lock => bytes.push(b'l'),
        Message::Active => bytes.push(b'a'),
    }
    bytes
}

/// What is said to those of this vault; `None` for others, and for what a tab of another version says.
fn message_to(vault: &str, bytes: &[u8]) -> Option<Message> {
    let (kind, rest) = bytes.strip_prefix(vault.as_bytes())?.strip_prefix(&[0])?.split_first()?;
    match kind {
        b'?' => Some(Message::Ask),
        b'k' => Some(Message::Key(rest.try_into().ok()?)),
        b'l' => Some(Message::Lock),
        b'a' => Some(Message::Active),
        _ => None,
    }
}

/// The key of a vault that is open somewhere in this browser; `None` after a moment when it is not.
pub async fn find(vault: &str) -> Option<OpenVault> {
    let (found, mut answers) = mpsc::unbounded::<Option<[u8; 32]>>();
    let (wanted, heard) = (vault.to_owned(), found.clone());
    let channel = Channel::join(CHANNEL, move |bytes| {
        if let Some(Message::Key(key)) = message_to(&wanted, &bytes) {
            // The page may have stopped waiting.
            let _late = heard.unbounded_send(Some(key));
        }
    });
    if let Some(channel) = &channel {
        // Without other tabs there is the worker.
        let _told = channel.send(&encoded(vault, Message::Ask));
    }
    let asked = vault.to_owned();
    clock::spawn(async move {
        let key = key_worker::ask(&asked).await.and_then(|key| key.try_into().ok());
        if key.is_none() {
            clock::sleep(TABS_PATIENCE).await;
        }
        let _late = found.unbounded_send(key);
    });
    let key = clock::within(WORKER_PATIENCE, answers.next()).await???;
    Some(OpenVault { id: vault.to_owned(), key: DataKey::from_bytes(key) })
}

/// What another tab says about the vault that is open here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It is being locked everywhere.
    Lock,
    /// Somebody is there.
    Active,
}

/// Keeps a vault open in this browser while this page is. Clones are the same.
#[derive(Clone)]
pub struct Sharing {
    vault: OpenVault,
    over: Rc<Cell<bool>>,
    channel: Rc<RefCell<Option<Channel>>>,
}

impl Sharing {
    /// Begins: reminds the worker, answers other tabs, and hears them.
    #[must_use]
    pub fn begin(vault: OpenVault, on_heard: impl Fn(Heard) + 'static) -> Self {
        let sharing = Self { vault, over: Rc::default(), channel: Rc::default() };
        let listening = sharing.clone();
        let channel = Channel::join(CHANNEL, move |bytes| {
            match message_to(&listening.vault.id, &bytes) {
                Some(Message::Ask) if !listening.over.get() => {
                    listening.tell(Message::Key(*listening.vault.key.bytes()));
                }
                Some(Message::Lock) => {
                    // At once: the tab that locks is about to ask who has it open.
                    listening.over.set(true);
                    on_heard(Heard::Lock);
                }
                Some(Message::Active) => on_heard(Heard::Active),
                _ => {}
            }
        });
        *sharing.channel.borrow_mut() = channel;
        clock::spawn(sharing.clone().remind());
        sharing
    }

    async fn remind(self) {
        let mut turn = 0;
        while !self.over.get() {
            key_worker::keep(&self.vault.id, self.vault.key.bytes()).await;
            turn += 1;
            clock::sleep(if turn < FIRST { REMIND_FIRST } else { REMIND }).await;
        }
    }

    fn tell(&self, message: Message) {
        if let Some(channel) = &*self.channel.borrow() {
            // A tab that cannot be told locks by its own clock.
            let _told = channel.send(&encoded(&self.vault.id, message));
        }
    }

    /// Somebody is there: the other tabs need not lock.
    pub fn say_active(&self) {
        self.tell(Message::Active);
    }

    /// Ends: no tab is given the key any more, and the worker forgets it. `tell`: the other tabs are to lock.
    pub async fn end(&self, tell: bool) {
        self.over.set(true);
        if tell {
            self.tell(Message::Lock);
            // What another tab has just said to the worker comes before what is said now.
            clock::sleep(HEAR).await;
        }
        key_worker::forget().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reaches_those_of_its_vault_only() {
        for message in [Message::Ask, Message::Key([7; 32]), Message::Lock, Message::Active] {
            let bytes = encoded("ab12", message);
            assert_eq!(message_to("ab12", &bytes), Some(message));
            assert_eq!(message_to("ab1", &bytes), None);
            assert_eq!(message_to("ab123", &bytes), None);
        }
        assert_eq!(message_to("ab12", b"ab12\0kshort"), None);
        assert_eq!(message_to("ab12", b""), None);
    }
}
