//! The quality of dossiers: the yearly audit of one in ten, and dossiers that are perhaps one person's. On the device,
//! with or without network.

mod audit;
mod doublons;

pub use audit::audit_page;
pub use doublons::doublons_page;
