//! One visit of the day in a line: when, at whose home, who, and what is not as planned, the serious first.

use leptos::prelude::*;
use liaison_shared::planning::{Deroulement, Ecart, Ligne, Pointage, words};
use liaison_shared::validate::phone_display;
use liaison_shared::{DossierId, UserId};

use super::jour::Jour;
use crate::ui::sheet::changing;
use crate::ui::{Badge, Icon, IconName, Section, Tone};

/// The last part of a class name.
pub fn suffix(state: Deroulement) -> &'static str {
    match state {
        Deroulement::EnRetard => "retard",
        Deroulement::NonPointee => "non-pointee",
        Deroulement::EnCours => "en-cours",
        Deroulement::AVenir => "a-venir",
        Deroulement::Faite => "faite",
        Deroulement::Annulee => "annulee",
    }
}

/// The line of a visit.
pub fn visite(jour: Jour, ligne: &Ligne) -> AnyView {
    let Ligne { planifiee: it, suivi } = ligne;
    let (debut, fin) = (it.visite.debut.hours(), it.visite.fin.hours());
    let dossier = it.visite.dossier;
    let client = changing(move || jour.workspace.dossier_name(dossier).unwrap_or_default().into_any());
    let href = format!("/dossiers/{}", it.visite.dossier);
    let who = match it.intervenant {
        Some(user) => jour.workspace.name_of(user),
        None => "Sans intervenant".to_owned(),
    };
    let parts = [who, it.activite.clone(), it.motif.clone()];
    let about = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let mut ecarts = suivi.ecarts.clone();
    ecarts.sort_by_key(|ecart| !ecart.is_serious());
    let ecart = |ecart: &Ecart| {
        let tone = if ecart.is_serious() { Tone::Warning } else { Tone::Neutral };
        let words = ecart.words(&|user| jour.workspace.name_of(user));
        view! { <li><Badge tone=tone>{words}</Badge></li> }.into_any()
    };
    let ecarts: Vec<AnyView> = ecarts.iter().map(ecart).collect();
    let clocked = clocked(ligne);
    view! {
        <li class=format!("visite visite--{}", suffix(suivi.deroulement))>
            <p class="visite__hours">{debut}" – "{fin}</p>
            <div class="visite__words">
                <a class="visite__client" href=href>{client}</a>
                <p class="visite__about">{about}</p>
                {(!clocked.is_empty()).then(|| view! { <p class="visite__about numbers">{clocked}</p> })}
                {(!ecarts.is_empty()).then(|| view! { <ul class="visite__ecarts" role="list">{ecarts}</ul> })}
            </div>
            {it.intervenant.map(|user| call(jour, user))}
        </li>
    }
    .into_any()
}

/// When somebody came and went.
fn clocked(ligne: &Ligne) -> String {
    let at = |label: &str, it: &Option<Pointage>| it.as_ref().map(|it| format!("{label} {}", it.at().hours()));
    let suivi = &ligne.suivi;
    let span = suivi.duree().filter(|span| span.0 > 0).map(words);
    let parts = [at("arrivée", &suivi.arrivee), at("départ", &suivi.depart), span];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The number of somebody who comes, as a link; nothing while it is not known.
fn call(jour: Jour, user: UserId) -> AnyView {
    changing(move || {
        let number = jour.phones.with(|known| known.get(&user).map(|it| phone_display(it)).unwrap_or_default());
        if number.is_empty() {
            return ().into_any();
        }
        let label = format!("Appeler {}", jour.workspace.name_of(user));
        let href = format!("tel:{}", number.replace(' ', ""));
        view! {
            <a class="visite__call" href=href>
                <Icon name=IconName::Phone/>
                <span class="visually-hidden">{label}" "</span>
                <span class="numbers">{number}</span>
            </a>
        }
        .into_any()
    })
}

/// Clock-ins to visits that the planning does not have: nothing that somebody did is lost.
pub fn orphelins(jour: Jour, all: &[(DossierId, String, Pointage)]) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let line = |(dossier, name, it): &(DossierId, String, Pointage)| {
        let who = it.de.map_or_else(|| "quelqu’un".to_owned(), |user| jour.workspace.name_of(user));
        let what = if it.arrivee { "Arrivée" } else { "Départ" };
        let about = [format!("{what} pointé par {who} · {}", it.moyen.name()), it.motif.clone()];
        let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let href = format!("/dossiers/{dossier}");
        let name = name.clone();
        view! {
            <li class="visite">
                <p class="visite__hours">{it.at().hours()}</p>
                <div class="visite__words">
                    <a class="visite__client" href=href>{name}</a>
                    <p class="visite__about">{about}</p>
                </div>
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(line).collect();
    view! {
        <Section title="Pointages sans visite prévue" flush=true
            text="Quelqu’un est venu alors que le planning n’a pas, ou plus, de visite. Le temps compte : à vous de voir.">
            <ul class="visites" role="list">{lines}</ul>
        </Section>
    }
    .into_any()
}
