//! Checks of what people type. A finding never blocks and never changes the value:
//! it says what is wrong, why it matters and what a right one looks like, in French.

mod contact;

pub use contact::{email, phone, phone_display, postcode};

/// A value that does not look right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable name of the rule, e.g. `TEL-1`.
    pub rule: &'static str,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: &'static str,
    /// What a right one looks like.
    pub example: &'static str,
}
