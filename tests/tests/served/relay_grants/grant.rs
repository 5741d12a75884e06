//! What a device gets: GRANT, LEASE, LINK-4.

use super::*;

#[tokio::test]
async fn grant_1_a_new_phone_gets_its_dossiers_and_nothing_else() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    for number in [1, 2, 3] {
        office.name(number, &format!("NOM-{number}")).await;
    }
    // Another phone of hers shows that the relay knows of both.
    relay.phone(&mut office, SONIA, &[1, 3]).await;
    let mut phone = relay.client(SONIA).await;
    let head = relay.head(&office.claire.session).await;
    phone.catch_up(head).await;
    phone.ping().await;
    assert_eq!(told(&phone), ["welcome", "grant", "feed"], "the feed brings all of it: no backfill");
    let granted: Vec<(DossierId, bool)> = grants(&phone).iter().map(|it| (it.grant.dossier, it.whole)).collect();
    assert_eq!(granted, [(dossier(1), true), (dossier(3), true)]);
    assert!(phone.saw(b"NOM-1") && phone.saw(b"NOM-3") && !phone.saw(b"NOM-2"));
    assert!(phone.came_of(2).is_empty());
}

#[tokio::test]
async fn grant_2_put_on_a_team_while_connected_that_dossier_comes_and_the_cursor_stays() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(2, "NOM-2").await;
    office.name(3, "NOM-3").await;
    office.name(1, "NOM-1").await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    let before = relay.head(&office.claire.session).await;
    phone.catch_up(before).await;
    let (heard, fed) = (phone.frames.len(), phone.feed.len());

    let head = office.put_on(2, phone.session.user).await;
    phone.hold(dossier(2)).await;
    phone.catch_up(head).await;
    phone.ping().await;
    let (mut upto, mut others) = (before, Vec::new());
    for message in phone.heard().drain(heard..) {
        match message {
            // The feed goes on from where it stood: what came before the grant is in the backfill only.
            RelayMessage::Feed { entries, upto: next, .. } => {
                assert!(next > upto && entries.iter().all(|entry| entry.seq > upto), "{entries:?}");
                upto = next;
            }
            RelayMessage::Grant { grants, .. } => {
                assert_eq!((grants[0].grant.dossier, grants[0].whole), (dossier(2), false));
            }
            RelayMessage::Backfill { dossier: of, .. } => assert_eq!(of, dossier(2)),
            other => others.push(kind(&other)),
        }
    }
    assert_eq!((upto, others), (head, vec!["pong"]));
    // The feed and the backfill each in its order; which comes first is no matter.
    let mut came: Vec<u64> = phone.feed[fed..].iter().map(|entry| entry.seq.0).collect();
    came.sort_unstable();
    assert_eq!(came, [1, 2, head.0 - 1, head.0], "all of dossier 2, once, and nothing else");
}

#[tokio::test]
async fn grant_3_a_dossier_is_held_once_the_device_says_so_and_asked_about_until_then() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(2, "NOM-2").await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    phone.catch_up(relay.head(&office.claire.session).await).await;
    office.put_on(2, phone.session.user).await;
    // The line is cut before the phone has said that it is all there.
    let mut seen = phone.next().await.unwrap();
    while !matches!(seen, RelayMessage::Backfill { .. }) {
        seen = phone.next().await.unwrap();
    }
    let (mut phone, _) = phone.leave().await.back(relay.address).await;
    assert!(matches!(phone.next().await, Some(RelayMessage::TellHeld { .. })));
    let (whole, part) = (vec![dossier(1)], vec![dossier(2)]);
    phone.say(|turn| ClientMessage::Held { whole, part, turn }).await;
    phone.hold(dossier(2)).await;
    phone.ping().await;
    assert!(phone.saw(b"NOM-2"), "it comes again, from its beginning");
    assert!(phone.came_of(1).is_empty(), "and the other one does not");
    let (mut phone, _) = phone.leave().await.back(relay.address).await;
    phone.ping().await;
    assert!(!told(&phone).contains(&"tell held"), "{:?}", told(&phone));
}

#[tokio::test]
async fn grant_4_what_is_written_around_a_grant_comes_once() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    let mut written = Vec::new();
    for number in 0..10 {
        written.push(office.name(2, &format!("avant {number}")).await.0);
    }
    let granted = office.put_on(2, phone.session.user).await.0;
    for number in 0..10 {
        written.push(office.name(2, &format!("après {number}")).await.0);
    }
    let head = office.name(1, "le dernier").await;
    phone.hold(dossier(2)).await;
    phone.catch_up(head).await;
    phone.ping().await;
    let mut came = phone.came_of(2);
    came.sort_unstable();
    // The beginnings of both documents stand just before the first change of each.
    written.extend([written[0] - 1, granted - 1, granted]);
    written.sort_unstable();
    assert_eq!(came, written);
}

#[tokio::test]
async fn grant_5_another_end_is_told_and_nothing_is_sent_again() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    phone.catch_up(relay.head(&office.claire.session).await).await;
    assert_eq!(phone.ends[&dossier(1)], None);
    let heard = phone.frames.len();
    let last = day(30);
    office.end(1, phone.session.user, Some(&last)).await;
    let ends = async |phone: &mut TestClient, known: Option<i64>| {
        while phone.ends[&dossier(1)].map(|ends| ends.0) == known {
            phone.take_one().await;
        }
        phone.ends[&dossier(1)].map(|ends| ends.date().to_string())
    };
    assert_eq!(
        ends(&mut phone, None).await,
        Some(day(30 + 7 + 1)),
        "seven days after the last visit, that day included"
    );
    let known = phone.ends[&dossier(1)].map(|ends| ends.0);
    relay.set(&office.claire.session, "apres_jours", 20).await;
    assert_eq!(ends(&mut phone, known).await, Some(day(30 + 20 + 1)));
    phone.ping().await;
    let since: Vec<&str> = phone.heard()[heard..].iter().map(kind).collect();
    assert_eq!(since.iter().filter(|said| **said == "grant").count(), 2, "{since:?}");
    assert!(!since.contains(&"backfill") && !since.contains(&"forget"), "{since:?}");
    let (mut phone, _) = phone.leave().await.back(relay.address).await;
    phone.ping().await;
    assert_eq!(told(&phone)[..1], ["welcome"]);
    assert!(!told(&phone).iter().any(|said| ["tell held", "grant"].contains(said)), "both mean the same end");
}

#[tokio::test]
async fn grant_7_a_device_that_holds_something_else_is_asked_and_brought_to_what_it_should_hold() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "NOM-1").await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    phone.catch_up(relay.head(&office.claire.session).await).await;
    // A store that was put back to an older state: one dossier too few, and one that was never hers.
    let mut phone = phone.leave().await;
    phone.granted = vec![dossier(2), dossier(9)];
    let (mut phone, _) = phone.back(relay.address).await;
    assert!(matches!(phone.next().await, Some(RelayMessage::TellHeld { .. })));
    phone.say(|turn| ClientMessage::Held { whole: vec![dossier(2), dossier(9)], part: vec![], turn }).await;
    assert_eq!(phone.forget().await, [dossier(9)]);
    phone.forgotten(vec![dossier(9)]).await;
    phone.hold(dossier(1)).await;
    phone.ping().await;
    assert!(phone.saw(b"NOM-1"));
    assert!(phone.came_of(2).is_empty());
}

#[tokio::test]
async fn link_4_a_gap_in_what_a_device_says_ends_its_connection() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    phone.ping().await;
    // Said twice does no harm; the one after the next one shows that the next was lost.
    phone.send(&ClientMessage::Granted { dossiers: vec![dossier(1)], turn: 1 }).await;
    phone.ping().await;
    phone.send(&ClientMessage::Granted { dossiers: vec![dossier(1)], turn: 3 }).await;
    assert_eq!(phone.closed().await, Some(1008));
    let (mut phone, _) = phone.back(relay.address).await;
    phone.send(&ClientMessage::Ping { nonce: 1, turn: 1 }).await;
    assert_eq!(phone.closed().await, Some(1008), "a ping tells of a last frame that was lost");
}

#[tokio::test]
async fn lease_1_phones_are_told_how_long_they_may_stay_away_and_nobody_else_is() {
    const DAY: i64 = 24 * 3_600_000;
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let lease = async |email: &str| {
        let mut client = TestClient::open(relay.address, &relay.login(email).await).await;
        match client.hello(None).await {
            Some(RelayMessage::Welcome { lease, .. }) => lease,
            other => panic!("{other:?}"),
        }
    };
    for email in [CLAIRE, NADIA, HELENE] {
        assert_eq!(lease(email).await, None, "{email}");
    }
    assert_eq!(lease(SONIA).await, Some(7 * DAY));
    relay.set(&claire, "bail_jours", 3).await;
    assert_eq!(lease(SONIA).await, Some(3 * DAY));
}
