//! One visit: its hours, who comes, where it stands; called off, put back, given to somebody else.

use std::sync::Arc;

use chrono::NaiveTime;
use leptos::prelude::*;
use liaison_shared::documents::schema::prestation::{ACTIVITES, ETATS_VISITE};
use liaison_shared::planning::{Etat, Planifiee, Voulue, candidats, conteste, garder, notice, versions, words};
use liaison_shared::validate::clock_time;
use liaison_shared::{DossierId, EntryId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::moves::visite_of;
use super::replace::somebody;
use super::vue::Ouvert;
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, SelectOption, TextKind, Tone};

/// The dialog.
pub fn dialog(desk: Desk, dossier: DossierId, id: EntryId) -> Vec<Block> {
    let Some(planned) = desk.find(dossier, id) else {
        let text = "Elle est loin de cette semaine, ou elle a été retirée du planning.";
        return vec![Block::Nothing(Nothing::new(IconName::Calendar, "Cette visite n’est pas ici", text))];
    };
    let mut blocks = vec![Block::Card(String::new(), vec![head(desk, &planned)], None)];
    blocks.extend(two_versions(desk, &planned));
    if !desk.writes() {
        return blocks;
    }
    blocks.extend(form(desk, &planned));
    blocks
}

/// The visit in words.
pub fn span(desk: Desk, planned: &Planifiee) -> String {
    let visite = planned.visite;
    format!("{}, {} – {}", desk.day(planned.jour), visite.debut.hours(), visite.fin.hours())
}

fn head(desk: Desk, planned: &Planifiee) -> Row {
    let dossier = planned.visite.dossier;
    let mut row = Row::new(span(desk, planned));
    row.href = format!("/dossiers/{dossier}");
    row.badge = Some((tone(planned.etat), planned.etat.name().to_owned()));
    row.texts.push(desk.name(planned.intervenant));
    let agenda = desk.agenda(dossier);
    if let Some((regle, _)) = agenda.origine(planned) {
        let own = if planned.modifiee { ", modifiée ce jour-là" } else { "" };
        row.details.push(format!("Visite régulière : {}{own}", regle.jours_en_mots()));
    }
    row.details.extend((!planned.motif.is_empty()).then(|| format!("Motif : {}", planned.motif)));
    for user in planned.intervenant.iter().chain(&planned.proposee) {
        if let Some(answer) = agenda.reponse(planned, *user) {
            let said = if answer.acceptee { "a accepté" } else { "a refusé" };
            let why = if answer.motif.is_empty() { String::new() } else { format!(" : {}", answer.motif) };
            row.details.push(format!("{} {said}{why}", desk.name(Some(*user))));
        }
    }
    row
}

/// How a state looks.
pub fn tone(etat: Etat) -> Tone {
    match etat {
        Etat::Confirmee => Tone::Done,
        Etat::AValider => Tone::Information,
        Etat::Brouillon => Tone::Neutral,
        Etat::Annulee => Tone::Warning,
    }
}

/// What was written apart, each version with its button.
fn two_versions(desk: Desk, planned: &Planifiee) -> Vec<Block> {
    let Some(prestation) = desk.prestation.get().filter(|_| planned.conteste) else { return Vec::new() };
    let Some(record) = conteste(prestation.records(), planned) else { return Vec::new() };
    let dossier = planned.visite.dossier;
    let rows = versions(record).into_iter().map(|version| {
        let said =
            version.values.iter().map(|(field, value)| format!("{} : {}", field.label, shown(desk, field, value)));
        let mut row = Row::new(said.collect::<Vec<_>>().join(" · "));
        let when = version.signature.at.french(clock::now());
        row.details.push(format!("{}, {when}", desk.workspace.who(&version.signature)));
        if desk.writes() {
            let keep = garder(record, &version);
            row.acts.push(Act::new(ButtonKind::Secondary, "Garder celle-ci", move || {
                edits::keep(desk, Lot::of(dossier, vec![keep.clone()], "Une seule version est gardée.").seen(desk));
            }));
        }
        row
    });
    vec![Block::Card("Deux versions écrites séparément".to_owned(), rows.collect(), None)]
}

fn shown(desk: Desk, field: &'static liaison_shared::documents::schema::Field, value: &str) -> String {
    use liaison_shared::documents::schema::FieldKind;
    match field.kind {
        FieldKind::Person => desk.name(value.parse().ok()),
        FieldKind::Date => value.parse().map_or_else(|_| value.to_owned(), |day| desk.day(day)),
        _ if value.is_empty() => "vide".to_owned(),
        _ => field.display(value),
    }
}

/// What is typed, over the visit as it is. Tracks nothing.
fn typed(desk: Desk, planned: &Planifiee) -> Result<Voulue, &'static str> {
    let now = Voulue::of(planned);
    let read = |key: &str, initial: &str| desk.form.read(key, initial);
    let jour = read("jour", &now.jour.to_string()).parse().map_err(|_| "La date n’est pas une date.")?;
    let debut = time(&read("debut", &written(now.debut))).ok_or("L’heure de début n’est pas une heure.")?;
    let fin = time(&read("fin", &written(now.fin))).ok_or("L’heure de fin n’est pas une heure.")?;
    if debut == fin {
        return Err("La visite finit quand elle commence.");
    }
    let shown = |user: Option<UserId>| user.map(|it| it.to_string()).unwrap_or_default();
    let intervenant: Option<UserId> = read("intervenant", &shown(now.intervenant)).parse().ok();
    let etat = Etat::from_name(&read("etat", now.etat.name()));
    let soon = clock::now().date() + chrono::Days::new(3);
    Ok(Voulue {
        jour,
        debut,
        fin,
        intervenant,
        proposee: if intervenant.is_some() { Vec::new() } else { now.proposee.clone() },
        echeance: (etat == Etat::AValider).then(|| now.echeance.unwrap_or(soon)),
        activite: read("activite", &now.activite),
        signature: read("signature", if now.signature { "oui" } else { "" }) == "oui",
        etat,
        motif: read("motif", &now.motif),
    })
}

/// A time of day as it was typed.
pub fn time(text: &str) -> Option<NaiveTime> {
    clock_time(text)
}

/// A time of day as a field shows it.
pub fn written(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// The choices of an activity.
pub fn activities() -> Vec<SelectOption> {
    SelectOption::words_or("Celle de la mission", ACTIVITES)
}

/// Whether the client signs.
pub fn signatures() -> Vec<SelectOption> {
    vec![SelectOption::new("", "Non demandée"), SelectOption::new("oui", "Demandée")]
}

fn form(desk: Desk, planned: &Planifiee) -> Vec<Block> {
    let now = Voulue::of(planned);
    let person = now.intervenant.map(|it| it.to_string()).unwrap_or_default();
    let states = SelectOption::words(ETATS_VISITE);
    let (for_live, for_keep) = (planned.clone(), planned.clone());
    let mut blocks = vec![
        Block::Field(Field::new("jour", "Date", now.jour.to_string()).kind(TextKind::Date)),
        Block::Field(Field::new("debut", "De", written(now.debut)).kind(TextKind::Time)),
        Block::Field(
            Field::new("fin", "À", written(now.fin)).kind(TextKind::Time).hint("Plus tôt que le début : le lendemain."),
        ),
        Block::Select("intervenant", "Intervenant", person, desk.people()),
        Block::Live(Arc::new(move || warnings(desk, &for_live))),
        Block::Select("activite", "Activité", now.activite.clone(), activities()),
        Block::Select(
            "signature",
            "Signature du client",
            if now.signature { "oui" } else { "" }.to_owned(),
            signatures(),
        ),
        Block::Select("etat", "État", now.etat.name().to_owned(), states),
        Block::Field(Field::new("motif", "Motif du changement", now.motif.clone())),
        Block::Problem("La visite n’est pas enregistrée"),
        Block::Act(Act::new(ButtonKind::Primary, "Enregistrer la visite", move || save(desk, &for_keep))),
    ];
    blocks.push(Block::Acts(acts(desk, planned)));
    blocks
}

fn acts(desk: Desk, planned: &Planifiee) -> Vec<Act> {
    let (dossier, id) = (planned.visite.dossier, planned.visite.id);
    let agenda = desk.agenda(dossier);
    let mut acts = Vec::new();
    if planned.etat != Etat::Annulee {
        acts.push(desk.opens(ButtonKind::Secondary, "Remplacer", Ouvert::Remplacer(dossier, id)));
    }
    if let Some((regle, _)) = agenda.origine(planned) {
        acts.push(desk.opens(
            ButtonKind::Secondary,
            "Changer toutes les visites régulières",
            Ouvert::Serie(dossier, regle.id),
        ));
    }
    let another = Ouvert::Nouvelle(Some(dossier), None, Some(planned.jour));
    acts.push(desk.opens(ButtonKind::Secondary, "Nouvelle visite chez ce client", another));
    if let Some(back) = agenda.remettre(planned) {
        acts.push(Act::new(ButtonKind::Secondary, "Remettre comme prévu", move || {
            edits::keep(
                desk,
                Lot::of(dossier, vec![back.clone()], "La visite est de nouveau comme les autres.").seen(desk),
            );
            desk.show(Ouvert::Rien);
        }));
    }
    if planned.etat != Etat::Annulee {
        let planned = planned.clone();
        acts.push(Act::new(ButtonKind::Danger, "Annuler la visite", move || {
            let voulue =
                Voulue { etat: Etat::Annulee, motif: desk.form.read("motif", &planned.motif), ..Voulue::of(&planned) };
            let edit = desk.agenda(dossier).ecrire(&planned, &voulue);
            let said = format!("Visite annulée : {}, {}.", desk.client(dossier), span(desk, &planned));
            edits::keep(desk, Lot::of(dossier, vec![edit], said).seen(desk));
            desk.show(Ouvert::Rien);
        }));
    }
    acts
}

fn save(desk: Desk, planned: &Planifiee) {
    match typed(desk, planned) {
        Err(problem) => desk.form.problem.set(problem.to_owned()),
        Ok(voulue) => {
            let dossier = planned.visite.dossier;
            let edit = desk.agenda(dossier).ecrire(planned, &voulue);
            let said = format!("Visite enregistrée : {}, {}.", desk.client(dossier), desk.day(voulue.jour));
            let lot = Lot::of(dossier, vec![edit], said).seen(desk);
            let comes = voulue.intervenant.filter(|_| voulue.etat != Etat::Annulee);
            edits::keep(desk, lot.with(dossier, comes, voulue.jour, Some(voulue.jour)));
            desk.show(Ouvert::Rien);
        }
    }
}

/// What follows from what is typed: who gets the dossier, what the law says.
fn warnings(desk: Desk, planned: &Planifiee) -> Vec<Block> {
    // What is typed is read below without tracking.
    for key in ["jour", "debut", "fin", "intervenant"] {
        let _tracked = desk.form.value(key, "");
    }
    let Ok(voulue) = typed(desk, planned) else { return Vec::new() };
    let mut blocks = Vec::new();
    let visite = visite_of(planned, &voulue);
    let convention = desk.workspace.convention();
    let changed = (visite.debut, visite.fin, voulue.intervenant)
        != (planned.visite.debut, planned.visite.fin, planned.intervenant);
    let warn = |rule: &str, what: String| Block::Notice(Tone::Warning, what, rule.to_owned());
    if let Some(late) = notice(&visite, clock::now(), &convention).filter(|_| changed) {
        blocks.push(warn(late.rule, late.what));
    }
    let Some(user) = voulue.intervenant else { return blocks };
    let name = desk.name(Some(user));
    let secteur = desk.summary(planned.visite.dossier, |it| it.secteur.clone()).unwrap_or_default();
    let known = somebody(
        desk,
        user,
        &visite,
        &desk.planned(voulue.jour - chrono::Days::new(45), voulue.jour + chrono::Days::new(45)),
    );
    if let Some(found) = candidats(&visite, (None, &secteur), &[known], &desk.ways(), &convention).pop() {
        if let Some(why) = found.absent {
            blocks.push(warn("PLAN-ABSENCE", format!("{name} est en absence ce jour-là ({}).", why.to_lowercase())));
        }
        blocks.extend(found.alertes.into_iter().map(|it| warn(it.rule, it.what)));
        let left = found.reste.map(|left| {
            let words = words(liaison_shared::time::Millis(left.0.abs()));
            if left.0 < 0 {
                format!("{words} au-delà de son contrat cette semaine.")
            } else {
                format!("{words} restent sur sa semaine.")
            }
        });
        blocks.extend(left.map(|left| Block::Text(format!("{name} : {left}"))));
    }
    blocks.extend(team_notice(desk, user, voulue.jour, Some(voulue.jour)));
    blocks
}

/// Who is not on the team gets there.
pub fn team_notice(desk: Desk, user: UserId, du: chrono::NaiveDate, au: Option<chrono::NaiveDate>) -> Option<Block> {
    let prestation = desk.prestation.get().filter(|it| !it.has(user, du, au))?;
    let client = desk.client(prestation.dossier);
    let until = match au {
        Some(au) if au == du => format!("pour le {}", desk.day(du)),
        Some(au) => format!("du {} au {}", desk.day(du), desk.day(au)),
        None => format!("à partir du {}, sans date de fin", desk.day(du)),
    };
    let title = format!("{} entre dans l’équipe de {client}", desk.name(Some(user)));
    let text = format!("Le dossier arrive sur son téléphone {until}, autour des visites.");
    Some(Block::Notice(Tone::Information, title, text))
}
