//! The browser: the only code that touches web-sys. Knows nothing of dossiers.

pub mod broadcast;
pub mod clock;
pub mod files;
pub mod http;
pub mod indexed_db;
pub mod locks;
pub mod page;
pub mod random;
pub mod service_worker;
pub mod storage;
pub mod web_socket;
