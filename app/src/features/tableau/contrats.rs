//! The contracts at a glance, from summaries alone: who answers, until when, hours agreed and planned, tasks due.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike as _, Days, Months, NaiveDate};
use leptos::prelude::*;
use liaison_shared::DossierId;
use liaison_shared::documents::schema::administratif::GERE_PAR;
use liaison_shared::planning::{Etat, words};
use liaison_shared::rules::echeances::{Alerte, Contrat, PROCHE, Tri, trier};
use liaison_shared::time::{Millis, french_day};

use super::jour::{ROWS, more};
use crate::features::dossier::address_of;
use crate::platform::clock;
use crate::state::Workspace;
use crate::ui::sheet::changing;
use crate::ui::{Badge, EmptyState, IconName, SelectField, SelectOption, Tone};

const ORDERS: [(Tri, &str, &str); 5] = [
    (Tri::Alertes, "alertes", "À regarder d’abord"),
    (Tri::Nom, "nom", "Nom"),
    (Tri::Fin, "fin", "Fin du contrat"),
    (Tri::Heures, "heures", "Écart d’heures"),
    (Tri::Taches, "taches", "Prochaine tâche"),
];
const FILTERS: [(&str, &str); 5] = [
    ("", "Tous"),
    ("alertes", "À regarder"),
    ("fin", "À échéance (60 jours)"),
    ("personne", "Sans responsable"),
    ("moi", "Que je suis"),
];

#[derive(Clone, Copy)]
struct Page {
    workspace: Workspace,
    tri: RwSignal<String>,
    filtre: RwSignal<String>,
    secteur: RwSignal<String>,
    limit: RwSignal<usize>,
}

/// The page.
pub fn contrats() -> AnyView {
    let text = |value: &str| RwSignal::new(value.to_owned());
    let page = Page {
        workspace: expect_context(),
        tri: text("alertes"),
        filtre: text(""),
        secteur: text(""),
        limit: RwSignal::new(ROWS),
    };
    let all = Memo::new(move |_| all(page.workspace));
    let found = Memo::new(move |_| shown(page, all));
    view! {
        <div class="page tableau">
            {controls(page, all)}
            {changing(move || found.with(|found| table(page, found)))}
        </div>
    }
    .into_any()
}

/// Every contract, with what is planned for it this month. Tracks the list.
fn all(workspace: Workspace) -> Vec<Contrat> {
    let today = clock::now().date();
    let first = today.with_day(1).unwrap_or(today);
    let last = first + Months::new(1) - Days::new(1);
    let mut planned: HashMap<DossierId, i64> = HashMap::new();
    for it in workspace.planned(first, last).iter().filter(|it| !matches!(it.etat, Etat::Annulee | Etat::Brouillon)) {
        *planned.entry(it.visite.dossier).or_default() += it.visite.duree().0;
    }
    workspace.summaries.with(|all| {
        let prevu = |id| Millis(planned.get(id).copied().unwrap_or_default());
        all.iter().filter_map(|(id, summary)| Contrat::of(summary, prevu(id), today)).collect()
    })
}

fn shown(page: Page, all: Memo<Vec<Contrat>>) -> Vec<Contrat> {
    let today = clock::now().date();
    let (filtre, secteur) = (page.filtre.get(), page.secteur.get());
    let me = page.workspace.session.with_value(|session| session.user);
    let wanted = |it: &&Contrat| {
        let here = secteur.is_empty() || it.secteur == secteur;
        here && match filtre.as_str() {
            "alertes" => !it.alertes(today).is_empty(),
            "fin" => it.alertes(today).iter().any(|it| matches!(it, Alerte::Fin(_) | Alerte::Depasse)),
            "personne" => it.responsable.is_none(),
            "moi" => it.responsable == Some(me),
            _ => true,
        }
    };
    let mut found: Vec<Contrat> = all.with(|all| all.iter().filter(wanted).cloned().collect());
    let tri = page.tri.with(|tri| ORDERS.iter().find(|(_, key, _)| key == tri).map(|(tri, ..)| *tri));
    trier(&mut found, tri.unwrap_or(Tri::Alertes), today);
    found
}

fn controls(page: Page, all: Memo<Vec<Contrat>>) -> AnyView {
    let orders = ORDERS.iter().map(|(_, key, label)| SelectOption::new(*key, *label)).collect();
    let filters = FILTERS.iter().map(|(key, label)| SelectOption::new(*key, *label)).collect();
    let sectors = Signal::derive(move || {
        let names: BTreeSet<String> = all.with(|all| all.iter().map(|it| it.secteur.clone()).collect());
        let named = names.into_iter().filter(|name| !name.is_empty());
        let any = SelectOption::new("", "Tous les secteurs");
        [any].into_iter().chain(named.map(|name| SelectOption::new(name.clone(), name))).collect::<Vec<_>>()
    });
    view! {
        <div class="tableau__controls">
            <SelectField id="contrats-filtre" label="Montrer" value=page.filtre options=Signal::stored(filters)
                on_change=move |chosen: String| page.filtre.set(chosen)/>
            <SelectField id="contrats-tri" label="Trier par" value=page.tri options=Signal::stored(orders)
                on_change=move |chosen: String| page.tri.set(chosen)/>
            <SelectField id="contrats-secteur" label="Secteur" value=page.secteur options=sectors
                on_change=move |chosen: String| page.secteur.set(chosen)/>
        </div>
    }
    .into_any()
}

fn table(page: Page, found: &[Contrat]) -> AnyView {
    if found.is_empty() {
        return view! {
            <EmptyState icon=IconName::File title="Aucun contrat ici"
                text="Les dossiers sous contrat, actifs ou suspendus, se suivent ici : qui répond, jusqu’à quand."/>
        }
        .into_any();
    }
    let today = clock::now().date();
    let rows: Vec<AnyView> = found.iter().take(page.limit.get()).map(|it| row(page, it, today)).collect();
    let heads = ["Client", "Suivi par", "Fin", "Heures ce mois-ci", "Tâches", "À regarder"];
    let heads: Vec<AnyView> = heads.iter().map(|it| view! { <th scope="col">{*it}</th> }.into_any()).collect();
    let count = match found.len() {
        1 => "1 contrat".to_owned(),
        n => format!("{n} contrats"),
    };
    view! {
        <table class="contrats">
            <caption>{count}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {more(found.len(), page.limit)}
    }
    .into_any()
}

fn row(page: Page, it: &Contrat, today: NaiveDate) -> AnyView {
    let now = clock::now();
    let base = format!("/dossiers/{}", it.dossier);
    let who = match it.responsable {
        Some(user) => page.workspace.name_of(user).into_any(),
        None => view! { <a href=address_of(&base, &GERE_PAR)>"Choisir quelqu’un"</a> }.into_any(),
    };
    let end = it.fin.map_or_else(|| "sans date".to_owned(), |fin| french_day(fin, now));
    let hours = match it.convenu {
        Some(agreed) => format!("{} sur {}", words(it.prevu), words(agreed)),
        None if it.prevu.0 > 0 => words(it.prevu),
        None => "–".to_owned(),
    };
    let tasks = match (it.taches, it.prochaine) {
        (0, _) | (_, None) => "–".into_any(),
        (n, Some(day)) => {
            let words = format!("{n}, la première le {}", french_day(day, now));
            view! { <a class="contrats__tasks" href=format!("{base}/suivi")>{words}</a> }.into_any()
        }
    };
    let badge = |alerte: Alerte| {
        let (tone, words) = told(alerte);
        view! { <Badge tone=tone>{words}</Badge> }.into_any()
    };
    let badges: Vec<AnyView> = it.alertes(today).into_iter().map(badge).collect();
    let name = it.nom.clone();
    view! {
        <tr>
            <th scope="row"><a class="contrats__client" href=base>{name}</a></th>
            <td data-label="Suivi par">{who}</td>
            <td data-label="Fin">{end}</td>
            <td data-label="Heures ce mois-ci">{hours}</td>
            <td data-label="Tâches">{tasks}</td>
            <td><div class="contrats__badges">{badges}</div></td>
        </tr>
    }
    .into_any()
}

/// What to look at, in words.
fn told(alerte: Alerte) -> (Tone, String) {
    match alerte {
        Alerte::Depasse => (Tone::Danger, "Fin dépassée".to_owned()),
        Alerte::Fin(0) => (Tone::Danger, "Finit aujourd’hui".to_owned()),
        Alerte::Fin(1) => (Tone::Danger, "Finit demain".to_owned()),
        Alerte::Fin(days) if days <= PROCHE / 2 => (Tone::Danger, format!("Finit dans {days} jours")),
        Alerte::Fin(days) => (Tone::Warning, format!("Finit dans {days} jours")),
        Alerte::SansResponsable => (Tone::Warning, "Sans responsable".to_owned()),
        Alerte::Heures(span) if span.0 < 0 => {
            (Tone::Information, format!("{} de moins que convenu", words(Millis(-span.0))))
        }
        Alerte::Heures(span) => (Tone::Information, format!("{} de plus que convenu", words(span))),
        Alerte::Taches(1) => (Tone::Warning, "1 tâche en retard".to_owned()),
        Alerte::Taches(n) => (Tone::Warning, format!("{n} tâches en retard")),
    }
}
