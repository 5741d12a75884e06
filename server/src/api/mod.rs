//! The addresses that answer JSON, and the relay's own state of health.
//!
//! Never holds rules: it translates between HTTP and the modules that have them. Who gets to a handler at all is decided
//! before it, by the [`Gate`] of its route.

mod agency;
mod audit;
mod blobs;
mod bootstrap;
mod checks;
mod devices;
mod export;
mod gate;
mod health;
mod import;
mod invitations;
mod json;
mod links;
mod login;
mod pdf;
mod people;
mod reviews;
mod settings;

pub use agency::agency;
pub use audit::access_log;
pub use blobs::{begin_blob, blob, chunk, put_chunk};
pub use bootstrap::bootstrap;
pub use devices::{devices, forgotten, rename_device, revoke_device};
pub use export::{export_json, export_list, export_zip};
pub use gate::{Caller, Gate, gate};
pub use health::{healthz, metrics};
pub use import::{check_import, commit_import, read_import};
pub use invitations::{invitations, invite, link_device, withdraw};
pub use json::JsonBody;
pub use links::{accept_link, open_link};
pub use login::{change_password, login, logout};
pub use pdf::make_pdf;
pub use people::{change_person, people};
pub use reviews::{decide_review, reviews};
pub use settings::{change_settings, settings};
