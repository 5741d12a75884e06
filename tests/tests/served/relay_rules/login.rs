//! Signing in: LOGIN.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn login_2_an_unknown_account_gets_the_same_answer() {
    let relay = TestRelay::start().await;
    let known = post_login(relay.address, CLAIRE, "pas le bon", None).await;
    let unknown = post_login(relay.address, "personne@example.fr", "pas le bon", None).await;
    assert_eq!((known.status().as_u16(), unknown.status().as_u16()), (401, 401));
    let (known, unknown) = (known.text().await.unwrap(), unknown.text().await.unwrap());
    assert_eq!(known, unknown);
    assert!(known.contains("L’adresse ou le mot de passe"), "{known}");
}

/// Not a measurement: without the stand-in hash, an unknown account would be answered some fifty times faster.
#[tokio::test]
async fn login_2_an_unknown_account_is_not_answered_faster() {
    let relay = TestRelay::start().await;
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..3 {
        for (place, email) in [CLAIRE, "personne@example.fr"].into_iter().enumerate() {
            let watch = liaison_server::clock::Stopwatch::start();
            post_login(relay.address, email, "pas le bon", None).await;
            shortest[place] = shortest[place].min(watch.elapsed());
        }
    }
    let [known, unknown] = shortest;
    assert!(unknown > known / 4, "known {known:?}, unknown {unknown:?}");
}

#[tokio::test]
async fn login_3_attempts_are_counted_per_account() {
    let relay = TestRelay::start().await;
    for _ in 0..10 {
        assert_eq!(post_login(relay.address, CLAIRE, "pas le bon", None).await.status(), 401);
    }
    // Even the right password, however the address is written.
    let refused = post_login(relay.address, " Claire@Example.fr", PASSWORD, None).await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=7).contains(&wait), "{wait}");
    assert!(refused.text().await.unwrap().contains("Trop de tentatives"));
    relay.login(PAUL).await;
}

#[tokio::test]
async fn login_1_signing_in_again_with_its_id_a_browser_is_the_same_device() {
    let relay = TestRelay::start().await;
    let first = relay.login(CLAIRE).await;
    let again = login(relay.address, CLAIRE, PASSWORD, Some(&first.device.to_string())).await.unwrap();
    assert_eq!(again.device, first.device);
    assert_ne!(again.token, first.token);
    assert_ne!(relay.login(CLAIRE).await.device, first.device, "without its id it is another one");
}

#[tokio::test]
async fn login_4_nobody_takes_another_person_s_device() {
    let relay = TestRelay::start().await;
    let first = relay.login(CLAIRE).await;
    let id = first.device.to_string();
    assert_ne!(login(relay.address, PAUL, PASSWORD, Some(&id)).await.unwrap().device, first.device);
    let unknown = "0123456789abcdef0123456789abcdef";
    assert_eq!(login(relay.address, PAUL, PASSWORD, Some(unknown)).await.unwrap().device.to_string(), unknown);
}
