//! Who reads and who writes what: every role × every kind of document, over the real WebSocket, in a dossier that the
//! role reaches, in one that it does not, and in one that does not exist. The tables are written out here, not taken from
//! `shared/src/access`: what is read is looked for in the bytes of every frame.

use liaison_shared::access::Role;
use liaison_shared::documents::annuaire::{Personne, put_personne};
use liaison_shared::documents::schema::{agence, personnel, qualite};
use liaison_shared::documents::{Document, NewChange};
use liaison_shared::protocol::{ChangeRefusal, RefusedChange};
use liaison_shared::{DocumentId, DocumentKind, Seq, UserId};
use liaison_tests::client::TestClient;
use liaison_tests::files::{TestFile, Volet};
use liaison_tests::office::{Office, journal, prestation};
use liaison_tests::relay::{AMINA, HELENE, JULIEN, NADIA, NORD, PAUL, SONIA, TestRelay};
use liaison_tests::writing::{NOW, Writing, dossier, first_step};
use serde_json::json;

/// Whose devices are asked, in the order of the columns below.
const PEOPLE: [(&str, &str); 6] = [
    ("gestionnaire", PAUL),
    ("responsable-secteur", NADIA),
    ("charge-accueil", AMINA),
    ("referent-qualite", JULIEN),
    ("dpo", HELENE),
    ("intervenant", SONIA),
];

/// `r`: what others write arrives; `w`: what one writes is taken; `-`: it does not, it is not.
type Table = [(&'static str, [&'static str; 6]); 10];

/// In a dossier of the responsable's sector, with the intervenant on its team.
#[rustfmt::skip]
const REACHED: Table = [
    //                 gestionnaire  secteur  accueil  qualité  DPO   intervenant
    ("client",        ["rw",         "rw",    "rw",    "rw",    "r-", "r-"]),
    ("administratif", ["rw",         "rw",    "r-",    "rw",    "r-", "--"]),
    ("prestation",    ["rw",         "rw",    "r-",    "r-",    "r-", "r-"]),
    ("journal",       ["rw",         "rw",    "rw",    "r-",    "r-", "rw"]),
    ("relation",      ["rw",         "rw",    "rw",    "rw",    "r-", "--"]),
    ("rapports",      ["rw",         "rw",    "rw",    "r-",    "r-", "-w"]),
    ("annuaire",      ["r-",         "r-",    "r-",    "r-",    "r-", "r-"]),
    ("agence",        ["rw",         "r-",    "r-",    "r-",    "r-", "r-"]),
    ("personnel",     ["rw",         "rw",    "--",    "--",    "r-", "--"]),
    ("qualite",       ["rw",         "r-",    "--",    "rw",    "r-", "--"]),
];

/// In a dossier of another sector, with somebody else on its team. The last four kinds are of no dossier.
#[rustfmt::skip]
const ELSEWHERE: Table = [
    //                 gestionnaire  secteur  accueil  qualité  DPO   intervenant
    ("client",        ["rw",         "--",    "rw",    "rw",    "r-", "--"]),
    ("administratif", ["rw",         "--",    "r-",    "rw",    "r-", "--"]),
    ("prestation",    ["rw",         "--",    "r-",    "r-",    "r-", "--"]),
    ("journal",       ["rw",         "--",    "rw",    "r-",    "r-", "--"]),
    ("relation",      ["rw",         "--",    "rw",    "rw",    "r-", "--"]),
    ("rapports",      ["rw",         "--",    "rw",    "r-",    "r-", "--"]),
    ("annuaire",      ["r-",         "r-",    "r-",    "r-",    "r-", "r-"]),
    ("agence",        ["rw",         "r-",    "r-",    "r-",    "r-", "r-"]),
    ("personnel",     ["rw",         "rw",    "--",    "--",    "r-", "--"]),
    ("qualite",       ["rw",         "r-",    "--",    "rw",    "r-", "--"]),
];

/// In a dossier that nobody has begun: who may begin one is heard, everybody else is told what they are told about
/// those they do not reach.
#[rustfmt::skip]
const NOWHERE: Table = [
    //                 gestionnaire  secteur  accueil  qualité  DPO   intervenant
    ("client",        ["-w",         "-w",    "-w",    "-w",    "--", "--"]),
    ("administratif", ["-w",         "-w",    "--",    "-w",    "--", "--"]),
    ("prestation",    ["-w",         "-w",    "--",    "--",    "--", "--"]),
    ("journal",       ["-w",         "-w",    "-w",    "--",    "--", "--"]),
    ("relation",      ["-w",         "-w",    "-w",    "-w",    "--", "--"]),
    ("rapports",      ["-w",         "-w",    "-w",    "--",    "--", "--"]),
    ("annuaire",      ["r-",         "r-",    "r-",    "r-",    "r-", "r-"]),
    ("agence",        ["rw",         "r-",    "r-",    "r-",    "r-", "r-"]),
    ("personnel",     ["rw",         "rw",    "--",    "--",    "r-", "--"]),
    ("qualite",       ["rw",         "r-",    "--",    "rw",    "r-", "--"]),
];

/// A sector that is nobody's here.
const AILLEURS: &str = "SECTEUR-AILLEURS";
/// Reached by everybody.
const HERE: u8 = 41;
/// Of another sector, with another team.
const THERE: u8 = 42;
/// Begun by nobody.
const NOWHERE_YET: u8 = 43;
/// The first of those that are begun here; each role its own.
const NEW: u8 = 50;

fn document(number: u8, kind: &str) -> DocumentId {
    let dossier = dossier(number);
    match kind {
        "client" => DocumentId::client(dossier),
        "administratif" => DocumentId::administratif(dossier),
        "prestation" => prestation(number),
        "journal" => journal(number),
        "relation" => DocumentId::relation(dossier),
        "rapports" => DocumentId::rapports(dossier),
        "annuaire" => DocumentId::Annuaire,
        "agence" => DocumentId::Agence,
        // Not the bytes of the dossier with that number, which are looked for.
        "personnel" => DocumentId::Personnel(UserId([number ^ 0x80; 16])),
        "qualite" => DocumentId::Qualite(2026),
        other => panic!("no kind {other}"),
    }
}

fn is_of_a_dossier(kind: &str) -> bool {
    document(0, kind).dossier().is_some()
}

/// What is looked for: of a kind, in a dossier, written at a time.
fn marker(number: u8, kind: &str, when: &str) -> String {
    match kind {
        // A team is made of people: the marker is one of them.
        "prestation" => somebody(number, when).to_string(),
        _ => format!("MARQUE-{kind}-{number}-{when}"),
    }
}

fn somebody(number: u8, when: &str) -> UserId {
    let mut bytes = [0xd0; 16];
    bytes[0] = number;
    bytes[1..4].copy_from_slice(&when.as_bytes()[..3]);
    UserId(bytes)
}

/// One change of a kind, with the marker in it.
fn write(writing: &mut Writing, number: u8, kind: &str, when: &str) -> NewChange {
    let text = marker(number, kind, when);
    match kind {
        "client" => writing.nom(&text),
        "administratif" => writing.champ(&text),
        "prestation" => writing.membre(somebody(number, when), "2020-01-01", None),
        "journal" => writing.transmission(&text),
        "relation" => writing.demande(&text),
        "rapports" => writing.note(&text),
        "agence" => writing.field(&agence::RAISON_SOCIALE, &text),
        "personnel" => writing.field(&personnel::NOM, &text),
        "qualite" => writing.record(&qualite::TIRAGES, &qualite::TIRAGE_GRAINE, &text),
        other => panic!("nobody writes {other}"),
    }
}

/// Every kind of a dossier, with its marker, by the office.
async fn fill(office: &mut Office, number: u8, when: &str) -> Seq {
    let mut head = Seq(0);
    for (kind, _) in REACHED.iter().filter(|(kind, _)| *kind != "annuaire") {
        head = office.write(document(number, kind), |copy| write(copy, number, kind, when)).await;
    }
    head
}

/// One device of each role that was there before anything was written, and one that came when it had been.
struct World {
    relay: TestRelay,
    live: Vec<TestClient>,
    late: Vec<TestClient>,
}

async fn world() -> World {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut live = Vec::new();
    for (_, email) in PEOPLE {
        live.push(relay.client(email).await);
    }
    office.put_on(HERE, live[5].session.user).await;
    office.give_to(HERE, NORD).await;
    // The sector comes first: a dossier without one is every responsable's.
    office.give_to(THERE, AILLEURS).await;
    for reaching in [1, 5] {
        live[reaching].hold(dossier(HERE)).await;
    }
    for number in [HERE, THERE] {
        fill(&mut office, number, "live").await;
    }
    // The last thing she does: it ends her connection.
    let me = format!("/people/{}", office.claire.session.user);
    let name = marker(0, "annuaire", "live");
    relay.ask(Some(&office.claire.session), "PATCH", &me, json!({ "name": name })).await.ok();
    let head = relay.head(&office.claire.session).await;
    let mut late = Vec::new();
    for (_, email) in PEOPLE {
        late.push(relay.client(email).await);
    }
    for client in live.iter_mut().chain(&mut late) {
        client.catch_up(head).await;
        client.ping().await;
    }
    World { relay, live, late }
}

/// What a role may do, read off a table.
fn cells(table: &Table) -> impl Iterator<Item = (&'static str, usize, &'static str)> {
    table.iter().flat_map(|(kind, row)| row.iter().enumerate().map(|(column, cell)| (*kind, column, *cell)))
}

/// Looks for the markers of a dossier in everything that every device was ever sent.
fn assert_read(world: &World, number: u8, table: &Table) {
    for (kind, column, cell) in cells(table) {
        let number = if kind == "annuaire" { 0 } else { number };
        for (when, clients) in [("live", &world.live), ("late", &world.late)] {
            let saw = clients[column].saw(marker(number, kind, "live").as_bytes());
            let role = PEOPLE[column].0;
            assert_eq!(saw, cell.starts_with('r'), "{role}, device that was there {when}: {kind} {number}");
        }
    }
}

fn forbidden(count: u32) -> (Seq, Vec<RefusedChange>) {
    let refused = (0..count).map(|index| RefusedChange { index, reason: ChangeRefusal::Forbidden });
    (Seq(0), refused.collect())
}

/// Pushes one change of every kind from every role's device; `genesis`: and the beginning before it.
async fn assert_written(world: &mut World, number: u8, genesis: bool, table: &Table) {
    for (kind, column, cell) in cells(table).filter(|(kind, ..)| *kind != "annuaire") {
        let (role, client) = (PEOPLE[column].0, &mut world.live[column]);
        // Each device begins a dossier of its own, where it may begin one.
        let number = if genesis { number + u8::try_from(column).unwrap() } else { number };
        let mut writing = Writing::new(document(number, kind), client.session.pen(9));
        let change = write(&mut writing, number, kind, role);
        let changes: Vec<NewChange> = genesis.then(|| writing.genesis()).into_iter().chain([change]).collect();
        let (seq, refused) = client.push(writing.id(), &changes).await;
        let asked = format!("{role} writes {kind} of {number}");
        assert!(client.review.is_empty(), "{asked}: nobody has lost anything");
        if cell.ends_with('w') {
            assert!(refused.is_empty() && seq > Seq(0), "{asked}: {refused:?}");
        } else if genesis && cell.starts_with('r') {
            // The beginning may be the log's already, which whoever reads it is told.
            let last = u32::try_from(changes.len()).unwrap() - 1;
            assert!(
                refused.contains(&RefusedChange { index: last, reason: ChangeRefusal::Forbidden }),
                "{asked}: {refused:?}"
            );
        } else {
            assert_eq!((seq, refused), forbidden(u32::try_from(changes.len()).unwrap()), "{asked}");
        }
    }
}

/// The annuaire is written by the relay alone: whatever it is that comes.
async fn assert_annuaire_written_by_nobody(world: &mut World) {
    let id = DocumentId::Annuaire;
    for (column, (name, _)) in PEOPLE.iter().enumerate() {
        let client = &mut world.live[column];
        let (user, role) = (client.session.user, Some(Role::Gestionnaire));
        let personne = Personne { user, nom: "Moi".to_owned(), fonction: "Reine".to_owned(), role };
        let change = put_personne(&mut Document::new(id), &client.session.pen(8), NOW, &personne).unwrap().unwrap();
        assert_eq!(client.push(id, &[change]).await, forbidden(1), "{name}");
    }
}

/// Every role asks for a file that the office has brought under every kind, and brings one of its own.
async fn assert_files(world: &World, number: u8, table: &Table) {
    let paul = world.relay.device(&world.live[0].session);
    for (kind, column, cell) in cells(table).filter(|(kind, ..)| is_of_a_dossier(kind)) {
        let (device, volet) = (world.relay.device(&world.live[column].session), Volet(dossier(number), kind));
        let asked = format!("{} and files of {kind} of {number}", PEOPLE[column].0);
        let there = TestFile::of(format!("{kind} {number}").into_bytes());
        paul.bring(volet, &there).await;
        let own = TestFile::of(asked.clone().into_bytes());
        // Who is not sent a document brings no files of it either.
        let (read, written) = (cell.starts_with('r'), cell == "rw");
        let expected = |may: bool, status: u16| if may { status } else { 403 };
        assert_eq!(device.ask(volet, &there.hash).await.status, expected(read, 200), "{asked}");
        match device.get(volet, &there.hash, 0).await {
            Ok(bytes) => assert_eq!((bytes, read), (there.bytes.clone(), true), "{asked}"),
            Err(answer) => assert_eq!((answer.status, read), (403, false), "{asked}"),
        }
        assert_eq!(device.begin(volet, &own).await.status, expected(written, 200), "{asked}");
        assert_eq!(device.put(volet, &own, 0).await.status, expected(written, 204), "{asked}");
        // Nothing that is not the caller's to know is told by asking for what is not there.
        let none = TestFile::of(vec![1]);
        assert_eq!(device.ask(volet, &none.hash).await.status, expected(read, 404), "{asked}");
        assert_eq!(device.put(volet, &none, 0).await.status, expected(written, 404), "{asked}");
    }
}

#[test]
fn the_tables_have_every_role_and_every_kind() {
    assert_eq!(Role::ALL.map(Role::name), PEOPLE.map(|(role, _)| role));
    for table in [REACHED, ELSEWHERE, NOWHERE] {
        assert_eq!(DocumentKind::ALL.map(|kind| kind.name()), table.map(|(kind, _)| kind));
    }
}

#[tokio::test]
async fn in_a_dossier_that_it_reaches_a_role_reads_and_writes_what_the_table_says() {
    let mut world = world().await;
    assert_read(&world, HERE, &REACHED);
    assert_written(&mut world, HERE, false, &REACHED).await;
    assert_annuaire_written_by_nobody(&mut world).await;
}

#[tokio::test]
async fn blob_3_files_follow_the_documents_that_name_them() {
    let world = world().await;
    assert_files(&world, HERE, &REACHED).await;
    assert_files(&world, THERE, &ELSEWHERE).await;
}

#[tokio::test]
async fn of_a_dossier_that_it_does_not_reach_a_role_sees_nothing_and_writes_nothing() {
    let mut world = world().await;
    assert_read(&world, THERE, &ELSEWHERE);
    assert_written(&mut world, THERE, false, &ELSEWHERE).await;
    // Neither what is in it, nor that it exists: not its id, in letters or in bytes, nor its sector.
    for column in [1, 5] {
        for client in [&world.live[column], &world.late[column]] {
            let name = dossier(THERE).to_string();
            for trace in [name.as_bytes(), &dossier(THERE).0, AILLEURS.as_bytes()] {
                assert!(!client.saw(trace), "{}", PEOPLE[column].0);
            }
        }
    }
    assert!(world.late[0].saw(dossier(THERE).to_string().as_bytes()), "the same search finds it where it may be");
    assert!(world.late[0].saw(AILLEURS.as_bytes()));
}

#[tokio::test]
async fn about_a_dossier_that_does_not_exist_a_role_is_told_what_it_is_told_about_others() {
    let mut world = world().await;
    // The same change, for a dossier that exists and for one that does not.
    for (kind, _) in ELSEWHERE.iter().filter(|(kind, _)| is_of_a_dossier(kind)) {
        let mut answers = Vec::new();
        for number in [THERE, NOWHERE_YET] {
            let sonia = &mut world.live[5];
            let mut writing = Writing::new(document(number, kind), sonia.session.pen(7));
            let change = write(&mut writing, number, kind, "same");
            answers.push(sonia.push(writing.id(), &[change]).await);
        }
        assert_eq!(answers, [forbidden(1), forbidden(1)], "{kind}");
    }
    assert_written(&mut world, NEW, true, &NOWHERE).await;
}

#[tokio::test]
async fn push_6_the_beginning_of_a_dossier_out_of_reach_says_nothing_about_it() {
    let mut world = world().await;
    for (kind, _) in ELSEWHERE.iter().filter(|(kind, _)| is_of_a_dossier(kind)) {
        let mut answers = Vec::new();
        for number in [THERE, NOWHERE_YET] {
            // Anybody can make it: it is the same bytes everywhere.
            let id = document(number, kind);
            answers.push(world.live[5].push(id, &[first_step(id)]).await);
        }
        assert_eq!(answers, [forbidden(1), forbidden(1)], "{kind}");
    }
}
