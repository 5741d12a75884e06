//! What was done and seen: tasks, an observation, photos, words for the next one, and apart from them words for the office.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::documents::schema::prestation::TACHES;
use liaison_shared::documents::schema::rapports::{NOTE_TEXTE, NOTE_VISITE, NOTES};
use liaison_shared::documents::{DocumentError, RecordEdit};
use liaison_shared::planning::{realisation_id, taches};

use super::visite::Visit;
use crate::features::dictation::Dictate;
use crate::features::dossier::{Viewer, fichiers, viewer_dialog, write_down};
use crate::platform::{clock, random};
use crate::state::Draft;
use crate::ui::sheet::{Act, Block, Form, Row, SheetDialog, changing, draw};
use crate::ui::{Button, ButtonKind, Section, SelectOption, TextArea, Tone};

const MOTIF: &str = "tache-motif";
const MOTIFS: [&str; 6] = [
    "La personne n’a pas souhaité",
    "Pas le temps",
    "Il manque du matériel",
    "La personne était absente",
    "Fait par quelqu’un d’autre",
    "Autre",
];
const DETAIL: &str = "tache-detail";

/// What is written during a visit. Copies are the same.
#[derive(Clone, Copy)]
pub struct CompteRendu {
    visit: Visit,
    observation: Draft,
    transmission: Draft,
    note: Draft,
    /// The task of which somebody says why it was not done; empty while nobody does.
    undone: RwSignal<String>,
    form: Form,
}

impl CompteRendu {
    /// What was begun comes back.
    pub fn open(visit: Visit) -> Self {
        let (workspace, dossier) = (visit.records.workspace, visit.records.dossier.id);
        Self {
            visit,
            observation: Draft::open(workspace, format!("observation/{}", visit.id)),
            transmission: Draft::open(workspace, format!("transmission/{dossier}")),
            note: Draft::open(workspace, format!("note/{}", visit.id)),
            undone: RwSignal::new(String::new()),
            form: Form::default(),
        }
    }

    /// Whoever leaves has said what they wrote: nothing waits in a field.
    pub fn keep_all(self) {
        self.keep_observation();
        self.keep_transmission();
        self.keep_note();
    }

    fn keep_observation(self) {
        let records = self.visit.records;
        let visite = self.visit.id.to_string();
        self.keep(self.observation, |text, draft| {
            let values = [(&jou::OBSERVATION_VISITE, visite.as_str()), (&jou::OBSERVATION_TEXTE, text)];
            records
                .dossier
                .write_down(&RecordEdit::new(&jou::OBSERVATIONS, EntryId(random::sixteen_bytes()), &values), draft)
        });
    }

    fn keep_transmission(self) {
        let records = self.visit.records;
        self.keep(self.transmission, |text, draft| records.dossier.add_transmission(text, draft));
    }

    fn keep_note(self) {
        let records = self.visit.records;
        let visite = self.visit.id.to_string();
        self.keep(self.note, |text, draft| {
            let values = [(&NOTE_VISITE, visite.as_str()), (&NOTE_TEXTE, text)];
            records.dossier.write_down(&RecordEdit::new(&NOTES, EntryId(random::sixteen_bytes()), &values), draft)
        });
    }

    fn keep(self, draft: Draft, write: impl FnOnce(&str, String) -> Result<(), DocumentError>) {
        write_down(draft, self.visit.records.toasts, |text| write(text, draft.name()));
    }

    /// The parts of the page.
    pub fn draw(self) -> AnyView {
        let (records, viewer, photos, tasks) = (self.visit.records, Viewer::new(), Form::default(), Form::default());
        let piece = Some(self.visit.id);
        view! {
            {changing(move || draw(tasks, self.tasks()))}
            {text(self.observation, "observation", "Ce que vous avez vu", "Observation", "Enregistrer l’observation",
                move || self.keep_observation())}
            {changing(move || draw(Form::default(), self.written()))}
            {changing(move || draw(photos, fichiers(records, viewer, &jou::FICHIERS, piece)))}
            {text(self.transmission, "transmission", "Pour la personne qui viendra après vous", "Transmission", "Transmettre",
                move || self.keep_transmission())}
            {text(self.note, "note-bureau", "Pour le bureau seulement : vos collègues ne la reçoivent pas", "Note au bureau",
                "Envoyer au bureau", move || self.keep_note())}
            {viewer_dialog(viewer)}
            <SheetDialog form=self.form asked=std::sync::Arc::new(move || self.why())
                on_close=move || self.undone.set(String::new())/>
        }
        .into_any()
    }

    /// The tasks of the mission, a line each.
    fn tasks(self) -> Vec<Block> {
        let records = self.visit.records;
        let rows = records.dossier.view.with(|view| {
            let row = |line: &str| {
                let name = line.to_owned();
                let mut row = Row::new(&name);
                if let Some(record) = view.records.get(realisation_id(self.visit.id, &name)) {
                    let done = record.value(&jou::REALISATION_FAIT);
                    row.badge = Some((if done == jou::FAIT { Tone::Done } else { Tone::Warning }, done.to_owned()));
                    let why = record.value(&jou::REALISATION_MOTIF);
                    row.texts.extend((!why.is_empty()).then(|| why.to_owned()));
                    let (dossier, changes) = (records.dossier, record.changes());
                    row.receipt = Some(Signal::derive(move || dossier.least_safe(changes.iter().copied())));
                }
                let (yes, no) = (name.clone(), name.clone());
                row.acts = vec![
                    Act::new(ButtonKind::Secondary, "Fait", move || self.say(&yes, jou::FAIT, "")).about(&name),
                    Act::new(ButtonKind::Secondary, "Pas fait", move || {
                        self.form.clear();
                        self.undone.set(no.clone());
                    })
                    .about(&name),
                ];
                row
            };
            taches(view.fields.value(&TACHES)).map(row).collect::<Vec<Row>>()
        });
        if rows.is_empty() { Vec::new() } else { vec![Block::Card("Ce qu’il y a à faire".to_owned(), rows, None)] }
    }

    fn say(self, tache: &str, fait: &str, motif: &str) {
        let id = realisation_id(self.visit.id, tache);
        let visite = self.visit.id.to_string();
        let values = [
            (&jou::REALISATION_VISITE, visite.as_str()),
            (&jou::REALISATION_TACHE, tache),
            (&jou::REALISATION_FAIT, fait),
            (&jou::REALISATION_MOTIF, motif),
        ];
        let edit = RecordEdit::new(&jou::REALISATIONS, id, &values);
        if let Err(error) = self.visit.records.dossier.edit(&[edit]) {
            self.visit.records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
        }
    }

    /// Why a task was not done.
    fn why(self) -> Option<(String, Vec<Block>)> {
        let tache = self.undone.get();
        if tache.is_empty() {
            return None;
        }
        let (form, name) = (self.form, tache.clone());
        let keep = move || {
            let (motif, detail) = (form.read(MOTIF, ""), form.read(DETAIL, ""));
            if motif.is_empty() || (motif == "Autre" && detail.is_empty()) {
                form.problem.set("Dites pourquoi : le bureau et la personne suivante le liront.".to_owned());
                return;
            }
            let why = if detail.is_empty() { motif } else { format!("{motif} : {detail}") };
            self.say(&name, jou::NON_FAIT, &why);
            self.undone.set(String::new());
        };
        let options = SelectOption::words_or("Choisir…", &MOTIFS);
        let blocks = vec![
            Block::Select(MOTIF, "Pourquoi ?", String::new(), options),
            Block::Field(crate::ui::sheet::Field::new(DETAIL, "Précision", "")),
            Block::Problem("Pas encore enregistré"),
            Block::Act(Act::new(ButtonKind::Primary, "Enregistrer", keep)),
        ];
        Some((format!("Pas fait : {tache}"), blocks))
    }

    /// The observations of this visit that are written down, and the notes to the office.
    fn written(self) -> Vec<Block> {
        let records = self.visit.records;
        let visite = self.visit.id.to_string();
        let rows = records.dossier.view.with(|view| {
            let seen = view.records.of(&jou::OBSERVATIONS).filter(|it| it.value(&jou::OBSERVATION_VISITE) == visite);
            let seen = seen.map(|it| ("Observation", it.value(&jou::OBSERVATION_TEXTE), it));
            let told = view.records.of(&NOTES).filter(|it| it.value(&NOTE_VISITE) == visite);
            let told = told.map(|it| ("Note au bureau", it.value(&NOTE_TEXTE), it));
            let row = |(what, text, record): (&str, &str, &liaison_shared::documents::Record)| {
                let mut row = Row::new(what);
                row.texts.push(text.to_owned());
                let by = &record.signature;
                row.details.push(format!("{}, {}", records.workspace.who(by), by.at.french(clock::now())));
                let (dossier, changes) = (records.dossier, record.changes());
                row.receipt = Some(Signal::derive(move || dossier.least_safe(changes.iter().copied())));
                row
            };
            seen.chain(told).map(row).collect::<Vec<Row>>()
        });
        if rows.is_empty() {
            Vec::new()
        } else {
            vec![Block::Card("Écrit pendant cette visite".to_owned(), rows, None)]
        }
    }
}

/// A text that is typed or dictated.
fn text(
    draft: Draft,
    id: &'static str,
    hint: &'static str,
    title: &'static str,
    words: &'static str,
    keep: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let empty = Signal::derive(move || draft.text.with(|text| text.trim().is_empty()));
    let said = move |phrase: String| {
        draft.text.update(|text| {
            let gap = if text.is_empty() || text.ends_with(char::is_whitespace) { "" } else { " " };
            text.push_str(gap);
            text.push_str(&phrase);
        });
    };
    view! {
        <Section title=title>
            <div class="stack">
                <TextArea id=id label=hint value=draft.text on_input=move |typed| draft.text.set(typed) rows=2/>
                <Dictate on_text=said/>
                <Button kind=ButtonKind::Secondary wide=true disabled=empty on_click=move || keep()>{words}</Button>
            </div>
        </Section>
    }
    .into_any()
}
