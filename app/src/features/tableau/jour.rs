//! The live day: how every visit goes, what needs eyes first. Follows every sync, and the clock.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::documents::schema::personnel::TELEPHONE;
use liaison_shared::dossier::Summary;
use liaison_shared::planning::{Deroulement, Ligne, ORDRE, Pointage, compte, en_ordre};
use liaison_shared::validate::calendar_date;
use liaison_shared::{DocumentId, DocumentKind, DossierId, Timestamp, UserId};

use super::{ligne, maintenant, visite};
use crate::platform::clock;
use crate::state::Workspace;
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, EmptyState, IconName, Section, SelectField, SelectOption, TextField, TextKind};

/// How often the clock is looked at, in milliseconds.
const TICK: u32 = 30_000;
/// Lines of a list drawn before one asks for more.
pub const ROWS: usize = 50;

/// What the page has at hand. Copies are the same page.
#[derive(Clone, Copy)]
pub struct Jour {
    /// The person's work.
    pub workspace: Workspace,
    /// Now, as the page has it.
    pub now: RwSignal<Timestamp>,
    /// The numbers of those who come, as far as their files say.
    pub phones: RwSignal<HashMap<UserId, String>>,
    day: RwSignal<NaiveDate>,
    secteur: RwSignal<String>,
}

/// A clock-in to a visit that the planning does not have, and at whose home.
type Orphelin = (DossierId, String, Pointage);

/// The page.
pub fn jour() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let now = clock::now();
    let jour = Jour {
        workspace,
        now: RwSignal::new(now),
        phones: RwSignal::new(HashMap::new()),
        day: RwSignal::new(now.date()),
        secteur: RwSignal::new(String::new()),
    };
    follow(jour);
    let lignes = Memo::new(move |_| lignes(jour));
    let orphelins = Memo::new(move |_| orphelins(jour));
    learn_phones(jour, lignes);
    view! {
        <div class="page tableau">
            {maintenant::maintenant(workspace, jour.now)}
            {controls(jour)}
            {changing(move || lignes.with(|lignes| counts(lignes)))}
            {changing(move || lignes.with(|lignes| ligne::section(jour, lignes)))}
            {changing(move || orphelins.with(|all| visite::orphelins(jour, all)))}
            {groups(jour, lignes)}
        </div>
    }
    .into_any()
}

impl Jour {
    /// Whether the day that is shown is today.
    pub fn is_today(self) -> bool {
        self.now.get().date() == self.day.get()
    }
}

/// Looks at the clock every so often, and whenever something has arrived.
fn follow(jour: Jour) {
    let Jour { now, workspace, .. } = jour;
    clock::spawn(async move {
        loop {
            clock::sleep(TICK).await;
            if now.try_set(clock::now()).is_some() {
                return;
            }
        }
    });
    Effect::new(move || {
        workspace.summaries.track();
        now.set(clock::now());
    });
}

fn of_sector(jour: Jour) -> impl Fn(&&Arc<Summary>) -> bool {
    let wanted = jour.secteur.get();
    move |summary| wanted.is_empty() || summary.secteur == wanted
}

fn lignes(jour: Jour) -> Vec<Ligne> {
    let (now, day, here) = (jour.now.get(), jour.day.get(), of_sector(jour));
    let of = |summary: &Arc<Summary>| {
        let visits = summary.agenda.between(summary.dossier, day, day).into_iter();
        visits.filter_map(|it| Ligne::of(it, &summary.agenda.pointages, now)).collect::<Vec<_>>()
    };
    let mut all: Vec<Ligne> = jour.workspace.summaries.with(|all| all.values().filter(here).flat_map(of).collect());
    en_ordre(&mut all);
    all
}

fn orphelins(jour: Jour) -> Vec<Orphelin> {
    let (day, here) = (jour.day.get(), of_sector(jour));
    let of = |summary: &Arc<Summary>| {
        let found = summary.agenda.orphelins(summary.dossier, day).into_iter().cloned();
        found.map(|it| (summary.dossier, summary.name(), it)).collect::<Vec<_>>()
    };
    jour.workspace.summaries.with(|all| all.values().filter(here).flat_map(of).collect())
}

/// Reads the numbers of those who come from their files, once each; only where the person may read these.
fn learn_phones(jour: Jour, lignes: Memo<Vec<Ligne>>) {
    if !jour.workspace.reads(DocumentKind::Personnel) {
        return;
    }
    Effect::new(move || {
        let people: BTreeSet<UserId> =
            lignes.with(|all| all.iter().filter_map(|it| it.planifiee.intervenant).collect());
        clock::spawn(async move {
            for user in people {
                let Some(false) = jour.phones.try_with_untracked(|known| known.contains_key(&user)) else { continue };
                let Some(file) = jour.workspace.read_document(DocumentId::Personnel(user)).await else { continue };
                let phone = file.fields.value(&TELEPHONE).to_owned();
                let _gone = jour.phones.try_update(|known| known.insert(user, phone));
            }
        });
    });
}

fn controls(jour: Jour) -> AnyView {
    let mut options = vec![SelectOption::new("", "Tous les secteurs")];
    options.extend(jour.workspace.secteurs().into_iter().map(|name| SelectOption::new(name.clone(), name)));
    let day = Signal::derive(move || jour.day.get().to_string());
    let choose = move |text: String| {
        if let Some(day) = calendar_date(&text) {
            jour.day.set(day);
        }
    };
    view! {
        <div class="tableau__controls">
            <TextField id="tableau-jour" label="Jour" kind=TextKind::Date value=day on_input=choose/>
            <SelectField id="tableau-secteur" label="Secteur" value=jour.secteur options=Signal::stored(options)
                on_change=move |chosen: String| jour.secteur.set(chosen)/>
        </div>
    }
    .into_any()
}

/// How many visits are in each state; each leads to its list.
fn counts(lignes: &[Ligne]) -> AnyView {
    let one = |state: Deroulement| {
        let count = compte(lignes, state);
        let class = format!("compte compte--{}", visite::suffix(state));
        let href = format!("#{}", visite::suffix(state));
        let words = plural(state, count);
        view! { <li><a class=class href=href><span class="compte__number">{count}</span>{words}</a></li> }.into_any()
    };
    let all: Vec<AnyView> = ORDRE.map(one).into();
    view! { <ul class="comptes" role="list" aria-label="Visites par état">{all}</ul> }.into_any()
}

fn plural(state: Deroulement, count: usize) -> String {
    match state {
        Deroulement::NonPointee | Deroulement::Faite | Deroulement::Annulee if count > 1 => {
            state.label().replace("ée", "ées").replace("aite", "aites")
        }
        _ => state.label().to_owned(),
    }
}

/// The visits, state by state; each is drawn anew when one of its own changes.
fn groups(jour: Jour, lignes: Memo<Vec<Ligne>>) -> AnyView {
    let none = Memo::new(move |_| lignes.with(Vec::is_empty));
    let nothing = changing(move || {
        if !none.get() {
            return ().into_any();
        }
        view! {
            <EmptyState icon=IconName::Calendar title="Aucune visite ce jour"
                text="Les visites du planning se suivent ici, de l’arrivée au départ."/>
        }
        .into_any()
    });
    let all: Vec<AnyView> = ORDRE.map(|state| group(jour, lignes, state)).into();
    view! { {nothing}{all} }.into_any()
}

fn group(jour: Jour, lignes: Memo<Vec<Ligne>>, state: Deroulement) -> AnyView {
    let is = move |it: &&Ligne| it.suivi.deroulement == state;
    let of = Memo::new(move |_| lignes.with(|all| all.iter().filter(is).cloned().collect::<Vec<_>>()));
    let limit = RwSignal::new(ROWS);
    changing(move || {
        let count = of.with(Vec::len);
        if count == 0 {
            return ().into_any();
        }
        let rows: Vec<AnyView> = of.with(|of| of.iter().take(limit.get()).map(|it| visite::visite(jour, it)).collect());
        let title = format!("{} · {count}", plural(state, count));
        let more = more(count, limit);
        view! {
            <Section title=title id=visite::suffix(state) flush=true>
                <ul class="visites" role="list">{rows}</ul>{more}
            </Section>
        }
        .into_any()
    })
}

/// The button that draws more of a list of so many; nothing when all are drawn. Tracks how many are.
pub fn more(count: usize, limit: RwSignal<usize>) -> AnyView {
    let left = count.saturating_sub(limit.get());
    if left == 0 {
        return ().into_any();
    }
    view! {
        <Button kind=ButtonKind::Quiet wide=true on_click=move || limit.update(|limit| *limit += 4 * ROWS)>
            {format!("Afficher la suite ({left})")}
        </Button>
    }
    .into_any()
}
