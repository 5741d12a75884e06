//! Who changed what, when, from what to what.

use leptos::prelude::*;

/// One change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Who.
    pub who: String,
    /// When, as it is read: « lun. 23 nov., 8 h 30 ».
    pub when: String,
    /// What was changed, when the list is about more than one field.
    pub what: Option<String>,
    /// The value before; `None` when there was none.
    pub from: Option<String>,
    /// The value after; `None` when it was removed.
    pub to: Option<String>,
    /// From where, or why: « depuis un autre téléphone ».
    pub note: Option<String>,
}

/// The words the list needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryWords {
    /// Over a long text as it was: « Avant ».
    pub before: String,
    /// Over a long text as it became: « Après ».
    pub after: String,
    /// For no value: « vide ».
    pub nothing: String,
}

impl Default for HistoryWords {
    fn default() -> Self {
        Self { before: "Avant".to_owned(), after: "Après".to_owned(), nothing: "vide".to_owned() }
    }
}

/// A vertical line of changes, in the order given (the newest first reads best). Short values are shown
/// as `from → to`, long ones as two texts.
#[component]
pub fn HistoryList(
    /// The changes.
    #[prop(into)]
    entries: Signal<Vec<HistoryEntry>>,
    /// The words; French by default.
    #[prop(optional)]
    words: HistoryWords,
) -> impl IntoView {
    view! {
        <ol class="history" role="list">
            {move || entries.get().into_iter().map(|entry| line(entry, &words)).collect_view()}
        </ol>
    }
}

/// One change.
fn line(entry: HistoryEntry, words: &HistoryWords) -> AnyView {
    let HistoryEntry { who, when, what, from, to, note } = entry;
    let long = [&from, &to].into_iter().flatten().any(|text| text.contains('\n') || text.chars().count() > 48);
    let change = if from.is_none() && to.is_none() {
        None
    } else if long {
        Some(long_change(from, to, words))
    } else {
        Some(short_change(from, to, words))
    };
    view! {
        <li class="history__entry">
            <p class="history__head">
                <strong class="history__who">{who}</strong>
                <span class="history__when">{when}</span>
            </p>
            {what.map(|what| view! { <p class="history__what">{what}</p> })}
            {change}
            {note.map(|note| view! { <p class="history__note">{note}</p> })}
        </li>
    }
    .into_any()
}

/// `from → to` on one line; the words are read by screen readers.
fn short_change(from: Option<String>, to: Option<String>, words: &HistoryWords) -> AnyView {
    let before = format!("{} : ", words.before);
    let after = format!(" {} : ", words.after);
    view! {
        <p class="history__change">
            <span class="visually-hidden">{before}</span>
            <span class="history__from">{from.unwrap_or_else(|| words.nothing.clone())}</span>
            <span class="history__arrow" aria-hidden="true">" → "</span>
            <span class="visually-hidden">{after}</span>
            <span class="history__to">{to.unwrap_or_else(|| words.nothing.clone())}</span>
        </p>
    }
    .into_any()
}

/// Two texts, one over the other.
fn long_change(from: Option<String>, to: Option<String>, words: &HistoryWords) -> AnyView {
    let part = |class: &'static str, name: &str, text: Option<String>| {
        let name = name.to_owned();
        text.map(|text| {
            view! {
                <dt class="history__name">{name}</dt>
                <dd class=class>{text}</dd>
            }
        })
    };
    view! {
        <dl class="history__texts">
            {part("history__text history__text--before", &words.before, from)}
            {part("history__text history__text--after", &words.after, to)}
        </dl>
    }
    .into_any()
}
