//! What the relays on one PostgreSQL database tell each other.
//!
//! Never carries anything that counts: whoever hears it looks at the store, or at what is in memory only.

use std::fmt;

/// Where it is said.
pub(in crate::database) const CHANNEL: &str = "liaison";

/// One relay among those of a database, as long as it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelayId(pub u64);

/// Something that the other relays have to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The log has grown, by this relay.
    Log(RelayId),
    /// The settings were changed.
    Settings,
    /// Something is no longer as connections found it.
    Revoked(String),
}

impl News {
    /// What was said; none when it was said by another version and is not known here.
    #[must_use]
    pub fn read(words: &str) -> Option<Self> {
        match words.split_once(' ') {
            None if words == "settings" => Some(Self::Settings),
            Some(("log", relay)) => Some(Self::Log(RelayId(u64::from_str_radix(relay, 16).ok()?))),
            Some(("revoked", what)) => Some(Self::Revoked(what.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(RelayId(relay)) => write!(f, "log {relay:016x}"),
            Self::Settings => f.write_str("settings"),
            Self::Revoked(what) => write!(f, "revoked {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_is_heard() {
        for news in [News::Log(RelayId(0xfe)), News::Settings, News::Revoked("user 07".to_owned())] {
            assert_eq!(News::read(&news.to_string()), Some(news));
        }
        for other in ["", "settings now", "log", "log x", "weather"] {
            assert_eq!(News::read(other), None, "{other}");
        }
    }
}
