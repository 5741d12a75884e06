//! Where an entry is safe: on this device, at the relay, or refused. Shape and words, never colour alone.

use leptos::prelude::*;

/// How far an entry has travelled, with the words to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Being typed or written to the device's storage.
    Writing(String),
    /// Durable on this device: « sur ce téléphone ».
    Device(String),
    /// Durable at the relay: « au relais ».
    Relay(String),
    /// Read by the office: « reçu par le bureau ».
    Received(String),
    /// Not accepted; kept on the device, with the reason in the words.
    Refused(String),
}

impl Receipt {
    /// The words.
    pub fn label(&self) -> &str {
        match self {
            Self::Writing(label)
            | Self::Device(label)
            | Self::Relay(label)
            | Self::Received(label)
            | Self::Refused(label) => label,
        }
    }

    /// The classes, and the filled part of the circle on a 16 × 16 grid.
    const fn drawing(&self) -> (&'static str, &'static str) {
        match self {
            Self::Writing(_) => ("receipt receipt--writing", ""),
            Self::Device(_) => ("receipt receipt--device", ""),
            Self::Relay(_) => ("receipt receipt--relay", "M8 2.5a5.5 5.5 0 0 0 0 11Z"),
            Self::Received(_) => ("receipt receipt--received", "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z"),
            Self::Refused(_) => ("receipt receipt--refused", "M7.1 4.500h1.800v4.400H7.100ZM7.1 10h1.800v1.700H7.100Z"),
        }
    }

    /// Whether this is an answer someone may be waiting for (worth reading aloud).
    const fn is_answer(&self) -> bool {
        matches!(self, Self::Relay(_) | Self::Received(_) | Self::Refused(_))
    }
}

/// ○ sur ce téléphone · ◐ au relais · ● reçu par le bureau.
///
/// Screen readers hear only an answer (at the relay, received, refused) that arrives while the page is
/// open, never every keystroke's « sur ce téléphone ».
#[component]
pub fn ReceiptMark(
    /// What to show; nothing when `None`.
    #[prop(into)]
    receipt: Signal<Option<Receipt>>,
) -> impl IntoView {
    let spoken = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<Receipt>>| {
        let now = receipt.get();
        if let (Some(before), Some(answer)) = (before, now.as_ref().filter(|now| now.is_answer()))
            && before.as_ref() != Some(answer)
        {
            spoken.set(answer.label().to_owned());
        }
        now
    });
    view! {
        {move || {
            receipt
                .get()
                .map(|receipt| {
                    let (class, filled) = receipt.drawing();
                    view! {
                        <span class=class>
                            <svg class="receipt__shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                                <circle cx="8" cy="8" r="5.5" />
                                <path d=filled />
                            </svg>
                            <span class="receipt__label">{receipt.label().to_owned()}</span>
                        </span>
                    }
                })
        }}
        <span class="visually-hidden" aria-live="polite">{move || spoken.get()}</span>
    }
}
