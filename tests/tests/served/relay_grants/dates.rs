//! What opens and closes a dossier by the days of a team and the agency's settings: GRANT-5, FORGET-1.

use super::*;

#[tokio::test]
async fn grant_5_a_first_visit_opens_the_dossier_so_many_days_before() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(2, "NOM-2").await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    let user = phone.session.user;
    office.put_on_for(2, user, (&day(10), None)).await;
    // In the same team two weeks later: the relay knows both when it opens this one.
    office.put_on_for(3, user, (&day(24), None)).await;
    let head = office.put_on(4, user).await;
    phone.hold(dossier(4)).await;
    phone.catch_up(head).await;
    phone.ping().await;
    assert!(phone.came_of(2).is_empty() && phone.came_of(3).is_empty() && !phone.saw(b"NOM-2"));
    assert_eq!(transmit(&mut phone, 2, "Trop tôt").await, forbidden());

    relay.set(&office.claire.session, "avant_jours", 15).await;
    phone.hold(dossier(2)).await;
    phone.ping().await;
    assert!(phone.saw(b"NOM-2") && phone.came_of(3).is_empty());
    assert_eq!(transmit(&mut phone, 2, "À l’heure").await, TAKEN);
}

#[tokio::test]
async fn forget_1_a_last_visit_closes_the_dossier_so_many_days_after() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    phone.catch_up(relay.head(&office.claire.session).await).await;
    office.end(1, phone.session.user, Some(&day(-3))).await;
    office.end(2, phone.session.user, Some(&day(-20))).await;
    assert_eq!(phone.forget().await, [dossier(2)], "the other has some days left");
    phone.forgotten(vec![dossier(2)]).await;
    relay.set(&office.claire.session, "apres_jours", 40).await;
    phone.hold(dossier(2)).await;
    relay.set(&office.claire.session, "apres_jours", 0).await;
    let mut closed = phone.forget().await;
    if closed.len() < 2 {
        closed.extend(phone.forget().await);
    }
    closed.sort();
    assert_eq!(closed, [dossier(1), dossier(2)]);
    assert_eq!(transmit(&mut phone, 1, "Encore dû").await, TAKEN);
}
