//! The vault: everything of one person in this browser is sealed under one random key, which is itself wrapped by their
//! code and by their password. Knows nothing of dossiers, nor of pages.
//!
//! `crypto` seals and wraps · `record` is what stays in clear, and counts tries · `store` keeps it · `opening` makes and
//! opens vaults · `passkey` is another way in · `sharing` spares the code while a tab is open · `code` says which codes are too easy.

mod code;
mod crypto;
mod opening;
mod passkey;
mod record;
mod sharing;
mod store;

pub use code::{Weak, is_digits, weakness};
pub use opening::{OpenVault, OpeningError, change_code, change_password, create, open_with_code, open_with_password};
pub use passkey::{add as add_passkey, open_with_passkey};
pub use record::{CODE_TRIES, Record};
pub use sharing::{Heard, Sharing, find};
pub use store::{Farewell, StoredSession, VaultStore, role_of, sectors_of};
