//! What travels between a device and the relay: messages, their encoding and their limits.
//! `SPEC.md` beside this file is the same for people who write another client.

mod bootstrap;
mod codec;
mod feed;
mod messages;
mod refusal;

pub use bootstrap::{BootstrapItem, ItemReader, encode_item};
pub use codec::{CodecError, decode, encode};
pub use feed::{EntryParts, entry_head, feed_frame};
pub use messages::{ClientMessage, Cursor, FeedEntry, NewGrant, Reading, RefusedChange, RelayMessage, UNMASKED};
pub use refusal::{ChangeRefusal, HelloRefusal};

/// The version spoken here. A relay refuses what it does not know (rule VER-1).
pub const PROTOCOL: u16 = 3;

/// No frame is larger, in bytes (rule FRM-2).
pub const MAX_FRAME: usize = 1 << 20;

/// No change is larger, in bytes, inflated (rule PUSH-3).
pub const MAX_CHANGE: usize = 256 << 10;

/// No snapshot of a document is larger, in bytes: it fits into a frame beside what else is in it (rule FEED-8).
pub const MAX_SNAPSHOT: usize = 640 << 10;

/// No push carries more changes (rule PUSH-2).
pub const MAX_CHANGES_PER_PUSH: usize = 64;

/// No report of readings carries more (rule READ-2).
pub const MAX_READINGS: usize = 256;

/// Feed frames in flight before the relay waits for a `Stored` (rule FEED-4).
pub const FEED_WINDOW: usize = 8;

/// Bytes of changes after which the relay closes a feed frame (rule FEED-3).
pub const FEED_FRAME: usize = 256 << 10;
