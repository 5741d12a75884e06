//! Checks of what people type. A finding never blocks and never changes the value:
//! it says what is wrong, why it matters and what a right one looks like, in French.

mod bank;
mod contact;
mod dates;
mod money;
mod nir;
mod siret;

pub use bank::{bic, iban, iban_display, ics, rib, rum};
pub use contact::{email, mobile, phone, phone_display, postcode};
pub use dates::{birth_date, calendar_date, clock_time, date, dates_in_order, time};
pub use money::{amount, euros, euros_display};
pub use nir::{nir, nir_coherence, nir_display, nir_masked};
pub use siret::{siren, siret, siret_display};

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

/// A number as it counts: no spaces of any kind, no dots or dashes between groups, in capitals.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).map(|c| c.to_ascii_uppercase()).collect()
}
