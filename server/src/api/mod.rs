//! The addresses that answer JSON, and the relay's own state of health.
//!
//! Never holds rules: it translates between HTTP and the modules that have them.

mod health;
mod json;
mod login;

pub use health::{healthz, metrics};
pub use login::{login, logout};
