//! The browser: the only code that touches web-sys. Knows nothing of dossiers.

pub mod address;
pub mod aes_key;
pub mod broadcast;
mod by_name;
pub mod camera;
pub mod clipboard;
pub mod clock;
pub mod device_key;
pub mod dictation;
pub mod digest;
pub mod drag;
pub mod files;
pub mod http;
pub mod images;
pub mod indexed_db;
pub mod key_worker;
pub mod locks;
pub mod nfc;
pub mod page;
pub mod passkey;
pub mod position;
pub mod random;
pub mod service_worker;
pub mod signature_pad;
pub mod storage;
pub mod web_socket;
