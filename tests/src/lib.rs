//! What tests of more than one crate share: a relay, a device, things to write.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up must fail loudly")]

pub mod client;
pub mod clients;
pub mod files;
pub mod http;
pub mod log;
pub mod office;
pub mod postgres;
pub mod process;
pub mod relay;
pub mod sheets;
pub mod wait;
pub mod writing;
