//! What the office should know right now: who is on call, what waits.

use leptos::prelude::*;
use liaison_shared::Timestamp;
use liaison_shared::documents::schema::agence::ASTREINTES;
use liaison_shared::planning::{Garde, de_garde};
use liaison_shared::rules::echeances::{Alerte, Contrat};
use liaison_shared::time::Millis;
use liaison_shared::validate::phone_display;

use crate::state::Workspace;
use crate::ui::sheet::changing;
use crate::ui::{Icon, IconName};

/// Everybody's turn on call, in their order. Tracks the agency.
pub fn gardes(workspace: Workspace) -> Vec<Garde> {
    let mut all: Vec<Garde> =
        workspace.agence.with(|agence| agence.records.of(&ASTREINTES).filter_map(Garde::read).collect());
    all.sort_by_key(|it| (it.debut, it.fin, it.id));
    all
}

/// The number to call during a turn, as people read it.
pub fn number_of(workspace: Workspace, garde: &Garde) -> String {
    let line = workspace.on_call();
    phone_display(if garde.telephone.is_empty() { &line } else { &garde.telephone })
}

/// The tiles.
pub fn maintenant(workspace: Workspace, now: RwSignal<Timestamp>) -> AnyView {
    let waiting = Memo::new(move |_| {
        workspace.summaries.with(|all| {
            let notices = all.values().flat_map(|it| &it.agenda.avis);
            let urgent = notices.clone().filter(|it| it.urgent).count();
            let anomalies: usize = all.values().map(|it| it.agenda.signalees.len()).sum();
            (notices.count(), urgent, anomalies)
        })
    });
    let today = Memo::new(move |_| now.get().date());
    let ending = Memo::new(move |_| {
        let today = today.get();
        let ends =
            |contrat: &Contrat| contrat.alertes(today).iter().any(|it| matches!(it, Alerte::Fin(_) | Alerte::Depasse));
        workspace
            .summaries
            .with(|all| all.values().filter_map(|it| Contrat::of(it, Millis(0), today)).filter(ends).count())
    });
    view! {
        <div class="tuiles">
            {changing(move || on_call(workspace, now))}
            {changing(move || {
                let (notices, urgent, anomalies) = waiting.get();
                let urgent = match urgent { 0 => String::new(), 1 => "dont 1 urgent".to_owned(), n => format!("dont {n} urgents") };
                let ends = ending.get();
                view! {
                    {tile("/avis", IconName::Inbox, notices, "avis à traiter", urgent)}
                    {tile("/avis/anomalies", IconName::Warning, anomalies, "anomalies à traiter", String::new())}
                    {tile("/tableau/contrats", IconName::File, ends, "contrats à échéance", "dans les 60 jours".to_owned())}
                }
                .into_any()
            })}
        </div>
    }
    .into_any()
}

fn tile(href: &'static str, icon: IconName, count: usize, what: &'static str, more: String) -> AnyView {
    view! {
        <a class="tuile" href=href>
            <Icon name=icon/>
            <span class="tuile__words">
                <span class="tuile__title"><span class="tuile__number">{count}</span>" "{what}</span>
                <span class="tuile__more">{more}</span>
            </span>
        </a>
    }
    .into_any()
}

/// Who is on call now, with the number.
fn on_call(workspace: Workspace, now: RwSignal<Timestamp>) -> AnyView {
    let gardes = gardes(workspace);
    let now = now.get();
    let turn = de_garde(&gardes, now).next();
    let who = turn.and_then(|it| it.personne).map(|user| workspace.name_of(user));
    let number = turn.map_or_else(|| phone_display(&workspace.on_call()), |it| number_of(workspace, it));
    let title = match (turn, who) {
        (Some(_), Some(who)) => format!("D’astreinte : {who}"),
        (Some(_), None) => "Astreinte assurée".to_owned(),
        (None, _) => "Personne d’astreinte en ce moment".to_owned(),
    };
    let until = turn.map(|it| format!("jusqu’à {}", it.fin.french(now))).unwrap_or_default();
    let call = (!number.is_empty()).then(|| {
        let href = format!("tel:{}", number.replace(' ', ""));
        view! { <a class="tuile__call numbers" href=href><Icon name=IconName::Phone/>{number}</a> }.into_any()
    });
    view! {
        <div class="tuile tuile--garde">
            <Icon name=IconName::Phone/>
            <span class="tuile__words">
                <a class="tuile__title" href="/tableau/astreinte">{title}</a>
                <span class="tuile__more">{until}</span>
            </span>
            {call}
        </div>
    }
    .into_any()
}
