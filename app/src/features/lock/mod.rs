//! The lock: the page that opens this device, the one where its code is chosen, and what locks it again.

mod auto_lock;
mod choose_code;
pub mod form;
mod lock_page;

pub use auto_lock::AutoLock;
pub use choose_code::ChooseCodePage;
pub use lock_page::LockPage;
