//! What was done about a notice: each decision with its result and the way to it, and how to take it back.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::Field;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::documents::schema::prestation as pre;
use liaison_shared::documents::schema::relation as rel;
use liaison_shared::documents::{Record, RecordEdit};
use liaison_shared::dossier::Dossier;
use liaison_shared::rules::consequences::{self, Fait, Kept, kept, take_back};
use liaison_shared::time::french_day;
use liaison_shared::validate::calendar_date;

use super::case::Case;
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Form, Row, changing, draw};
use crate::ui::{ButtonKind, ButtonLink, Candidate, IconName, Section, Tone, TwoValues};

/// Links to visits shown at once.
const LINKS: usize = 6;

/// The part of the page that stands once the notice is handled.
pub fn done(case: Case) -> AnyView {
    let form = Form::default();
    view! {
        <div class="stack stack--loose">
            {changing(move || draw(form, standing(case)))}
            {changing(move || apart(case, &jou::AVIS_STATUT, "Deux issues ont été écrites séparément"))}
            {changing(move || answer(case))}
            {changing(move || draw(form, decisions(case)))}
        </div>
    }
    .into_any()
}

/// Who handled it, and that two people did.
fn standing(case: Case) -> Vec<Block> {
    let Some(avis) = case.record() else { return Vec::new() };
    let kept = case.dossier.view.with(|view| kept(view, &avis));
    let people = consequences::apart(&avis, &kept);
    if !people.is_empty() {
        let names: Vec<String> = people.into_iter().map(|user| case.workspace.name_of(user)).collect();
        let text = "Les suites des deux sont gardées. Une visite annulée deux fois ne l’est qu’une ; les tâches en double \
                    se rangent ci-dessous.";
        let title = format!("Traité deux fois, séparément : {}", names.join(" et "));
        return vec![Block::Notice(Tone::Warning, title, text.to_owned())];
    }
    let Some(statut) = avis.register(&jou::AVIS_STATUT).candidates.pop() else { return Vec::new() };
    let (tone, word) = match statut.value.as_str() {
        jou::SANS_SUITE => (Tone::Neutral, "Classé sans suite"),
        _ => (Tone::Done, "Traité"),
    };
    vec![Block::Notice(tone, word.to_owned(), case.signed(&statut.signature))]
}

/// The values of a field of the notice that were written apart, to choose from; nothing when there is one.
fn apart(case: Case, field: &'static Field, heading: &'static str) -> AnyView {
    let Some(register) =
        case.record().map(|avis| avis.register(field)).filter(liaison_shared::documents::Register::is_contested)
    else {
        return ().into_any();
    };
    let candidate = |it: &liaison_shared::documents::Candidate| Candidate {
        id: it.value.clone(),
        value: it.value.clone(),
        who: case.workspace.who(&it.signature),
        when: it.signature.at.french(clock::now()),
    };
    let candidates: Vec<Candidate> = register.candidates.iter().map(candidate).collect();
    let keep = move |value: String| {
        case.edit(&[RecordEdit::new(&jou::AVIS, case.id, &[(field, &value)])]);
    };
    view! {
        <TwoValues heading=heading text="Gardez la bonne. L’autre reste dans l’historique."
            candidates=Signal::stored(candidates) keep_label="Garder celui-ci" on_keep=keep/>
    }
    .into_any()
}

/// The acknowledgement, and its print; or why nothing follows.
fn answer(case: Case) -> AnyView {
    let Some(avis) = case.record() else { return ().into_any() };
    let dropped = avis.value(&jou::AVIS_STATUT) == jou::SANS_SUITE;
    let title = if dropped { "Réponse" } else { "Accusé de réception" };
    let text = avis.value(&jou::AVIS_ACCUSE).to_owned();
    let print = case.href(&format!("/imprimer/accuse/{}", case.id));
    let two = apart(case, &jou::AVIS_ACCUSE, "Deux accusés ont été écrits séparément");
    view! {
        <Section title=title>
            <div class="stack">
                {two}
                <p class="suite__letter">{text}</p>
                <div class="sheet__acts">
                    <ButtonLink href=print icon=IconName::File>"Imprimer"</ButtonLink>
                </div>
            </div>
        </Section>
    }
    .into_any()
}

fn decisions(case: Case) -> Vec<Block> {
    let Some(avis) = case.record() else { return Vec::new() };
    let writes = case.decides();
    let rows: Vec<Row> =
        case.dossier.view.with(|view| kept(view, &avis).iter().map(|it| row(case, view, it, writes)).collect());
    let mut acts = Vec::new();
    if writes {
        let words = if rows.is_empty() { "Rouvrir l’avis" } else { "Tout reprendre et rouvrir l’avis" };
        acts.push(Act::new(ButtonKind::Secondary, words, move || reopen(case)));
    }
    vec![Block::Card("Ce qui a été décidé".to_owned(), rows, None), Block::Acts(acts)]
}

/// One decision.
fn row(case: Case, view: &Dossier, it: &Kept, writes: bool) -> Row {
    let value = |field| it.record.value(field);
    let mut row = Row::new(value(&rel::CONSEQUENCE_TEXTE));
    row.badge = Some(match value(&rel::CONSEQUENCE_DECISION) {
        _ if it.is_back() => (Tone::Neutral, "Reprise".to_owned()),
        _ if it.twice => (Tone::Warning, "En double".to_owned()),
        rel::REFUSEE => (Tone::Neutral, rel::REFUSEE.to_owned()),
        word => (Tone::Done, word.to_owned()),
    });
    if !it.is_back() {
        row.texts.extend(it.faits.iter().take(LINKS).filter_map(|fait| result(case, view, fait)));
        let more = it.faits.len().saturating_sub(LINKS);
        row.texts.extend((more > 0).then(|| format!("et {more} autres")));
    }
    let reason = value(&rel::CONSEQUENCE_MOTIF);
    row.details.extend((!reason.is_empty()).then(|| format!("Motif : {reason}")));
    row.details.push(case.signed(&it.record.signature));
    if it.is_back() || it.faits.is_empty() {
        return row;
    }
    row.acts.extend(links(case, view, it));
    if writes {
        let id = it.record.id;
        let words = if it.twice && it.is_its_own() { "Ranger ce doublon" } else { "Reprendre" };
        row.acts.push(Act::new(ButtonKind::Secondary, words, move || take_one_back(case, id)).about(&row.title));
    }
    row
}

/// What became of it, as it stands now.
fn result(case: Case, view: &Dossier, fait: &Fait) -> Option<String> {
    let record = view.records.get(fait.id)?;
    let day = |text: &str| calendar_date(text).map_or_else(|| text.to_owned(), |day| french_day(day, clock::now()));
    Some(match fait.quoi.as_str() {
        "visites" => {
            let etat = record.value(&pre::VISITE_ETAT);
            let now =
                if etat == pre::ANNULEE { "annulée".to_owned() } else { format!("{} depuis", etat.to_lowercase()) };
            format!("Visite du {} : {now}", visit_day(record))
        }
        "recurrences" => format!("Dernier jour : {}", day(record.value(&pre::RECURRENCE_AU))),
        "pieces" => format!("{} : fin le {}", record.title(), day(&fait.apres)),
        "etapes" => format!("Étape depuis le {}", day(record.value(&pre::ETAPE_DATE))),
        _ if record.retire => "Tâche rangée".to_owned(),
        _ => {
            let statut = record.value(&rel::TACHE_STATUT).to_lowercase();
            let whose = record.value(&rel::TACHE_GERE_PAR).parse().ok().map(|user| case.workspace.name_of(user));
            let due = day(record.value(&rel::TACHE_ECHEANCE));
            let parts = [Some(format!("Tâche : {statut}")), Some(format!("pour le {due}")), whose];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    })
}

fn visit_day(record: &Record) -> String {
    let written = [record.value(&pre::VISITE_DATE), record.value(&pre::VISITE_JOUR)];
    let day = written.into_iter().find_map(calendar_date);
    day.map(|day| french_day(day, clock::now())).unwrap_or_default()
}

/// The ways to what was written.
fn links(case: Case, view: &Dossier, it: &Kept) -> Vec<Act> {
    let link = |fait: &Fait| {
        let record = view.records.get(fait.id)?;
        let (words, there) = match fait.quoi.as_str() {
            "visites" => (format!("Visite du {}", visit_day(record)), case.fiche(fait.id)),
            "recurrences" => ("Visites régulières".to_owned(), case.fiche(fait.id)),
            "pieces" => ("Le contrat".to_owned(), case.fiche(fait.id)),
            "etapes" => ("Le suivi".to_owned(), case.href("/suivi")),
            _ => ("La tâche".to_owned(), case.fiche(fait.id)),
        };
        Some(Act::new(ButtonKind::Quiet, words, move || case.place.go(&there)))
    };
    it.faits.iter().take(LINKS).filter_map(link).collect()
}

/// What takes some decisions back, and how much is left as somebody made it since.
fn back(case: Case, wanted: impl Fn(&Kept) -> bool) -> (Vec<RecordEdit>, usize) {
    let Some(avis) = untrack(|| case.record()) else { return (Vec::new(), 0) };
    case.dossier.view.with_untracked(|view| {
        let all = kept(view, &avis);
        let backs = all.iter().filter(|it| !it.is_back() && wanted(it)).map(|it| take_back(&it.record, view));
        backs.fold((Vec::new(), 0), |(mut edits, left), back| {
            edits.extend(back.edits);
            (edits, left + back.left)
        })
    })
}

/// Takes one decision back. What two decisions wrote in the same records is one thing: both go back together.
fn take_one_back(case: Case, id: EntryId) {
    let avis = untrack(|| case.record());
    let one = avis.and_then(|avis| {
        let all = case.dossier.view.with_untracked(|view| kept(view, &avis));
        all.into_iter().find(|it| it.record.id == id)
    });
    let Some(one) = one else { return };
    let regle = one.record.value(&rel::CONSEQUENCE_REGLE).to_owned();
    let together = !one.is_its_own();
    let (edits, left) =
        back(case, |it| it.record.id == id || together && it.record.value(&rel::CONSEQUENCE_REGLE) == regle);
    if case.edit(&edits) {
        say(case, left, "C’est repris.");
    }
}

/// Takes everything back; the notice waits again.
fn reopen(case: Case) {
    let (mut edits, left) = back(case, |_| true);
    edits.push(RecordEdit::new(&jou::AVIS, case.id, &[(&jou::AVIS_STATUT, jou::ENVOYE)]));
    if case.edit(&edits) {
        say(case, left, "Tout est repris : l’avis attend de nouveau.");
    }
}

fn say(case: Case, left: usize, all: &str) {
    match left {
        0 => case.toasts.say(Tone::Done, all),
        1 => case.toasts.say(Tone::Warning, "Repris, sauf un élément que quelqu’un a changé depuis : il reste ainsi."),
        n => {
            let said = format!("Repris, sauf {n} éléments que quelqu’un a changés depuis : ils restent ainsi.");
            case.toasts.say(Tone::Warning, said);
        }
    }
}
