//! One notice on one screen: as it was sent, then what to decide, or what was done.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::time::french_day;
use liaison_shared::validate::{calendar_date, phone_display};

use super::case::Case;
use super::{decider, fait};
use crate::platform::clock;
use crate::ui::sheet::{Block, Form, Row, changing, draw};
use crate::ui::{ButtonKind, ButtonLink, IconName, PageHeader, PhoneLink, Tone};

/// The page.
pub fn page(case: Case) -> AnyView {
    let waits = Memo::new(move |_| {
        case.record().is_some_and(|record| matches!(record.value(&jou::AVIS_STATUT), "" | jou::ENVOYE))
    });
    let title = move || case.record().map(|record| nature(&record)).unwrap_or_default();
    let phone = Signal::derive(move || {
        let number = case
            .workspace
            .summaries
            .with(|all| all.get(&case.dossier.id).map(|summary| phone_display(&summary.telephone)).unwrap_or_default());
        (!number.is_empty()).then(|| PhoneLink {
            href: format!("tel:{}", number.replace(' ', "")),
            label: format!("Appeler {}", case.name()),
            number,
        })
    });
    let form = Form::default();
    let dossier = case.href("");
    view! {
        <PageHeader title=Signal::derive(title) subtitle=Signal::derive(move || case.name()) back_href="/avis"
            back_label="Avis" phone=phone/>
        <div class="page page--narrow">
            <div class="sheet__acts">
                <ButtonLink href="/avis" kind=ButtonKind::Quiet icon=IconName::ArrowLeft>"Tous les avis"</ButtonLink>
                <ButtonLink href=dossier kind=ButtonKind::Quiet icon=IconName::Folder>"Le dossier"</ButtonLink>
            </div>
            {changing(move || draw(form, sent(case)))}
            {changing(move || if waits.get() { decider::form(case) } else { fait::done(case) })}
        </div>
    }
    .into_any()
}

/// What has changed, in a word or two.
fn nature(record: &Record) -> String {
    match record.value(&jou::AVIS_NATURE) {
        "" => "Changement".to_owned(),
        nature => nature.to_owned(),
    }
}

/// The notice, as it was sent.
fn sent(case: Case) -> Vec<Block> {
    let Some(record) = case.record() else { return Vec::new() };
    let now = clock::now();
    let day = |field| calendar_date(record.value(field)).map(|day| french_day(day, now));
    let days = match (day(&jou::AVIS_DU), day(&jou::AVIS_AU)) {
        (Some(du), Some(au)) => format!("Du {du} au {au}"),
        (Some(du), None) => format!("À partir du {du}, jusqu’à une date inconnue"),
        (None, _) => "Sans date".to_owned(),
    };
    let mut row = Row::new(days);
    row.badge = (record.value(&jou::AVIS_URGENT) == "Oui").then(|| (Tone::Danger, "Urgent".to_owned()));
    let details = record.value(&jou::AVIS_DETAILS).trim();
    row.texts.extend((!details.is_empty()).then(|| details.to_owned()));
    let from = record.value(&jou::AVIS_DE);
    row.details.extend((!from.is_empty()).then(|| format!("De la part de : {}", from.to_lowercase())));
    row.details.push(format!("Envoyé par {}", case.signed(&record.signature)));
    let (dossier, change) = (case.dossier, record.signature.change);
    if case.workspace.writes(DocumentKind::Journal { year: 0 }) {
        row.receipt = Some(Signal::derive(move || dossier.least_safe([change])));
    }
    let mut blocks = vec![Block::Card("L’avis".to_owned(), vec![row], None)];
    if record.contested() > 0 && [&jou::AVIS_DU, &jou::AVIS_AU].iter().any(|it| record.register(it).is_contested()) {
        let text =
            "Deux dates ont été écrites séparément : la dernière est prise. En cas de doute, appelez.".to_owned();
        blocks.push(Block::Notice(Tone::Warning, "Dates à vérifier".to_owned(), text));
    }
    blocks
}
