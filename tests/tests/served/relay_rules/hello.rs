//! Greeting and frames: VER, HELLO, FRM.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn ver_1_an_unknown_protocol_is_refused() {
    let relay = TestRelay::start().await;
    let hello = ClientMessage::Hello {
        protocol: PROTOCOL + 1,
        app: String::new(),
        token: String::new(),
        cursor: None,
        held: None,
    };
    assert_eq!(refusal(&relay, hello).await, HelloRefusal::UnknownProtocol);
}

#[tokio::test]
async fn hello_2_an_unknown_token_is_refused() {
    let relay = TestRelay::start().await;
    let token = "00".repeat(32);
    let hello = ClientMessage::Hello { protocol: PROTOCOL, app: String::new(), token, cursor: None, held: None };
    assert_eq!(refusal(&relay, hello).await, HelloRefusal::UnknownSession);
}

#[tokio::test]
async fn hello_2_signing_out_ends_the_session_and_its_connections() {
    let relay = TestRelay::start().await;
    let mut client = relay.client(CLAIRE).await;
    let http = reqwest::Client::new();
    let logout = || http.post(relay.url("/api/logout")).bearer_auth(&client.session.token).send();
    assert_eq!(logout().await.unwrap().status(), 204);
    assert_eq!(logout().await.unwrap().status(), 401);
    assert_eq!(client.closed().await, Some(1008));
    let mut again = TestClient::open(relay.address, &client.session).await;
    let expected = RelayMessage::Refused { reason: HelloRefusal::UnknownSession };
    assert_eq!(again.hello(None).await, Some(expected));
}

#[tokio::test]
async fn hello_3_nothing_comes_before_the_hello() {
    let relay = TestRelay::start().await;
    assert_eq!(refusal(&relay, ClientMessage::Ping { nonce: 1, turn: 0 }).await, HelloRefusal::HelloExpected);
}

#[tokio::test]
async fn hello_4_connections_per_account_are_counted() {
    let relay = TestRelay::with_limits(Limits { connections_per_account: 2, ..Limits::default() }).await;
    let session = relay.login(CLAIRE).await;
    let _first = TestClient::welcomed(relay.address, &session).await;
    let mut second = TestClient::welcomed(relay.address, &session).await;
    let mut third = TestClient::open(relay.address, &session).await;
    let expected = RelayMessage::Refused { reason: HelloRefusal::TooManyConnections };
    assert_eq!(third.hello(None).await, Some(expected));
    // Somebody else is not affected, and a closed connection makes room.
    relay.client(PAUL).await.ping().await;
    second.send_raw(Message::Close(None)).await.unwrap();
    second.closed().await;
    loop {
        let mut fourth = TestClient::open(relay.address, &session).await;
        if matches!(fourth.hello(None).await, Some(RelayMessage::Welcome { .. })) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn hello_7_who_says_nothing_is_not_waited_for() {
    let relay = TestRelay::with_limits(Limits { hello_timeout: Duration::from_millis(200), ..Limits::default() }).await;
    let session = relay.login(CLAIRE).await;
    let mut silent = TestClient::open(relay.address, &session).await;
    assert_eq!(silent.closed().await, Some(1001));
}

#[tokio::test]
async fn hello_5_a_cursor_of_another_epoch_starts_over() {
    let relay = TestRelay::start().await;
    let session = relay.login(CLAIRE).await;
    let mut client = TestClient::open(relay.address, &session).await;
    let Some(RelayMessage::Welcome { epoch, reset, .. }) = client.hello(None).await else { panic!("a welcome") };
    assert!(!reset);
    for (epoch, seq, expected) in [(Epoch([9; 16]), Seq(0), true), (epoch, Seq(1), true), (epoch, Seq(0), false)] {
        let mut client = TestClient::open(relay.address, &session).await;
        let welcome = client.hello(Some(Cursor { epoch, seq })).await;
        let Some(RelayMessage::Welcome { reset, .. }) = welcome else { panic!("a welcome") };
        assert_eq!(reset, expected);
    }
}

#[tokio::test]
async fn frm_1_what_is_no_message_is_said_to_be_none_and_the_connection_lives() {
    let relay = TestRelay::start().await;
    let mut client = relay.client(CLAIRE).await;
    client.send_bytes(b"\xff\xff not cbor".to_vec()).await;
    assert!(matches!(client.next().await, Some(RelayMessage::Malformed { .. })));
    client.send_raw(Message::Text("{\"hello\": 1}".into())).await.unwrap();
    assert!(matches!(client.next().await, Some(RelayMessage::Malformed { .. })));
    client.ping().await;
}

#[tokio::test]
async fn frm_2_an_oversized_frame_is_answered_and_a_monstrous_one_is_not_read() {
    let relay = TestRelay::start().await;
    let mut client = relay.client(CLAIRE).await;
    client.send_bytes(vec![0; MAX_FRAME + 1]).await;
    let Some(RelayMessage::Malformed { detail }) = client.next().await else { panic!("malformed") };
    assert!(detail.contains("1048577"), "{detail}");
    client.ping().await;
    // The relay may hang up while it is still being sent.
    client.send_raw(Message::Binary(vec![0; 5 * MAX_FRAME].into())).await.ok();
    client.closed().await;
    relay.client(CLAIRE).await.ping().await;
}

#[tokio::test]
async fn frm_5_patience_with_nonsense_has_an_end() {
    let relay = TestRelay::start().await;
    let mut client = relay.client(CLAIRE).await;
    for _ in 0..8 {
        client.send_bytes(vec![0xff]).await;
        assert!(matches!(client.next().await, Some(RelayMessage::Malformed { .. })));
    }
    assert_eq!(client.closed().await, Some(1008));
}
