//! What arrives after its author has lost the dossier: LATE.

use super::*;

/// A phone that was offline while its person was taken off these teams, is back and was told to forget them.
async fn back_too_late(relay: &TestRelay, office: &mut Office, numbers: &[u8]) -> TestClient {
    let mut phone = relay.phone(office, SONIA, numbers).await;
    phone.catch_up(relay.head(&office.claire.session).await).await;
    let phone = phone.leave().await;
    // Another phone of hers shows when the relay knows that she is off the teams.
    let mut other = relay.client(SONIA).await;
    other.hold_all(numbers).await;
    let mut gone = Vec::new();
    for number in numbers {
        office.take_off(*number, phone.session.user).await;
        gone.extend(other.forget().await);
    }
    let (mut phone, _) = phone.back(relay.address).await;
    assert_eq!(phone.forget().await, gone);
    phone
}

fn lines(review: &Value) -> Vec<&str> {
    review["lines"].as_array().unwrap().iter().map(|line| line["written"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn late_1_what_arrives_late_is_decided_by_the_office_and_goes_nowhere_before() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut paul = relay.client(PAUL).await;
    let mut phone = back_too_late(&relay, &mut office, &[1, 2]).await;
    let head = relay.head(&claire).await;
    assert_eq!(transmit(&mut phone, 1, "A-ACCEPTER").await, left_to_the_office());
    assert_eq!(transmit(&mut phone, 2, "A-ECARTER").await, left_to_the_office());
    assert_eq!(relay.head(&claire).await, head, "nothing is in the log");
    phone.forgotten(vec![dossier(1), dossier(2)]).await;

    let reviews = relay.reviews(&claire).await;
    let told = |review: &Value| (review["document"].clone(), review["user_name"].clone(), review["state"].clone());
    let expected = |number: u8| (json!(journal(number).to_string()), json!("Sonia Haddad"), json!("waiting"));
    assert_eq!(reviews.iter().map(told).collect::<Vec<_>>(), [expected(1), expected(2)]);
    assert_eq!(lines(&reviews[0]), ["A-ACCEPTER"]);
    assert_eq!(reviews[0]["lines"][0]["label"], "Transmission");

    let accepted = relay.decide(&claire, &reviews[0], "accept").await.ok();
    let julien = relay.login(liaison_tests::relay::JULIEN).await;
    let set_aside = relay.decide(&julien, &reviews[1], "set_aside").await.ok();
    for (review, state, by) in [(&accepted, "accepted", &claire), (&set_aside, "set_aside", &julien)] {
        assert_eq!((&review["state"], &review["decided_by"]), (&json!(state), &json!(by.user.to_string())));
        assert!(review["decided"].is_i64());
    }
    let head = relay.head(&claire).await;
    paul.catch_up(head).await;
    office.claire.catch_up(head).await;
    for somebody in [&paul, &office.claire] {
        assert!(somebody.saw(b"A-ACCEPTER") && !somebody.saw(b"A-ECARTER"));
    }
    assert!(in_the_log(&relay, &claire, "A-ACCEPTER").await && !in_the_log(&relay, &claire, "A-ECARTER").await);
    // Decided once: what was is on record, and whoever asks to decide it again finds nothing.
    assert_eq!(relay.decide(&claire, &reviews[1], "accept").await.status, 404);
    let states: Vec<Value> = relay.reviews(&claire).await.iter().map(|review| review["state"].clone()).collect();
    assert!(states.contains(&json!("accepted")) && states.contains(&json!("set_aside")) && states.len() == 2);
    let entries = relay.entries(&relay.login(HELENE).await, "review_decided", 2).await;
    let told: Vec<_> = entries
        .iter()
        .map(|it| (&it["user"], &it["dossier"], &it["volet"], &it["reason"]))
        .map(|it| json!(it))
        .collect();
    let entry = |by: &Session, number: u8, word: &str| {
        json!([by.user.to_string(), dossier(number).to_string(), "journal", word])
    };
    assert_eq!(told, [entry(&julien, 2, "set_aside"), entry(&claire, 1, "accept")]);
}

#[tokio::test]
async fn late_1_pushed_again_is_acknowledged_again_and_listed_once() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut phone = back_too_late(&relay, &mut office, &[1, 2]).await;
    for number in [1, 2] {
        let (id, changes) = phone.transmission(number, "Deux fois");
        for _ in 0..2 {
            assert_eq!(phone.push(id, &changes).await, (Seq(0), vec![]));
            assert_eq!(phone.review, [0, 1]);
        }
        let reviews = relay.reviews(&claire).await;
        assert_eq!(lines(&reviews[0]), ["Deux fois"], "{reviews:?}");
        let decision = if number == 1 { "accept" } else { "set_aside" };
        relay.decide(&claire, &reviews[0], decision).await.ok();
        // The answer was lost, perhaps, and the decision came in between.
        let (seq, refused) = phone.push(id, &changes).await;
        assert!(refused.is_empty());
        match number {
            1 => assert!(seq > Seq(0) && phone.review.is_empty(), "it is in the dossier now"),
            _ => assert_eq!((seq, &phone.review[..]), (Seq(0), &[0, 1][..]), "it is on record"),
        }
    }
    let reviews = relay.reviews(&claire).await;
    assert_eq!(reviews.len(), 2);
    assert!(reviews.iter().all(|review| review["state"] != "waiting"), "what was decided stays decided: {reviews:?}");
}

#[tokio::test]
async fn late_1_what_stands_on_something_that_never_came_cannot_be_taken_in_before_it_does() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut phone = back_too_late(&relay, &mut office, &[1]).await;
    let mut writing = Writing::new(journal(1), phone.new_pen());
    let [first, second] = ["LA-PREMIERE", "LA-SECONDE"].map(|texte| writing.transmission(texte));
    assert_eq!(phone.push(writing.id(), std::slice::from_ref(&second)).await, (Seq(0), vec![]));
    let waiting = relay.reviews(&claire).await;
    let refused = relay.decide(&claire, &waiting[0], "accept").await;
    assert_eq!((refused.status, refused.code()), (409, "cannot_accept".to_owned()));
    assert_eq!(relay.reviews(&claire).await[0]["state"], "waiting");
    assert!(!in_the_log(&relay, &claire, "LA-SECONDE").await);

    phone.push(writing.id(), &[writing.genesis(), first]).await;
    let waiting = relay.reviews(&claire).await;
    assert_eq!((waiting.len(), lines(&waiting[0]).len()), (1, 2));
    relay.decide(&claire, &waiting[0], "accept").await.ok();
    assert!(in_the_log(&relay, &claire, "LA-PREMIERE").await && in_the_log(&relay, &claire, "LA-SECONDE").await);
}

#[tokio::test]
async fn late_1_back_on_the_team_what_stands_on_late_changes_waits_with_them() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    let mut phone = back_too_late(&relay, &mut office, &[1]).await;
    let mut writing = Writing::new(journal(1), phone.new_pen());
    let first = writing.transmission("LA-PREMIERE");
    phone.push(writing.id(), &[writing.genesis(), first]).await;
    phone.forgotten(vec![dossier(1)]).await;
    office.put_on(1, phone.session.user).await;
    phone.hold(dossier(1)).await;
    let second = writing.transmission("LA-SECONDE");
    assert_eq!(phone.push(writing.id(), &[second]).await, (Seq(0), vec![]));
    assert_eq!(phone.review, [0]);
    // What stands on nothing late is taken.
    assert_eq!(transmit(&mut phone, 1, "A-PART").await, TAKEN);
    let waiting = relay.reviews(&claire).await;
    assert_eq!((waiting.len(), lines(&waiting[0])), (1, vec!["LA-PREMIERE", "LA-SECONDE"]));
    relay.decide(&claire, &waiting[0], "accept").await.ok();
    for text in ["LA-PREMIERE", "LA-SECONDE", "A-PART"] {
        assert!(in_the_log(&relay, &claire, text).await, "{text}");
    }
}

#[tokio::test]
async fn late_1_who_does_not_answer_for_the_sector_neither_sees_nor_decides() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let claire = office.claire.session.clone();
    office.give_to(1, SUD).await;
    let mut nadia = relay.client(NADIA).await;
    let mut phone = back_too_late(&relay, &mut office, &[1]).await;
    assert_eq!(transmit(&mut phone, 1, "Pour le sud").await, left_to_the_office());
    let waiting = relay.reviews(&claire).await;
    assert_eq!(relay.reviews(&nadia.session).await, Vec::<Value>::new());
    for decision in ["accept", "set_aside"] {
        let refused = relay.decide(&nadia.session, &waiting[0], decision).await;
        assert_eq!(refused, relay.decide(&nadia.session, &json!({ "id": 987 }), decision).await, "as one that is none");
        assert_eq!(refused.status, 404);
    }
    assert_eq!(relay.reviews(&claire).await[0]["state"], "waiting");
    office.give_to(1, NORD).await;
    nadia.hold(dossier(1)).await;
    let decided = relay.decide(&nadia.session, &waiting[0], "accept").await.ok();
    assert_eq!(decided["decided_by"], nadia.session.user.to_string());
}
