//! One line of the access log, before it is written.
//!
//! Holds ids and words, never names, e-mail addresses or tokens.

use std::fmt;

use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, DossierId, Timestamp, UserId};

/// A reason or a volet is cut here, in characters: a line is bounded.
const TEXT_LENGTH: usize = 300;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What was done or refused. Words never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word kept in the log and in JSON.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

actions! {
    /// A volet of a dossier was opened.
    Read = "read",
    /// Somebody signed in.
    Login = "login",
    /// Somebody was not signed in.
    LoginRefused = "login_refused",
    /// An invitation or a link was not taken.
    InvitationRefused = "invitation_refused",
    /// A token that stands for no session, or no longer.
    SessionRefused = "session_refused",
    /// Something was asked for without the power to.
    Forbidden = "forbidden",
    /// Changes were not taken because of who wrote them.
    PushRefused = "push_refused",
    /// A device was revoked.
    DeviceRevoked = "device_revoked",
    /// A revoked device has said that it kept nothing.
    DeviceForgotten = "device_forgotten",
    /// A device has forgotten a dossier.
    DossierForgotten = "dossier_forgotten",
    /// What arrived late was accepted or set aside.
    ReviewDecided = "review_decided",
    /// The oldest entries of this log were deleted.
    Purged = "purged",
    /// An account was made, changed or closed, or its password changed.
    AccountChanged = "account_changed",
    /// Somebody was invited, or an invitation withdrawn.
    Invited = "invited",
    /// The agency's settings were changed.
    SettingsChanged = "settings_changed",
    /// Dossiers were made from a file.
    Imported = "imported",
    /// A volet of a dossier left as a file.
    Exported = "exported",
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One line of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it happened, by the clock of where it happened.
    pub at: Timestamp,
    /// When the relay heard of it.
    pub received: Timestamp,
    /// Who.
    pub user: Option<UserId>,
    /// On which device.
    pub device: Option<DeviceId>,
    /// Which dossier it concerns.
    pub dossier: Option<DossierId>,
    /// Which volet of it.
    pub volet: Option<String>,
    /// What.
    pub action: Action,
    /// Why, or what exactly: words and ids.
    pub reason: Option<String>,
    /// It happened without a connection and was told later.
    pub offline: bool,
}

impl Entry {
    /// Something that happens now, by nobody known yet.
    #[must_use]
    pub fn new(action: Action, now: Timestamp) -> Self {
        Self {
            at: now,
            received: now,
            user: None,
            device: None,
            dossier: None,
            volet: None,
            action,
            reason: None,
            offline: false,
        }
    }

    /// By somebody, on a device.
    #[must_use]
    pub fn by(self, identity: Identity) -> Self {
        Self { user: Some(identity.user), device: Some(identity.device), ..self }
    }

    /// By or as somebody, on no known device.
    #[must_use]
    pub fn of(self, user: Option<UserId>) -> Self {
        Self { user, ..self }
    }

    /// With a reason.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// Its texts cut to their bounds: what is hashed is what is stored.
    pub(super) fn bounded(mut self) -> Self {
        for text in [&mut self.volet, &mut self.reason].into_iter().flatten() {
            if let Some((end, _)) = text.char_indices().nth(TEXT_LENGTH) {
                text.truncate(end);
            }
        }
        self
    }
}
