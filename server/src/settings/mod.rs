//! What the agency has chosen: how long things are held, kept and valid; and its name.
//!
//! Never holds a value outside its bounds. Whoever works by a setting follows it instead of reading it once.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::watch;

use crate::accounts::AccountError;
use crate::database::sql::{query, query_scalar};
use crate::database::{Database, News};

const SETTINGS: &str = "settings";
const AGENCY: &str = "agency";

/// What the agency has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Days before the first visit from which an intervenant's phone holds a dossier.
    pub avant_jours: u32,
    /// Days after the last visit until which it does.
    pub apres_jours: u32,
    /// Days that a phone may stay offline before it locks its dossiers.
    pub bail_jours: u32,
    /// Months that the access log is kept.
    pub journal_mois: u32,
    /// Hours that an invitation is valid.
    pub invitation_heures: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { avant_jours: 2, apres_jours: 7, bail_jours: 7, journal_mois: 12, invitation_heures: 72 }
    }
}

/// A setting outside its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} is out of bounds")]
pub struct OutOfBounds(pub &'static str);

impl Settings {
    /// Whether every value is within its bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), OutOfBounds> {
        for (name, value, bounds) in [
            ("avant_jours", self.avant_jours, 0..=60),
            ("apres_jours", self.apres_jours, 0..=60),
            ("bail_jours", self.bail_jours, 1..=60),
            ("journal_mois", self.journal_mois, 6..=36),
            ("invitation_heures", self.invitation_heures, 1..=336),
        ] {
            if !bounds.contains(&value) {
                return Err(OutOfBounds(name));
            }
        }
        Ok(())
    }
}

/// The settings of one store.
#[derive(Debug, Clone)]
pub struct SettingsStore {
    database: Database,
    current: watch::Sender<Settings>,
}

impl SettingsStore {
    /// Reads them; those of a store that has none are the usual ones.
    ///
    /// # Errors
    /// When the database refuses, or holds something else.
    pub async fn load(database: Database) -> Result<Self, AccountError> {
        let settings = stored(&database).await?;
        Ok(Self { database, current: watch::Sender::new(settings) })
    }

    /// Takes up what another relay may have changed.
    ///
    /// # Errors
    /// As [`Self::load`]; then they stay as they were.
    pub async fn reload(&self) -> Result<(), AccountError> {
        let settings = stored(&self.database).await?;
        self.current.send_if_modified(|current| std::mem::replace(current, settings) != settings);
        Ok(())
    }

    /// As they are now.
    #[must_use]
    pub fn current(&self) -> Settings {
        *self.current.borrow()
    }

    /// As they are now, and every change.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Settings> {
        self.current.subscribe()
    }

    /// Changes them; they have to be within their bounds.
    ///
    /// # Errors
    /// When the database refuses; then they stay as they were.
    pub async fn change(&self, settings: Settings) -> Result<(), AccountError> {
        write(&self.database, SETTINGS, &settings).await?;
        self.current.send_replace(settings);
        self.database.tell(&News::Settings).await;
        Ok(())
    }

    /// The agency's name; `None` until it has one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn agency(&self) -> Result<Option<String>, AccountError> {
        read(&self.database, AGENCY).await
    }

    /// Names the agency.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn name_agency(&self, name: &str) -> Result<(), AccountError> {
        write(&self.database, AGENCY, &name).await
    }
}

async fn stored(database: &Database) -> Result<Settings, AccountError> {
    match read::<Settings>(database, SETTINGS).await? {
        Some(settings) if settings.check().is_ok() => Ok(settings),
        Some(_) => Err(AccountError::Corrupt("setting")),
        None => Ok(Settings::default()),
    }
}

async fn read<T: serde::de::DeserializeOwned>(database: &Database, name: &str) -> Result<Option<T>, AccountError> {
    let value: Option<String> =
        query_scalar("SELECT value FROM settings WHERE name = $1").bind(name).fetch_optional(&database.read).await?;
    value.map(|value| serde_json::from_str(&value).map_err(|_| AccountError::Corrupt("setting"))).transpose()
}

async fn write(database: &Database, name: &str, value: &impl Serialize) -> Result<(), AccountError> {
    let value = serde_json::to_string(value).map_err(|_| AccountError::Corrupt("setting"))?;
    query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(&database.write)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_has_its_bounds_and_the_usual_ones_are_within() {
        let usual = Settings::default();
        assert_eq!(usual.check(), Ok(()));
        assert_eq!(Settings { avant_jours: 0, apres_jours: 60, ..usual }.check(), Ok(()));
        for (wrong, name) in [
            (Settings { avant_jours: 61, ..usual }, "avant_jours"),
            (Settings { apres_jours: 61, ..usual }, "apres_jours"),
            (Settings { bail_jours: 0, ..usual }, "bail_jours"),
            (Settings { journal_mois: 5, ..usual }, "journal_mois"),
            (Settings { journal_mois: 37, ..usual }, "journal_mois"),
            (Settings { invitation_heures: 337, ..usual }, "invitation_heures"),
        ] {
            assert_eq!(wrong.check(), Err(OutOfBounds(name)));
        }
    }
}
