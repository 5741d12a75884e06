//! Liaison in the browser.
#![expect(missing_docs, reason = "an application: its public items are read by its own modules only")]
mod platform;
mod replica;
mod state;
pub mod ui;
fn main() {}
