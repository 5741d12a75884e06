//! How a connection ends, and what the device is told of it (RFC 6455 §7.4.1).

use super::WriterStopped;
use super::socket::CutOff;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The device has closed.
    Gone,
    /// The device does not read.
    CutOff,
    /// The session said so.
    Refused,
    /// The person has signed out on this device.
    Revoked,
    /// What the person may do has changed, or the device was revoked: it connects again and is told.
    Changed,
    /// What came is no frame, or one far too large.
    Unreadable,
    /// Nothing came for too long.
    Idle,
    /// The log or the accounts do not answer.
    StoreFailed,
    /// The relay stops.
    Stopping,
}

impl End {
    /// Close code and reason.
    pub fn code(self) -> (u16, &'static str) {
        match self {
            Self::Gone | Self::CutOff => (1000, ""),
            Self::Refused | Self::Revoked => (1008, "refused"),
            Self::Unreadable => (1009, "unreadable"),
            Self::Idle => (1001, "idle"),
            Self::StoreFailed => (1011, "store"),
            Self::Stopping => (1012, "restart"),
            Self::Changed => (1012, "changed"),
        }
    }
}

impl From<CutOff> for End {
    fn from(_: CutOff) -> Self {
        Self::CutOff
    }
}

impl From<WriterStopped> for End {
    fn from(_: WriterStopped) -> Self {
        Self::StoreFailed
    }
}
