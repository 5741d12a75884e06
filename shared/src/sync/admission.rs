//! Whether the relay takes a change: first what the change itself shows, then what the log knows.
//! Never merges: an accepted change is appended as it came.

use std::io::Read;

use crate::access::Role;
use crate::documents::{ChangeHeader, is_genesis, is_genesis_actor};
use crate::ids::{ActorId, ChangeHash, DeviceId, DocumentId, DossierId, Seq, UserId};
use crate::protocol::{ChangeRefusal, MAX_CHANGE, MAX_CHANGES_PER_PUSH, RefusedChange};

/// Whose connection this is, as the relay knows it from the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// Their browser.
    pub device: DeviceId,
    /// What they may do.
    pub role: Role,
}

/// A change that is well formed and may be written by this person; the log has not been asked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its place in the push.
    pub index: u32,
    /// Its document.
    pub document: DocumentId,
    /// What it says of itself.
    pub header: ChangeHeader,
    /// The change chunk, uncompressed.
    pub bytes: Vec<u8>,
    /// What its author may do with the document now. A change that was accepted from somebody who has lost the right since
    /// is still accepted.
    pub right: Right,
}

/// What the author of a change may do with its document when it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Write it.
    Write,
    /// Begin the dossier: taken while no other device has written in it.
    Begin,
    /// Has just lost it: taken if it stands on what the log holds, else left to the office.
    Leaving,
    /// Has lost it before this arrived: left to the office.
    Lost,
    /// Read it: what the log holds already is acknowledged, nothing else is taken. Somebody whose role has changed may have
    /// written it once.
    Read,
    /// Nothing, and never could.
    Nothing,
}

/// A push, looked at change by change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examined {
    /// What goes on to the log.
    pub candidates: Vec<Candidate>,
    /// What is refused already.
    pub refused: Vec<RefusedChange>,
}

/// Operation numbers stay far below what Automerge can count, so that nobody can use them up for others.
const MAX_OP: u64 = 1 << 30;

/// An actor is 16 bytes, or up to this many with Automerge's prefix for concurrent edits.
const MAX_ACTOR: usize = 40;

/// Looks at a push without the log (rules PUSH-2 to PUSH-5, PUSH-8, PUSH-11); `right` is asked once, about its document.
#[must_use]
pub fn examine(
    identity: &Identity,
    document: &str,
    changes: impl Iterator<Item: AsRef<[u8]>>,
    right: impl FnOnce(DocumentId) -> Right,
) -> Examined {
    let mut examined = Examined::default();
    let id: Option<DocumentId> = document.parse().ok();
    let right = id.map_or(Right::Nothing, right);
    for (place, bytes) in changes.enumerate() {
        let index = u32::try_from(place).unwrap_or(u32::MAX);
        match examine_one(identity, id, place, bytes.as_ref()) {
            Ok((document, header, bytes)) => {
                examined.candidates.push(Candidate { index, document, header, bytes, right });
            }
            Err(reason) => examined.refused.push(RefusedChange { index, reason }),
        }
    }
    examined
}

fn examine_one(
    identity: &Identity,
    document: Option<DocumentId>,
    place: usize,
    bytes: &[u8],
) -> Result<(DocumentId, ChangeHeader, Vec<u8>), ChangeRefusal> {
    let document = document.ok_or(ChangeRefusal::UnknownDocument)?;
    if place >= MAX_CHANGES_PER_PUSH {
        return Err(ChangeRefusal::TooMany);
    }
    if inflated_len(bytes).ok_or(ChangeRefusal::Undecodable)? > MAX_CHANGE {
        return Err(ChangeRefusal::TooLarge);
    }
    let (header, bytes) = ChangeHeader::read(bytes).map_err(|_| ChangeRefusal::Undecodable)?;
    if is_genesis_actor(&header.actor) {
        let expected = is_genesis(document, &header.hash);
        return if expected { Ok((document, header, bytes)) } else { Err(ChangeRefusal::ForgedGenesis) };
    }
    if header.actor.0.len() < 16 || header.actor.0.len() > MAX_ACTOR {
        return Err(ChangeRefusal::Undecodable);
    }
    if header.ops.1 > MAX_OP || header.ops.0 > MAX_OP {
        return Err(ChangeRefusal::Inconsistent);
    }
    match &header.author {
        Some(author) if author[..] != identity.user.0 => Err(ChangeRefusal::ForeignAuthor),
        None if header.actor_seq == 1 => Err(ChangeRefusal::ForeignAuthor),
        _ => Ok((document, header, bytes)),
    }
}

/// The size of a change chunk once inflated, at most one more than the limit: a small frame must not
/// become a large allocation. `None` when it is not a change chunk.
fn inflated_len(chunk: &[u8]) -> Option<usize> {
    const COMPRESSED: u8 = 2;
    // magic (4), checksum (4), type (1), then the length of the rest as LEB128.
    let rest = chunk.get(9..)?;
    if chunk[8] != COMPRESSED {
        return Some(chunk.len());
    }
    let length_bytes = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let limit = u64::try_from(MAX_CHANGE).ok()? + 1;
    let inflate = flate2::read::DeflateDecoder::new(rest.get(length_bytes..)?);
    let inflated = std::io::copy(&mut inflate.take(limit), &mut std::io::sink()).ok()?;
    usize::try_from(inflated).ok()
}

/// What the log knows of a change it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownChange {
    /// Its position.
    pub seq: Seq,
    /// Its last operation number.
    pub last_op: u64,
}

/// What admission asks of the log.
pub trait Facts {
    /// A change of a document, by its hash.
    fn known(&self, document: &DocumentId, hash: &ChangeHash) -> Option<KnownChange>;
    /// The device that first used an actor.
    fn device_of(&self, actor: &ActorId) -> Option<DeviceId>;
    /// The number of the last change of an actor in a document, 0 for none.
    fn last_actor_seq(&self, document: &DocumentId, actor: &ActorId) -> u64;
    /// Whether a change is kept for the office to decide, or was once.
    fn is_late(&self, document: &DocumentId, hash: &ChangeHash) -> bool;
    /// The device that wrote first in a dossier. Asked for candidates with [`Right::Begin`] only.
    fn opener(&self, dossier: &DossierId) -> Option<DeviceId>;
}

/// What becomes of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The log has it already, at this position.
    Known(Seq),
    /// It is to be appended.
    New,
    /// It is kept for the office to decide.
    Review,
    /// It is not taken.
    Refused(ChangeRefusal),
}

/// Asks the log (rules PUSH-1, PUSH-6, PUSH-7, PUSH-9, PUSH-10, PUSH-12).
#[must_use]
pub fn admit(candidate: &Candidate, device: DeviceId, facts: &impl Facts) -> Verdict {
    let Candidate { document, header, .. } = candidate;
    // Before anything is looked up: the answer must not tell whether the dossier exists. Anybody can make its beginning.
    if candidate.right == Right::Nothing {
        return Verdict::Refused(ChangeRefusal::Forbidden);
    }
    if let Some(known) = facts.known(document, &header.hash) {
        return Verdict::Known(known.seq);
    }
    let foreign = facts.device_of(&header.actor).is_some_and(|owner| owner != device);
    match candidate.right {
        _ if foreign => return Verdict::Refused(ChangeRefusal::ForeignActor),
        Right::Lost => return Verdict::Review,
        Right::Read => return Verdict::Refused(ChangeRefusal::Forbidden),
        Right::Begin if document.dossier().and_then(|it| facts.opener(&it)).is_some_and(|it| it != device) => {
            return Verdict::Refused(ChangeRefusal::Forbidden);
        }
        Right::Write | Right::Begin | Right::Leaving | Right::Nothing => {}
    }
    match admit_on_top(candidate, facts) {
        Verdict::Refused(_) if candidate.right == Right::Leaving => Verdict::Review,
        verdict => verdict,
    }
}

/// Whether a change fits on top of what the log holds.
fn admit_on_top(candidate: &Candidate, facts: &impl Facts) -> Verdict {
    let Candidate { document, header, .. } = candidate;
    let genesis = is_genesis_actor(&header.actor);
    let mut last_op = 0;
    for dependency in &header.deps {
        match facts.known(document, dependency) {
            Some(known) => last_op = last_op.max(known.last_op),
            // What stands on something that the office has to decide on waits with it.
            None if facts.is_late(document, dependency) => return Verdict::Review,
            None => return Verdict::Refused(ChangeRefusal::MissingDependency),
        }
    }
    if genesis {
        return Verdict::New;
    }
    if header.deps.is_empty() || header.ops.0 <= last_op {
        return Verdict::Refused(ChangeRefusal::Inconsistent);
    }
    match header.actor_seq.cmp(&(facts.last_actor_seq(document, &header.actor) + 1)) {
        std::cmp::Ordering::Less => Verdict::Refused(ChangeRefusal::DuplicateActorSeq),
        std::cmp::Ordering::Equal => Verdict::New,
        std::cmp::Ordering::Greater => Verdict::Refused(ChangeRefusal::MissingDependency),
    }
}
