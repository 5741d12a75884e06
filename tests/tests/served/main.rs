//! The relay as people, devices and commands use it. One program, which is linked once.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail loudly")]

mod access_http;
mod access_matrix;
mod at_rest;
mod audit;
mod commands;
mod devices;
mod export;
mod http;
mod invitations;
mod kill;
mod papers;
mod people;
mod slow;
