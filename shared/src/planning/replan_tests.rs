//! Coordinators re-plan one week apart while phones clock in, in any order and with any gaps: one planning comes out of it, no
//! clock-in is lost, no visit has the beginning of one person's hours and the end of another's, and what was written apart
//! says so.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use fastrand::Rng;

use crate::documents::schema::journal as jou;
use crate::documents::schema::prestation as pre;
use crate::documents::{Document, Pen, RecordEdit, edit_records};
use crate::dossier::Dossier;
use crate::ids::{DocumentId, DossierId, EntryId, UserId};
use crate::planning::{Agenda, Deroulement, Ecart, Etat, Lieu, Moyen, Planifiee, Pointage, occurrence_id, suivi};
use crate::time::{Timestamp, instant};

const DOSSIER: DossierId = DossierId([1; 16]);
const REGLE: EntryId = EntryId([3; 16]);
const WEEK: [&str; 3] = ["2026-11-23", "2026-11-25", "2026-11-27"];
const DEVICES: u8 = 4;
/// Hours that coordinators move visits to; some share a beginning or an end, so that only the other one is written.
const HOURS: [(&str, &str); 5] =
    [("09:00", "11:00"), ("10:15", "11:00"), ("14:00", "15:30"), ("14:00", "18:00"), ("22:00", "06:00")];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A device of the office or a phone: its copies of both documents, and what it has not given to the others yet.
struct Device {
    pen: Pen,
    prestation: Document,
    journal: Document,
    made: Vec<(bool, Vec<u8>)>,
}

struct World {
    rng: Rng,
    devices: Vec<Device>,
    /// Every change, in the order in which the relay took it, and how far each device has read.
    log: Vec<(bool, Vec<u8>)>,
    read: Vec<usize>,
    clocked: BTreeSet<EntryId>,
    now: i64,
}

impl World {
    fn new(seed: u64) -> Self {
        let device = |tag: u8| Device {
            pen: Pen { user: UserId([tag; 16]), actor: [tag; 16] },
            prestation: Document::new(DocumentId::prestation(DOSSIER)),
            journal: Document::new(DocumentId::journal(DOSSIER, 2026)),
            made: Vec::new(),
        };
        let devices = (1..=DEVICES).map(device).collect();
        let mut world = Self {
            rng: Rng::with_seed(seed),
            devices,
            log: Vec::new(),
            read: vec![0; DEVICES.into()],
            clocked: BTreeSet::new(),
            now: instant(day(WEEK[0]), "06:00:00".parse().unwrap()).0,
        };
        let regle = RecordEdit::new(
            &pre::RECURRENCES,
            REGLE,
            &[
                (&pre::RECURRENCE_JOURS, "1,3,5"),
                (&pre::RECURRENCE_DEBUT, "09:00"),
                (&pre::RECURRENCE_FIN, "11:00"),
                (&pre::RECURRENCE_DU, "2026-11-01"),
            ],
        );
        world.write(0, &regle);
        (0..DEVICES.into()).for_each(|device| world.exchange(device));
        world
    }

    fn write(&mut self, device: usize, edit: &RecordEdit) {
        self.now += self.rng.i64(1_000..3_600_000);
        let now = Timestamp(self.now);
        let device = &mut self.devices[device];
        let in_journal = edit.collection.document.name() == "journal";
        let document = if in_journal { &mut device.journal } else { &mut device.prestation };
        let base = document.heads();
        let change = edit_records(document, &device.pen, &base, now, std::slice::from_ref(edit)).unwrap();
        device.made.extend(change.map(|change| (in_journal, change.bytes)));
    }

    /// A device gives what it made and takes what it lacks.
    fn exchange(&mut self, device: usize) {
        let made = std::mem::take(&mut self.devices[device].made);
        self.log.extend(made);
        let reader = &mut self.devices[device];
        for (in_journal, bytes) in &self.log[self.read[device]..] {
            let document = if *in_journal { &mut reader.journal } else { &mut reader.prestation };
            document.apply(bytes).unwrap();
        }
        self.read[device] = self.log.len();
    }

    /// Somebody of the office changes a day: moves it, gives it to somebody, cancels it, puts it back.
    fn replan(&mut self, device: usize) {
        let jour = WEEK[self.rng.usize(..WEEK.len())];
        let (regle, id) = (REGLE.to_string(), occurrence_id(REGLE, day(jour)));
        let (debut, fin) = HOURS[self.rng.usize(..HOURS.len())];
        let date = WEEK[self.rng.usize(..WEEK.len())];
        let who = UserId([self.rng.u8(8..10); 16]).to_string();
        let of = [(&pre::VISITE_RECURRENCE, regle.as_str()), (&pre::VISITE_JOUR, jour)];
        let all = match self.rng.u8(..5) {
            0 | 1 => vec![(&pre::VISITE_DATE, date), (&pre::VISITE_DEBUT, debut), (&pre::VISITE_FIN, fin)],
            2 => vec![(&pre::VISITE_INTERVENANT, who.as_str())],
            3 => vec![(&pre::VISITE_ETAT, pre::ANNULEE)],
            _ => vec![(&pre::VISITE_ETAT, "")],
        };
        let values: Vec<_> = of.into_iter().chain(all).collect();
        let retire = (self.rng.u8(..8) == 0).then_some(true);
        self.write(device, &RecordEdit { retire, ..RecordEdit::new(&pre::VISITES, id, &values) });
    }

    /// Somebody on the stairs clocks in to what their phone shows.
    fn clock_in(&mut self, device: usize) {
        let planned = self.planned(device);
        if planned.is_empty() {
            return;
        }
        let visit = &planned[self.rng.usize(..planned.len())];
        let id = EntryId(std::array::from_fn(|_| self.rng.u8(..)));
        let pointage = Pointage {
            id,
            visite: visit.visite.id,
            arrivee: self.rng.bool(),
            moyen: Moyen::QrCode,
            lieu: Lieu::AuDomicile,
            heure: visit.visite.debut,
            monotone: None,
            derive: None,
            de: None,
            motif: String::new(),
        };
        let edit = RecordEdit { values: pointage.values(""), ..RecordEdit::new(&jou::POINTAGES, id, &[]) };
        self.clocked.insert(id);
        self.write(device, &edit);
    }

    fn agenda(&self, device: usize) -> Agenda {
        let device = &self.devices[device];
        Agenda::project(&Dossier::read([&device.prestation, &device.journal]), day(WEEK[0]))
    }

    fn planned(&self, device: usize) -> Vec<Planifiee> {
        self.agenda(device).between(DOSSIER, day("2026-11-20"), day("2026-11-30"))
    }
}

fn live(seed: u64) {
    let mut world = World::new(seed);
    for _ in 0..40 {
        let device = world.rng.usize(..usize::from(DEVICES));
        match world.rng.u8(..6) {
            0..=1 if device < 2 => world.replan(device),
            2 if device >= 2 => world.clock_in(device),
            3 => world.exchange(device),
            _ => {}
        }
    }
    (0..2).for_each(|_| (0..DEVICES.into()).for_each(|device| world.exchange(device)));
    let agendas: Vec<Agenda> = (0..DEVICES.into()).map(|device| world.agenda(device)).collect();
    assert!(agendas.iter().all(|agenda| *agenda == agendas[0]), "seed {seed}: everybody sees one planning");
    let agenda = &agendas[0];
    let clocked: BTreeSet<EntryId> = agenda.pointages.iter().map(|it| it.id).collect();
    assert_eq!(clocked, world.clocked, "seed {seed}: no clock-in is lost");
    let planned = world.planned(0);
    let ids: BTreeSet<EntryId> = planned.iter().map(|it| it.visite.id).collect();
    assert_eq!(ids.len(), planned.len(), "seed {seed}: one visit for each day of the recurrence");
    for it in &planned {
        let hours =
            (it.visite.debut.time().format("%H:%M").to_string(), it.visite.fin.time().format("%H:%M").to_string());
        let whole = HOURS.iter().any(|(debut, fin)| (*debut, *fin) == (hours.0.as_str(), hours.1.as_str()));
        assert!(whole, "seed {seed}: {hours:?} is nobody's");
        let suivi = suivi(it, &agenda.pointages, Timestamp(world.now));
        let came = agenda.pointages.iter().any(|pointage| pointage.visite == it.visite.id);
        assert_eq!(came, matches!(suivi.deroulement, Deroulement::EnCours | Deroulement::Faite), "seed {seed}");
        assert_eq!(came && it.etat == Etat::Annulee, suivi.ecarts.contains(&Ecart::Annulee), "seed {seed}");
    }
    // What stands apart is said: a record with several values for a field is a visit with two versions.
    let dossier = Dossier::read([&world.devices[0].prestation]);
    for record in dossier.records.of(&pre::VISITES).filter(|record| record.contested() > 0) {
        let shown = planned.iter().find(|it| it.visite.id == record.id);
        assert!(shown.is_some_and(|it| it.conteste), "seed {seed}: {record:?}");
    }
}

#[test]
fn re_planning_apart_and_clocking_in_meanwhile_come_out_as_one_planning() {
    let seeds = std::env::var("SIM_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(300);
    match std::env::var("SIM_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => live(seed),
        None => (0..seeds).for_each(live),
    }
}
