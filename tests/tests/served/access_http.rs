//! Every address below `/api`, asked for by everybody: one table of what each gets (docs/api.md, `shared/src/access`).

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use liaison_server::config::Limits;
use liaison_server::router::API;
use liaison_shared::Seq;
use liaison_shared::access::Role;
use liaison_tests::client::{Session, login};
use liaison_tests::http::Answer;
use liaison_tests::office::Office;
use liaison_tests::relay::{AMINA, CLAIRE, HELENE, JULIEN, NADIA, PASSWORD, PAUL, SONIA, TestRelay};
use liaison_tests::writing::dossier;
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "quatre mots sans rapport";
const MISSING: &str = "0123456789abcdef0123456789abcdef";

/// Who asks, in the order of the columns below: the roles in the order of the tables of `shared/src/access`, then
/// nobody, a revoked device, and a device of a closed account.
const CALLERS: [&str; 9] = [
    "gestionnaire",
    "responsable-secteur",
    "charge-accueil",
    "referent-qualite",
    "dpo",
    "intervenant",
    "nobody",
    "revoked",
    "closed",
];

type Row = (&'static str, &'static str, Option<Body>, [u16; 9]);
type Body = fn(&World) -> Value;

const PDF: &str = "/dossiers/{dossier}/pdf";
const EXPORT_JSON: &str = "/dossiers/{dossier}/export.json";
const EXPORT_ZIP: &str = "/dossiers/{dossier}/export.zip";
const BLOB: &str = "/blobs/{dossier}/{kind}/{hash}";
const BLOB_CHUNK: &str = "/blobs/{dossier}/{kind}/{hash}/{index}";
/// The body [`byte`] as a file.
const FILE: &str = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";

/// `{id}` (or `{dossier}`) is asked for twice: that of something that exists and is not the caller's, and [`MISSING`],
/// which gets 404 where the first gets a success; but 403 from whom a dossier is out of reach because nobody has begun it. The order matters: what ends sessions comes last.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    //                                              gest  sect  acc   qual  dpo   int   —    rev  closed
    ("GET",    "/agency",              None,       [200,  200,  200,  200,  200,  200,  200, 200, 200]),
    ("POST",   "/login",               Some(sign), [200,  200,  200,  200,  200,  200,  200, 200, 200]),
    ("POST",   "/password",            Some(pass), [204,  204,  204,  204,  204,  204,  401, 401, 401]),
    ("GET",    "/people",              None,       [200,  403,  403,  403,  200,  403,  401, 401, 401]),
    ("PATCH",  "/people/{id}",         Some(job),  [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("GET",    "/invitations",         None,       [200,  403,  403,  403,  200,  403,  401, 401, 401]),
    ("POST",   "/invitations",         Some(inv),  [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("DELETE", "/invitations/{id}",    None,       [204,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("POST",   "/invitations/open",    Some(open), [410,  410,  410,  410,  410,  410,  410, 410, 410]),
    ("POST",   "/invitations/accept",  Some(take), [410,  410,  410,  410,  410,  410,  410, 410, 410]),
    ("GET",    "/bootstrap",           None,       [200,  204,  200,  200,  200,  204,  401, 401, 401]),
    ("GET",    "/devices",             None,       [200,  200,  200,  200,  200,  200,  401, 401, 401]),
    ("GET",    "/devices?all=true",    None,       [200,  403,  403,  403,  200,  403,  401, 401, 401]),
    ("POST",   "/devices/link",        Some(link), [200,  200,  200,  200,  200,  200,  401, 401, 401]),
    ("PATCH",  "/devices/{id}",        Some(name), [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("POST",   "/devices/{id}/revoke", None,       [204,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("GET",    "/settings",            None,       [200,  200,  200,  200,  200,  200,  401, 401, 401]),
    ("PUT",    "/settings",            Some(sets), [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("GET",    "/reviews",             None,       [200,  200,  403,  200,  403,  403,  401, 401, 401]),
    ("POST",   "/reviews/{id}",        Some(late), [200,  200,  403,  200,  403,  403,  401, 401, 401]),
    ("GET",    "/audit",               None,       [403,  403,  403,  403,  200,  403,  401, 401, 401]),
    ("POST",   BLOB,                   Some(size), [200,  200,  200,  200,  403,  403,  401, 401, 401]),
    ("PUT",    BLOB_CHUNK,             Some(byte), [204,  204,  204,  204,  403,  403,  401, 401, 401]),
    ("GET",    BLOB,                   None,       [200,  200,  200,  200,  200,  403,  401, 401, 401]),
    ("GET",    BLOB_CHUNK,             None,       [200,  200,  200,  200,  200,  403,  401, 401, 401]),
    ("POST",   "/import/read",         Some(byte), [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("POST",   "/import/check",        Some(brg),  [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("POST",   "/import/commit",       Some(brg),  [200,  403,  403,  403,  403,  403,  401, 401, 401]),
    ("POST",   "/export/list",         Some(lst),  [200,  200,  200,  200,  200,  200,  401, 401, 401]),
    ("POST",   PDF,                    Some(pap),  [200,  200,  200,  200,  403,  403,  401, 401, 401]),
    ("GET",    EXPORT_JSON,            None,       [200,  200,  200,  200,  200,  403,  401, 401, 401]),
    ("GET",    EXPORT_ZIP,             None,       [200,  200,  200,  200,  200,  403,  401, 401, 401]),
    ("POST",   "/logout",              None,       [204,  204,  204,  204,  204,  204,  401, 401, 401]),
    // After signing out there is no session left to be refused with another answer than anybody's.
    ("POST",   "/forgotten",           None,       [401,  401,  401,  401,  401,  401,  401, 204, 204]),
];

fn sign(_: &World) -> Value {
    json!({ "email": PAUL, "password": PASSWORD, "device": { "name": "Essai" } })
}

fn pass(_: &World) -> Value {
    json!({ "current": PASSWORD, "new": NEW_PASSWORD })
}

fn job(_: &World) -> Value {
    json!({ "fonction": "Assistant" })
}

fn inv(world: &World) -> Value {
    json!({ "name": "Nour", "email": "nour@example.fr", "role": "intervenant", "origin": world.relay.origin() })
}

fn open(_: &World) -> Value {
    json!({ "token": MISSING })
}

fn take(_: &World) -> Value {
    json!({ "token": MISSING, "password": NEW_PASSWORD, "device": { "name": "Essai" } })
}

fn link(world: &World) -> Value {
    json!({ "origin": world.relay.origin() })
}

fn name(_: &World) -> Value {
    json!({ "name": "Le téléphone de Paul" })
}

fn sets(world: &World) -> Value {
    world.settings.clone()
}

fn size(_: &World) -> Value {
    json!({ "size": 1 })
}

fn byte(_: &World) -> Value {
    json!(1)
}

/// The file is `Nom` and `Petit`, on two lines.
fn brg(_: &World) -> Value {
    json!({ "import": MISSING, "mapping": [{ "column": 0, "field": "identite.nom" }], "file": "Tm9tClBldGl0Cg==" })
}

fn lst(_: &World) -> Value {
    json!({ "dossiers": [dossier(1)], "fields": ["identite.nom"] })
}

fn pap(_: &World) -> Value {
    json!({ "paper": "recueil" })
}

fn late(_: &World) -> Value {
    json!({ "decision": "set_aside" })
}

struct World {
    relay: TestRelay,
    callers: Vec<Option<Session>>,
    /// What `{id}` stands for, by the part of the path before it: the same for everybody, or one for each.
    existing: BTreeMap<&'static str, Vec<String>>,
    settings: Value,
}

async fn world() -> World {
    let often = NonZeroU32::new(1000).unwrap();
    let limits = Limits { logins_per_account: often, logins_per_address: often, ..Limits::default() };
    let relay = TestRelay::with_limits(Limits { refusals_listed: 1000, ..limits }).await;
    let mut callers = Vec::new();
    for email in [CLAIRE, NADIA, AMINA, JULIEN, HELENE, SONIA] {
        callers.push(Some(relay.login(email).await));
    }
    let claire = callers[0].clone().unwrap();
    let (revoked, other) = (relay.login(PAUL).await, relay.login(PAUL).await);
    let revoke = format!("/devices/{}/revoke", revoked.device);
    relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.ok();
    let closed = relay.invite(&claire, "marc@example.fr", "intervenant").await;
    let closed = relay.accept(&closed, Some(NEW_PASSWORD)).await.session();
    let close = format!("/people/{}", closed.user);
    relay.ask(Some(&claire), "PATCH", &close, json!({ "closed": true })).await.ok();
    relay.invite(&claire, "lou@example.fr", "dpo").await;
    let invitation = relay.get(&claire, "/invitations").await[0]["id"].as_str().unwrap().to_owned();
    let settings = relay.get(&claire, "/settings").await;
    let existing = BTreeMap::from([
        ("/people/", vec![other.user.to_string()]),
        ("/invitations/", vec![invitation]),
        ("/devices/", vec![other.device.to_string()]),
        ("/reviews/", reviews(&relay, &claire).await),
        // One that the intervenant was withdrawn from.
        ("/blobs/", vec![dossier(1).to_string()]),
        ("/dossiers/", vec![dossier(1).to_string()]),
    ]);
    callers.extend([None, Some(revoked), Some(closed)]);
    World { relay, callers, existing, settings }
}

/// What arrived late in one dossier for each of those who ask: a review is decided once.
async fn reviews(relay: &TestRelay, claire: &Session) -> Vec<String> {
    let mut office = Office::open(relay).await;
    let numbers: Vec<u8> = (0..9).collect();
    let mut phone = relay.phone(&mut office, SONIA, &numbers).await;
    for number in numbers {
        office.withdraw_from(&mut phone, number).await;
        let (journal, changes) = phone.transmission(number, "Écrit trop tard.");
        assert_eq!(phone.push(journal, &changes).await, (Seq(0), vec![]));
    }
    let reviews = relay.get(claire, "/reviews").await;
    reviews.as_array().unwrap().iter().map(|review| review["id"].to_string()).collect()
}

impl World {
    async fn ask(&self, caller: usize, (method, path, body, _): &Row, id: &str) -> Answer {
        let body = body.map_or(Value::Null, |body| body(self));
        let path = path.replace("{id}", id).replace("{dossier}", id).replace("{kind}", "client");
        let path = path.replace("{hash}", FILE).replace("{index}", "0");
        self.relay.ask(self.callers[caller].as_ref(), method, &path, body).await
    }

    /// The entry of the access log that an answer has to have left, when it is a refusal.
    fn entry(&self, caller: usize, row: &Row, answer: &Answer) -> Option<(String, String, String)> {
        let asked = format!("{} /api{}", row.0, row.1.split('?').next().unwrap());
        let user = self.callers[caller].as_ref().map_or_else(String::new, |session| session.user.to_string());
        // A session that has ended says nothing about whose it was.
        let signed_out = row.1 == "/forgotten" && caller < Role::ALL.len();
        match answer.status {
            401 if signed_out => Some(("session_refused".to_owned(), asked, String::new())),
            401 => Some(("session_refused".to_owned(), asked, user)),
            403 => Some(("forbidden".to_owned(), asked, user)),
            410 => Some(("invitation_refused".to_owned(), "invalid".to_owned(), String::new())),
            _ => None,
        }
    }
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_and_every_refusal_is_in_the_access_log() {
    let world = world().await;
    assert_eq!(Role::ALL.map(Role::name), CALLERS[..6]);
    let (mut refusals, mut answers) = (Vec::new(), BTreeMap::<u16, BTreeSet<String>>::new());
    for row in TABLE {
        let existing = world.existing.iter().find(|(prefix, _)| row.1.starts_with(**prefix)).map(|(_, ids)| ids);
        for (caller, expected) in row.3.iter().enumerate() {
            let id = existing.and_then(|ids| ids.get(caller).or(ids.first()));
            let ids = [MISSING, id.map_or("", String::as_str)];
            let of_dossier = row.1.contains("{dossier}");
            let ids = if row.1.contains("{id}") || of_dossier { &ids[..] } else { &ids[1..] };
            for id in ids {
                let expected = match *expected {
                    status if *id != MISSING || status >= 300 => status,
                    _ if of_dossier && CALLERS[caller] == "responsable-secteur" => 403,
                    _ => 404,
                };
                let answer = world.ask(caller, row, id).await;
                assert_eq!(answer.status, expected, "{} asks {} {} {id}: {answer:?}", CALLERS[caller], row.0, row.1);
                refusals.extend(world.entry(caller, row, &answer));
                answers.entry(answer.status).or_default().insert(answer.text);
            }
        }
    }
    for refusal in [401, 403, 404, 410] {
        assert_eq!(answers[&refusal].len(), 1, "byte for byte the same, whatever was asked for: {answers:?}");
    }
    let mut listed = listed_refusals(&world).await;
    refusals.sort();
    listed.sort();
    assert_eq!(listed, refusals);
}

/// Every refusal in the access log, page by page: action, reason, user.
async fn listed_refusals(world: &World) -> Vec<(String, String, String)> {
    let dpo = login(world.relay.address, HELENE, NEW_PASSWORD, None).await.unwrap();
    let (mut before, mut listed) = (i64::MAX, Vec::new());
    loop {
        let page = world.relay.get(&dpo, &format!("/audit?limit=200&before={before}")).await;
        for entry in page["entries"].as_array().unwrap() {
            before = entry["id"].as_i64().unwrap();
            let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            if ["session_refused", "forbidden", "invitation_refused"].contains(&&text("action")[..]) {
                listed.push((text("action"), text("reason"), text("user")));
            }
        }
        if page["more"] == false {
            return listed;
        }
    }
}

#[tokio::test]
async fn a_device_that_is_not_revoked_has_nothing_to_confirm() {
    let relay = TestRelay::start().await;
    let sonia = relay.login(SONIA).await;
    let answer = relay.ask(Some(&sonia), "POST", "/forgotten", Value::Null).await;
    assert_eq!((answer.status, answer.code()), (403, "forbidden".to_owned()));
    relay.get(&sonia, "/settings").await;
}

#[tokio::test]
async fn an_id_that_is_none_is_no_news_either() {
    let relay = TestRelay::start().await;
    let (claire, sonia) = (relay.login(CLAIRE).await, relay.login(SONIA).await);
    for path in ["/devices/x", "/devices/%FF", "/people/x", "/people/%FF"] {
        let body = json!({ "name": "" });
        assert_eq!(relay.ask(Some(&sonia), "PATCH", path, body.clone()).await.status, 403, "{path}");
        assert_eq!(relay.ask(Some(&claire), "PATCH", path, body).await.status, 404, "{path}");
    }
}

#[test]
fn the_table_has_every_address() {
    let path = |path: &'static str| path.split('?').next().unwrap();
    let table: BTreeSet<_> = TABLE.iter().map(|row| (row.0, path(row.1))).collect();
    let served: BTreeSet<_> = API.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(table, served, "left: asked for in this test; right: served");
}
