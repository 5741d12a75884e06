//! The mission sheet: where, how to get in, what to do, what is new, whom to call.

use leptos::prelude::*;
use liaison_shared::Timestamp;
use liaison_shared::documents::schema::Field;
use liaison_shared::documents::schema::client::{
    ADRESSE, ANIMAUX, CLES, CODE_PORTE, COMPLEMENT, ETAGE, PREVENIR_NOM, PREVENIR_TELEPHONE, SANTE, STATIONNEMENT,
    VILLE,
};
use liaison_shared::documents::schema::prestation::CONSIGNES;
use liaison_shared::dossier::{Event, timeline};

use super::visite::Visit;
use crate::platform::clock;
use crate::ui::ButtonKind;
use crate::ui::sheet::{Act, Block, Row};

/// Events that are shown of what happened since the last time.
const NEWS: usize = 6;

/// The cards.
pub fn mission(visit: Visit) -> Vec<Block> {
    let records = visit.records;
    let base = records.base.get_value();
    records.dossier.view.with(|view| {
        let value = |field: &Field| view.fields.value(field).trim().to_owned();
        let said = |label: &str, field: &'static Field| {
            let value = field.display(&value(field));
            (!value.is_empty()).then(|| format!("{label}{value}"))
        };
        let mut blocks = Vec::new();
        let mut home = Row::new(
            [value(&ADRESSE), value(&COMPLEMENT), value(&VILLE)]
                .into_iter()
                .filter(|it| !it.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        );
        let access = [
            said("Étage : ", &ETAGE),
            said("Codes : ", &CODE_PORTE),
            said("Clés : ", &CLES),
            said("Stationnement : ", &STATIONNEMENT),
            said("Animaux : ", &ANIMAUX),
        ];
        home.texts.extend(access.into_iter().flatten());
        if !home.title.is_empty() || !home.texts.is_empty() {
            blocks.push(Block::Card("Adresse et accès".to_owned(), vec![home], None));
        }
        let words = [said("", &CONSIGNES), said("Santé : ", &SANTE)];
        let mut orders = Row::default();
        orders.texts.extend(words.into_iter().flatten());
        if !orders.texts.is_empty() {
            blocks.push(Block::Card("Consignes".to_owned(), vec![orders], None));
        }
        let news = news(visit, &timeline(view));
        if !news.is_empty() {
            blocks.push(Block::Card("Depuis votre dernière visite".to_owned(), news, None));
        }
        let urgent = [said("", &PREVENIR_NOM), said("", &PREVENIR_TELEPHONE)];
        let mut help = Row::new("Fiche d’urgence");
        help.href = format!("{base}/imprimer/urgence");
        help.details.extend(urgent.into_iter().flatten());
        blocks.push(Block::Card("En cas d’urgence".to_owned(), vec![help], None));
        let place = records.place;
        let to_avis = format!("{base}/avis");
        blocks.push(Block::Acts(vec![Act::new(ButtonKind::Secondary, "Signaler un changement", move || {
            place.go(&to_avis);
        })]));
        blocks
    })
}

/// What happened since the person was here last; all of the last days when they never were.
fn news(visit: Visit, events: &[Event]) -> Vec<Row> {
    let records = visit.records;
    let me = records.workspace.session.with_value(|session| session.user);
    let last = visit
        .pointages
        .with(|all| all.iter().filter(|it| it.de == Some(me) && it.visite != visit.id).map(|it| it.heure).max());
    let week = Timestamp(clock::now().0 - 7 * 24 * 3_600_000);
    let since = last.unwrap_or(week);
    let by_others = |event: &&Event| {
        let author = event.signature.as_ref().and_then(|it| it.author);
        event.at > since && event.at <= clock::now() && author.is_some_and(|author| author != me)
    };
    let told = events.iter().filter(by_others).take(NEWS).map(|event| {
        let mut row = Row::new(event.title.clone());
        row.texts.extend((!event.text.is_empty()).then(|| event.text.clone()));
        let who = event.signature.as_ref().map(|it| records.workspace.who(it));
        row.details
            .push([Some(event.at.french(clock::now())), who].into_iter().flatten().collect::<Vec<_>>().join(" · "));
        row
    });
    told.collect()
}
