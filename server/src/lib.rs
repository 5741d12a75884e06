//! The Liaison relay: an axum server over a change log.
//!
//! It serves the application, signs people in, takes changes from devices, makes them durable, and sends
//! them to the devices that may see them. It never merges documents on the way.
//!
//! Arrows: `server` puts everything together; `router` → `api`, `relay`, `assets` → `accounts`, `devices`,
//! `invitations`, `settings`, `audit`, `blobs`, `import`, `export`, `bootstrap` → `upkeep` → `log` → `database` → `keys`. Rules come from `liaison_shared`.

pub mod accounts;
pub mod annuaire;
pub mod api;
pub mod assets;
pub mod audit;
pub mod blobs;
pub mod bootstrap;
pub mod clock;
pub mod commands;
pub mod config;
mod connections;
pub mod copy;
pub mod database;
pub mod demo;
pub mod devices;
pub mod entropy;
pub mod error;
pub mod export;
pub mod grants;
pub mod headers;
pub mod import;
pub mod invitations;
pub mod keys;
pub mod log;
pub mod metrics;
pub mod neighbours;
pub mod program;
pub mod relay;
pub mod reviews;
pub mod router;
pub mod server;
pub mod settings;
pub mod shutdown;
pub mod typeset;
pub mod upkeep;
