-- The change log and the accounts, as SQLite keeps them. Positions, names and hashes are what the
-- protocol says they are; documents and actors have small numbers so that indexes stay narrow.

CREATE TABLE IF NOT EXISTS meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS documents (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL
);

-- The device that first used an actor owns it; the genesis actor belongs to nobody.
CREATE TABLE IF NOT EXISTS actors (
    id     INTEGER PRIMARY KEY,
    actor  BLOB NOT NULL UNIQUE,
    device BLOB
);

CREATE TABLE IF NOT EXISTS changes (
    seq       INTEGER PRIMARY KEY,
    document  INTEGER NOT NULL REFERENCES documents (id),
    hash      BLOB NOT NULL,
    actor     INTEGER NOT NULL REFERENCES actors (id),
    actor_seq INTEGER NOT NULL,
    last_op   INTEGER NOT NULL,
    user_id   BLOB NOT NULL,
    device    BLOB NOT NULL,
    received  INTEGER NOT NULL,
    bytes     BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS changes_by_hash ON changes (document, hash);
CREATE UNIQUE INDEX IF NOT EXISTS changes_by_actor ON changes (document, actor, actor_seq);
CREATE INDEX IF NOT EXISTS changes_by_document ON changes (document, seq);

CREATE TABLE IF NOT EXISTS users (
    id       BLOB PRIMARY KEY,
    email    TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    fonction TEXT NOT NULL,
    password TEXT NOT NULL,
    created  INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS devices (
    id           BLOB PRIMARY KEY,
    user_id      BLOB NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    created      INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    cursor_epoch BLOB,
    cursor_seq   INTEGER
);

-- Tokens are kept as their SHA-256 only.
CREATE TABLE IF NOT EXISTS sessions (
    token   BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    device  BLOB NOT NULL REFERENCES devices (id),
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires);
