//! What to decide about a notice: every consequence, the acknowledgement, one button for all of it.

mod suite;

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::documents::schema::relation as rel;
use liaison_shared::papers::Context;
use liaison_shared::planning::{Agenda, Planifiee};
use liaison_shared::rules::consequences::{Avis, Decision, Proposition, accuse, apply, propositions};

use super::case::Case;
use super::decision::{Choices, decided};
use super::fait;
use crate::platform::{clock, page, random};
use crate::state::Draft;
use crate::ui::sheet::changing;
use crate::ui::{Banner, Button, ButtonKind, Section, SelectField, SelectOption, TextArea, Tone};

/// How far ahead visits are looked at beyond the days of the notice, in days.
const AHEAD: u64 = 90;

/// What the form has at hand. Copies are the same form.
#[derive(Clone, Copy)]
pub(super) struct Decider {
    case: Case,
    proposed: Memo<Vec<Proposition>>,
    choices: RwSignal<Choices>,
    /// The acknowledgement as somebody changed it; empty while it is the model's.
    text: Draft,
    channel: RwSignal<String>,
    /// Somebody has tried to apply: what is missing is said.
    tried: RwSignal<bool>,
    /// Somebody wants to end it without consequences.
    dropping: RwSignal<bool>,
    /// What they say of it.
    reply: RwSignal<String>,
}

/// The form.
pub fn form(case: Case) -> AnyView {
    if !case.decides() {
        let text = "Un responsable de secteur ou un gestionnaire en tire les suites.";
        return view! { <Banner tone=Tone::Information title="Cet avis attend" text=text/> }.into_any();
    }
    let decider = Decider {
        case,
        proposed: Memo::new(move |_| proposed(case)),
        choices: RwSignal::new(Choices::new()),
        text: Draft::open(case.workspace, format!("accuse/{}", case.id)),
        channel: RwSignal::new("Courriel".to_owned()),
        tried: RwSignal::new(false),
        dropping: RwSignal::new(false),
        reply: RwSignal::new(String::new()),
    };
    view! {
        <div class="stack">
            {changing(move || groups(decider))}
            {acknowledgement(decider)}
            {changing(move || problem(decider))}
            <Button kind=ButtonKind::Primary wide=true on_click=move || apply_all(decider)>
                "Appliquer et accuser réception"
            </Button>
            {changing(move || dropped(decider))}
        </div>
    }
    .into_any()
}

fn avis(case: Case) -> Option<Avis> {
    case.record().map(|record| Avis::read(&record, clock::now().date()))
}

/// Everything that follows from the notice. Tracks the dossier.
fn proposed(case: Case) -> Vec<Proposition> {
    let Some(avis) = avis(case) else { return Vec::new() };
    let today = clock::now().date();
    let names = |user| case.workspace.name_of(user);
    case.dossier.view.with(|view| {
        let agenda = Agenda::project(view, today);
        let last = avis.au.unwrap_or(avis.du).max(today) + chrono::Days::new(AHEAD);
        // Where somebody has been is not cancelled afterwards.
        let clocked = |it: &Planifiee| agenda.pointages.iter().any(|clock| clock.visite == it.visite.id);
        let mut planned = agenda.between(case.dossier.id, avis.du.min(today), last);
        planned.retain(|it| !clocked(it));
        propositions(&avis, view, &planned, &names, today)
    })
}

/// The consequences, under the heading of what each is about.
fn groups(decider: Decider) -> AnyView {
    let all = decider.proposed.get();
    let mut groups: Vec<&'static str> = Vec::new();
    for proposition in &all {
        if !groups.contains(&proposition.groupe) {
            groups.push(proposition.groupe);
        }
    }
    let group = |groupe: &'static str| {
        let of_group = all.iter().filter(|it| it.groupe == groupe);
        let suites: Vec<AnyView> = of_group.map(|it| suite::suite(decider, it)).collect();
        view! { <Section title=groupe>{suites}</Section> }.into_any()
    };
    groups.into_iter().map(group).collect::<Vec<_>>().into_any()
}

/// The model's text for what is decided so far. Tracks everything.
fn model(decider: Decider) -> String {
    let case = decider.case;
    let Some(avis) = avis(case) else { return String::new() };
    let all = decider.proposed.get();
    let unsure = |it: &Proposition| (it.clone(), Decision::Refusee(String::new()));
    let told: Vec<_> = decider.choices.with(|choices| {
        let one = |it: &Proposition| match decided(std::slice::from_ref(it), choices) {
            Ok(mut one) => one.pop().unwrap_or_else(|| unsure(it)),
            Err(_) => unsure(it),
        };
        all.iter().map(one).collect()
    });
    let (agency_name, me) = case.workspace.session.with_value(|it| (it.agency.clone(), it.name.clone()));
    let (names, now) = (|user| case.workspace.name_of(user), clock::now());
    case.dossier.view.with(|dossier| {
        case.workspace.agence.with(|agence| {
            let (id, agence) = (case.dossier.id, &agence.fields);
            let context = Context { id, dossier, agence, agency_name: &agency_name, names: &names, now };
            accuse(&avis, &told, (&context.client(), &me, &agency_name), agence, now)
        })
    })
}

fn acknowledgement(decider: Decider) -> AnyView {
    let model = Memo::new(move |_| model(decider));
    let own = Memo::new(move |_| decider.text.text.with(|text| !text.trim().is_empty()));
    let shown = Signal::derive(move || if own.get() { decider.text.text.get() } else { model.get() });
    let channels = SelectOption::words(rel::COURRIER_CANAL.choices());
    let again = move || {
        own.get().then(|| {
            view! {
                <Button kind=ButtonKind::Quiet on_click=move || decider.text.text.set(String::new())>
                    "Reprendre le texte du modèle"
                </Button>
            }
        })
    };
    view! {
        <Section title="Accusé de réception"
            text="Il dit ce qui est décidé ci-dessus. Il est gardé au dossier, avec les courriers.">
            <div class="stack">
                <TextArea id="accuse" label="Texte" value=shown rows=12
                    on_input=move |text: String| decider.text.text.set(text)/>
                {again}
                <SelectField id="accuse-canal" label="Remis par" value=decider.channel
                    options=Signal::stored(channels) on_change=move |chosen: String| decider.channel.set(chosen)/>
            </div>
        </Section>
    }
    .into_any()
}

/// What is missing, once somebody has tried.
fn problem(decider: Decider) -> AnyView {
    let missing = decider.proposed.with(|all| decider.choices.with(|choices| decided(all, choices).err()));
    if missing.is_none() || !decider.tried.get() {
        return ().into_any();
    }
    view! {
        <Banner tone=Tone::Danger title="Rien n’est encore appliqué" announce=true
            text="Une suite est refusée sans motif, ou sa date n’en est pas une. Complétez-la ci-dessus."/>
    }
    .into_any()
}

/// All of it, together.
fn apply_all(decider: Decider) {
    let case = decider.case;
    decider.tried.set(true);
    let all = decider.proposed.get_untracked();
    let decided = match decider.choices.with_untracked(|choices| decided(&all, choices)) {
        Ok(decided) => decided,
        Err(regle) => {
            let _there = page::focus(&suite::reason_id(regle)) || page::focus(&suite::date_id(regle));
            return;
        }
    };
    let Some(avis) = untrack(|| avis(case)) else { return };
    let own = decider.text.text.get_untracked();
    let text = if own.trim().is_empty() { untrack(|| model(decider)) } else { own };
    let id = || EntryId(random::sixteen_bytes());
    let mut edits: Vec<RecordEdit> = case.dossier.view.with_untracked(|view| {
        let one = |(proposition, decision): &(Proposition, Decision)| {
            apply(&avis, proposition, decision, view, [id(), id()]).edits
        };
        decided.iter().flat_map(one).collect()
    });
    let now = clock::now();
    edits.push(RecordEdit::new(
        &jou::AVIS,
        case.id,
        &[(&jou::AVIS_STATUT, jou::TRAITE), (&jou::AVIS_ACCUSE, &text), (&jou::AVIS_ACCUSE_LE, &now.0.to_string())],
    ));
    let letter = [
        (&rel::COURRIER_SENS, "Envoyé"),
        (&rel::COURRIER_CANAL, &*decider.channel.get_untracked()),
        (&rel::COURRIER_OBJET, &*format!("Accusé de réception : {}", avis.nature.to_lowercase())),
        (&rel::COURRIER_DATE, &*now.date().to_string()),
        (&rel::COURRIER_NOTE, &*text),
    ];
    edits.push(RecordEdit::new(&rel::COURRIERS, id(), &letter));
    if case.edit(&edits) {
        decider.text.text.set(String::new());
        case.toasts.say(Tone::Done, "Tout est appliqué, et l’accusé de réception est au dossier.");
        clock::spawn(async {
            clock::sleep(60).await;
            page::focus(fait::DONE);
        });
    }
}

/// The way out when nothing follows.
fn dropped(decider: Decider) -> AnyView {
    if !decider.dropping.get() {
        return view! {
            <Button kind=ButtonKind::Quiet on_click=move || decider.dropping.set(true)>"Classer sans suite…"</Button>
        }
        .into_any();
    }
    let drop = move || {
        let reply = decider.reply.get_untracked().trim().to_owned();
        if reply.is_empty() {
            decider.case.toasts.say(Tone::Warning, "Dites pourquoi : la personne qui a envoyé l’avis le lira.");
            let _there = page::focus("sans-suite");
            return;
        }
        let now = clock::now().0.to_string();
        let values =
            [(&jou::AVIS_STATUT, jou::SANS_SUITE), (&jou::AVIS_ACCUSE, &*reply), (&jou::AVIS_ACCUSE_LE, &*now)];
        if decider.case.edit(&[RecordEdit::new(&jou::AVIS, decider.case.id, &values)]) {
            decider.case.toasts.say(Tone::Done, "Classé sans suite.");
        }
    };
    view! {
        <Section title="Sans suite" text="Rien de ce qui est proposé n’est appliqué. L’avis reste au dossier.">
            <div class="stack">
                <TextArea id="sans-suite" label="Pourquoi, pour la personne qui a envoyé l’avis" value=decider.reply
                    on_input=move |text: String| decider.reply.set(text)/>
                <div class="sheet__acts">
                    <Button kind=ButtonKind::Danger on_click=drop>"Classer sans suite"</Button>
                    <Button on_click=move || decider.dropping.set(false)>"Annuler"</Button>
                </div>
            </div>
        </Section>
    }
    .into_any()
}
