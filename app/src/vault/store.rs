//! The one database that is not sealed: what must be known before anybody's vault is open. It holds salts, wrapped keys,
//! counts and hashes; who is signed in is in it too, but sealed.

use liaison_shared::UserId;
use liaison_shared::access::Role;
use serde_json::{Value, json};

use super::crypto::{self, DataKey};
use super::passkey::Passkey;
use super::record::Record;
use crate::platform::device_key::DeviceKey;
use crate::platform::indexed_db::{Batch, Database, Durability, Seal, StorageError};

const META: &str = "meta";
const VAULTS: &str = "vaults";
/// 1: the session in clear, under `session`; devices under `device:<e-mail>`.
const VERSION: u8 = 2;
/// Which vault the lock page opens.
const LAST: &str = "last";
/// What a revoked device still has to do.
const FAREWELL: &str = "farewell";

/// A vault that has to go, and the token to confirm it with: the relay takes it for nothing else any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// Its random name.
    pub vault: String,
    /// The token of the revoked device's session.
    pub token: String,
}

/// Where version 1 kept the session.
const OLD_SESSION: &str = "session";

/// Who is signed in on this browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The session token for the relay.
    pub token: String,
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address, to sign in again.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The sectors they answer for; none in sessions of the first version.
    pub sectors: Vec<String>,
    /// The agency's name.
    pub agency: String,
}

/// What the browser knows before anybody's vault is open.
#[derive(Clone)]
pub struct VaultStore {
    database: Database,
}

/// A vault's records are under its random name: `<id>`, `<id>/key`, `<id>/session`, `<id>/passkey`.
fn session_key(vault: &str) -> String {
    format!("{vault}/session")
}

fn passkey_key(vault: &str) -> String {
    format!("{vault}/passkey")
}

/// Everything that could open a vault, and who it is.
fn forget_keys(batch: &mut Batch, vault: &str) {
    for key in [vault.to_owned(), format!("{vault}/key"), session_key(vault), passkey_key(vault)] {
        batch.delete(VAULTS, key);
    }
}

fn device_key(email: &str) -> String {
    let hash: String = crypto::account(email).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("device:{hash}")
}

impl VaultStore {
    /// Opens it.
    ///
    /// # Errors
    /// When the browser gives no database.
    pub async fn open() -> Result<Self, StorageError> {
        let store = Self { database: Database::open("liaison", VERSION, &[META, VAULTS], None).await? };
        store.hide_addresses().await?;
        Ok(store)
    }

    /// Version 1 kept devices under the address itself.
    async fn hide_addresses(&self) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for (key, device) in self.database.prefixed(META, "device:").await? {
            if let Some(email) = key.strip_prefix("device:").filter(|email| email.contains('@')) {
                batch.put(META, device_key(email), device);
                batch.delete(META, key);
            }
        }
        self.database.write(&batch, Durability::Strict).await
    }

    /// The session that version 1 kept in clear.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn unsealed_session(&self) -> Result<Option<StoredSession>, StorageError> {
        let bytes = self.database.get(META, OLD_SESSION).await?;
        Ok(bytes.and_then(|bytes| session_of(&bytes)))
    }

    /// The vault that was open last and whose owner did not sign out.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn last(&self) -> Result<Option<(String, Record)>, StorageError> {
        let Some(id) = self.database.get(META, LAST).await?.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return Ok(None);
        };
        Ok(self.record(&id).await?.map(|record| (id, record)))
    }

    /// What is known of a vault.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn record(&self, vault: &str) -> Result<Option<Record>, StorageError> {
        let bytes = self.database.get(VAULTS, vault).await?;
        bytes.map(|bytes| Record::from_bytes(&bytes).ok_or(StorageError::Damaged(VAULTS))).transpose()
    }

    /// Every vault of an account.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn of_account(&self, email: &str) -> Result<Vec<(String, Record)>, StorageError> {
        let account = crypto::account(email);
        let mut found = Vec::new();
        for id in self.database.keys(VAULTS, "").await?.into_iter().filter(|key| !key.contains('/')) {
            if let Some(record) = self.record(&id).await?
                && record.account == account
            {
                found.push((id, record));
            }
        }
        Ok(found)
    }

    /// Keeps what is known of a vault. On the disk when this returns.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_record(&self, vault: &str, record: &Record) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(VAULTS, vault, record.to_bytes());
        self.database.write(&batch, Durability::Strict).await
    }

    /// The browser's own key for a vault.
    ///
    /// # Errors
    /// When the device cannot read, or what it reads is no key.
    pub async fn device_key(&self, vault: &str) -> Result<DeviceKey, StorageError> {
        let stored = self.database.get_opaque(VAULTS, &format!("{vault}/key")).await?;
        stored.and_then(DeviceKey::from_stored).ok_or(StorageError::Damaged(VAULTS))
    }

    /// The passkey that opens a vault, if there is one.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn passkey(&self, vault: &str) -> Result<Option<Passkey>, StorageError> {
        let bytes = self.database.get(VAULTS, &passkey_key(vault)).await?;
        bytes.map(|bytes| Passkey::from_bytes(&bytes).ok_or(StorageError::Damaged(VAULTS))).transpose()
    }

    /// Keeps the passkey of a vault, or forgets it.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_passkey(&self, vault: &str, passkey: Option<&Passkey>) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        match passkey {
            Some(passkey) => batch.put(VAULTS, passkey_key(vault), passkey.to_bytes()),
            None => batch.delete(VAULTS, passkey_key(vault)),
        }
        self.database.write(&batch, Durability::Strict).await
    }

    /// Keeps a new vault whole, with its session. The session of version 1 is forgotten in the same transaction.
    ///
    /// # Errors
    /// When the device cannot store: nothing is kept then.
    pub async fn begin(
        &self,
        vault: &str,
        record: &Record,
        device: &DeviceKey,
        session: &StoredSession,
        key: &DataKey,
    ) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(VAULTS, vault, record.to_bytes());
        batch.put_opaque(VAULTS, format!("{vault}/key"), device.to_stored());
        put_session(&mut batch, vault, session, key)?;
        batch.delete(META, OLD_SESSION);
        self.database.write(&batch, Durability::Strict).await
    }

    /// Who is signed in, in a vault that is open. `None` when its owner signed out.
    ///
    /// # Errors
    /// When the device cannot read, or the key is not the vault's.
    pub async fn session(&self, vault: &str, key: &DataKey) -> Result<Option<StoredSession>, StorageError> {
        let Some(sealed) = self.database.get(VAULTS, &session_key(vault)).await? else { return Ok(None) };
        let bytes = key.open(&session_key(vault), &sealed).ok_or(StorageError::Damaged(VAULTS))?;
        session_of(&bytes).map(Some).ok_or(StorageError::Damaged(VAULTS))
    }

    /// Remembers who signed in; the lock page opens this vault from now on.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_session(&self, vault: &str, session: &StoredSession, key: &DataKey) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        put_session(&mut batch, vault, session, key)?;
        self.database.write(&batch, Durability::Strict).await
    }

    /// Signs out: the vault stays, closed; nobody is signed in.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn forget_session(&self, vault: &str) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.delete(VAULTS, session_key(vault));
        batch.delete(META, LAST);
        self.database.write(&batch, Durability::Strict).await
    }

    /// Forgets a vault: without its keys, what it held cannot be read by anybody.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn forget(&self, vault: &str) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        forget_keys(&mut batch, vault);
        batch.delete(META, format!("unsent:{vault}"));
        self.database.write(&batch, Durability::Strict).await
    }

    /// Begins a farewell: the keys of a vault go, and what is left to do is kept until it is done.
    ///
    /// # Errors
    /// When the device cannot store: nothing has changed then.
    pub async fn begin_farewell(&self, farewell: &Farewell) -> Result<(), StorageError> {
        let Farewell { vault, token } = farewell;
        let mut batch = Batch::default();
        forget_keys(&mut batch, vault);
        for key in [format!("unsent:{vault}"), LAST.to_owned()] {
            batch.delete(META, key);
        }
        batch.put(META, FAREWELL, format!("{vault} {token}").into_bytes());
        self.database.write(&batch, Durability::Strict).await
    }

    /// The farewell that was begun and has not ended.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn farewell(&self) -> Result<Option<Farewell>, StorageError> {
        let text = self.database.get(META, FAREWELL).await?.and_then(|bytes| String::from_utf8(bytes).ok());
        let parts = text.as_deref().and_then(|text| text.split_once(' '));
        Ok(parts.map(|(vault, token)| Farewell { vault: vault.to_owned(), token: token.to_owned() }))
    }

    /// The farewell has ended: the relay knows.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn end_farewell(&self) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.delete(META, FAREWELL);
        self.database.write(&batch, Durability::Strict).await
    }

    /// The name the relay gave this browser for an account. Two people who share a browser are two devices: what one of
    /// them has not sent yet can only be sent as theirs.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn device(&self, email: &str) -> Result<Option<String>, StorageError> {
        let bytes = self.database.get(META, &device_key(email)).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Remembers the name the relay gave this browser.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_device(&self, email: &str, device: &str) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(META, device_key(email), device.as_bytes().to_vec());
        self.database.write(&batch, Durability::Strict).await
    }

    /// How much of a vault the relay did not have when it was last open. A number, nothing else.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn unsent(&self, vault: &str) -> Result<u32, StorageError> {
        let bytes = self.database.get(META, &format!("unsent:{vault}")).await?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes))
    }

    /// Notes how much of a vault the relay does not have.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_unsent(&self, vault: &str, count: u32) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(META, format!("unsent:{vault}"), count.to_be_bytes().to_vec());
        self.database.write(&batch, Durability::Relaxed).await
    }
}

/// What was kept as JSON, in this version and in the first. Read as a tree: a parser of its own for each of these few
/// texts would weigh on the first visit.
fn session_of(bytes: &[u8]) -> Option<StoredSession> {
    let json: Value = serde_json::from_str(std::str::from_utf8(bytes).ok()?).ok()?;
    let text = |name: &str| Some(json.get(name)?.as_str()?.to_owned());
    Some(StoredSession {
        token: text("token")?,
        user: text("user")?.parse().ok()?,
        name: text("name")?,
        email: text("email")?,
        role: role_of(&text("role")?)?,
        sectors: sectors_of(&json),
        agency: text("agency")?,
    })
}

/// The sectors in what the relay answered, or in a session; none in sessions of the first version.
#[must_use]
pub fn sectors_of(json: &Value) -> Vec<String> {
    let list = json.get("sectors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
}

/// A role, by the word that the relay and the session use; `bureau` was the first version's.
#[must_use]
pub fn role_of(name: &str) -> Option<Role> {
    Role::from_name(if name == "bureau" { "gestionnaire" } else { name })
}

fn put_session(batch: &mut Batch, vault: &str, session: &StoredSession, key: &DataKey) -> Result<(), StorageError> {
    let StoredSession { token, user, name, email, role, sectors, agency } = session;
    let (user, role) = (user.to_string(), role.name());
    let json = json!({
        "token": token, "user": user, "name": name, "email": email, "role": role, "sectors": sectors, "agency": agency,
    });
    let json = serde_json::to_string(&json).unwrap_or_default();
    let sealed = key.seal(&session_key(vault), json.as_bytes());
    batch.put(VAULTS, session_key(vault), sealed.ok_or_else(|| StorageError::Failed("no randomness".to_owned()))?);
    batch.put(META, LAST, vault.as_bytes().to_vec());
    Ok(())
}
