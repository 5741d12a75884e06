//! Clocking in and out: the label first, then the tag, then by hand with a reason. Never blocked: what is unusual is flagged.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::client::ETIQUETTE;
use liaison_shared::documents::schema::journal::POINTAGES;
use liaison_shared::planning::{Lieu, Moyen, Pointage};

use super::clocks::{Clocks, clocks};
use super::visite::Visit;
use crate::features::scan::Scanner;
use crate::platform::nfc::{self, Nfc, NfcError};
use crate::platform::{clock, position, random};
use crate::ui::sheet::{Act, Block, Form, changing, draw};
use crate::ui::{Button, ButtonKind, Checkbox, Dialog, SelectOption, Tone};

/// Reasons for clocking in by hand.
const MOTIFS: [&str; 6] = [
    "L’étiquette manque",
    "L’étiquette est abîmée",
    "L’appareil photo ne marche pas",
    "Visite hors du domicile",
    "Oubli : pointage après coup",
    "Autre",
];
const MOTIF: &str = "pointage-motif";
const DETAIL: &str = "pointage-detail";

/// The dialog. Copies are the same.
#[derive(Clone, Copy)]
pub struct Pointing {
    /// Arrives (true) or leaves; `None` while it is closed.
    asked: RwSignal<Option<bool>>,
    /// By hand.
    by_hand: RwSignal<bool>,
    /// The person wants their position with it.
    position: RwSignal<bool>,
    form: Form,
    busy: RwSignal<bool>,
}

impl Pointing {
    /// Nobody clocks in.
    pub fn new() -> Self {
        Self {
            asked: RwSignal::new(None),
            by_hand: RwSignal::new(false),
            position: RwSignal::new(false),
            form: Form::default(),
            busy: RwSignal::new(false),
        }
    }

    /// Opens it.
    pub fn begin(self, arrivee: bool) {
        self.form.clear();
        self.by_hand.set(false);
        self.asked.set(Some(arrivee));
    }

    fn close(self) {
        self.asked.set(None);
    }

    /// Somebody is there, by what they have read, or by hand for a reason.
    fn clock(self, visit: Visit, moyen: Moyen, read: &str, motif: String) {
        let Some(arrivee) = self.asked.get_untracked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let records = visit.records;
        let label = records.dossier.view.with_untracked(|view| view.fields.value(&ETIQUETTE).to_owned());
        let lieu = if moyen == Moyen::Manuel { Lieu::NonVerifie } else { Lieu::of(records.dossier.id, read, &label) };
        // The moment is that of the tap, not that of the position, which may take a while.
        let (heure, Clocks { monotone, derive }) = (clock::now(), clocks(records.workspace));
        let pointage = Pointage {
            id: EntryId(random::sixteen_bytes()),
            visite: visit.id,
            arrivee,
            moyen,
            lieu,
            heure,
            monotone: Some(monotone),
            derive,
            de: None,
            motif,
        };
        let wanted = self.position.get_untracked();
        clock::spawn(async move {
            let place = if wanted { position::now().await.ok() } else { None };
            let place = place.map(|it| format!("{:.5},{:.5} ±{:.0} m", it.latitude, it.longitude, it.accuracy));
            let values = pointage.values(&place.clone().unwrap_or_default());
            match records.dossier.add_as(&POINTAGES, pointage.id, &values) {
                Ok(()) => {
                    let done = if arrivee { "Arrivée enregistrée" } else { "Départ enregistré" };
                    let mut said = format!("{done} à {}.", heure.hours());
                    if lieu == Lieu::Ailleurs {
                        said.push_str(" L’étiquette est celle d’un autre domicile : le bureau le verra.");
                    }
                    if wanted && place.is_none() {
                        said.push_str(" Sans position : l’appareil ne l’a pas donnée.");
                    }
                    records.toasts.say(if lieu == Lieu::Ailleurs { Tone::Warning } else { Tone::Done }, said);
                    let _gone = self.asked.try_set(None);
                }
                Err(error) => {
                    let _gone = self.form.problem.try_set(format!("Le pointage n’a pas été enregistré : {error}"));
                }
            }
            let _gone = self.busy.try_set(false);
        });
    }
}

/// The dialog.
pub fn pointing_dialog(visit: Visit, pointing: Pointing) -> AnyView {
    let title = Signal::derive(move || {
        if pointing.asked.get() == Some(false) { "Enregistrer le départ" } else { "Enregistrer l’arrivée" }.to_owned()
    });
    view! {
        <Dialog
            id="pointage"
            open=Signal::derive(move || pointing.asked.with(Option::is_some))
            on_close=move || pointing.close()
            title=title
            close_label="Fermer"
            full=true
        >
            <div class="stack">
                {changing(move || if pointing.by_hand.get() { manual(visit, pointing) } else { scanned(visit, pointing) })}
                <Checkbox id="pointage-position" label="Joindre ma position (facultatif)" checked=pointing.position
                    hint="Lue une fois, à ce pointage seulement. Le bureau et l’équipe du dossier peuvent la lire."
                    on_change=move |on| pointing.position.set(on)/>
            </div>
        </Dialog>
    }
    .into_any()
}

fn scanned(visit: Visit, pointing: Pointing) -> AnyView {
    let touching = RwSignal::new(false);
    let touch = move || {
        if touching.get_untracked() {
            return;
        }
        touching.set(true);
        clock::spawn(async move {
            let read = match Nfc::new() {
                Ok(nfc) => nfc.read().await,
                Err(error) => Err(error),
            };
            let _gone = touching.try_set(false);
            match read {
                Ok(text) => pointing.clock(visit, Moyen::Nfc, &text, String::new()),
                Err(NfcError::Stopped) => {}
                Err(_) => {
                    let why =
                        "La puce n’a pas été lue. Tenez le téléphone contre elle une seconde, ou lisez l’étiquette.";
                    let _gone = pointing.form.problem.try_set(why.to_owned());
                }
            }
        });
    };
    view! {
        <p>"Visez l’étiquette qui est chez la personne."</p>
        <Scanner on_read=move |text: String| pointing.clock(visit, Moyen::QrCode, &text, String::new())
            on_without=move |()| pointing.by_hand.set(true)/>
        {nfc::is_available().then(|| view! {
            <Button wide=true busy=touching on_click=touch>
                {move || if touching.get() { "Approchez le téléphone de la puce…" } else { "Toucher la puce NFC" }}
            </Button>
        })}
        {draw(pointing.form, vec![Block::Problem("Pas encore enregistré")])}
    }
    .into_any()
}

fn manual(visit: Visit, pointing: Pointing) -> AnyView {
    let form = pointing.form;
    let keep = move || {
        let (motif, detail) = (form.read(MOTIF, ""), form.read(DETAIL, ""));
        if motif.is_empty() || (motif == "Autre" && detail.is_empty()) {
            form.problem.set("Dites pourquoi sans code : le bureau le lira.".to_owned());
            return;
        }
        let why = if detail.is_empty() { motif } else { format!("{motif} : {detail}") };
        pointing.clock(visit, Moyen::Manuel, "", why);
    };
    let options = SelectOption::words_or("Choisir…", &MOTIFS);
    let blocks = vec![
        Block::Select(MOTIF, "Pourquoi sans code ?", String::new(), options),
        Block::Field(
            crate::ui::sheet::Field::new(DETAIL, "Précision", "").hint("Obligatoire si vous choisissez « Autre »."),
        ),
        Block::Problem("Pas encore enregistré"),
        Block::Act(Act::new(ButtonKind::Primary, "Pointer sans code", keep)),
        Block::Act(Act::new(ButtonKind::Quiet, "Lire l’étiquette", move || pointing.by_hand.set(false))),
    ];
    draw(form, blocks)
}
