//! The relay as people, devices and commands use it. One program: whatever calls the relay is compiled with a part of it, which
//! takes longer than the tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail loudly")]

mod access_http;
mod access_matrix;
mod at_rest;
mod audit;
mod blobs;
mod commands;
mod devices;
mod export;
mod http;
mod import;
mod invitations;
mod kill;
mod papers;
mod people;
mod postgres;
mod relay_grants;
mod relay_rules;
mod slow;
mod store_contract;
