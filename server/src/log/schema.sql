-- The change log and the accounts. Positions, names and hashes are what the protocol says they are; documents and actors
-- have small numbers so that indexes stay narrow. Written as SQLite has it; PostgreSQL gets the same tables, with its own
-- words for the types (database/postgres.rs).

CREATE TABLE IF NOT EXISTS meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS documents (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    -- The dossier, as in the name; none for what belongs to the whole agency. Indexed by the migration.
    dossier TEXT
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
    received  INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS changes_by_hash ON changes (document, hash);
CREATE UNIQUE INDEX IF NOT EXISTS changes_by_actor ON changes (document, actor, actor_seq);
CREATE INDEX IF NOT EXISTS changes_by_document ON changes (document, seq);

-- The sealed bytes of changes that no snapshot has taken the place of yet.
CREATE TABLE IF NOT EXISTS bodies (
    seq   INTEGER PRIMARY KEY REFERENCES changes (seq),
    bytes BLOB NOT NULL
);

-- One sealed chunk in the place of many changes, at the position of the last one. The rows of the changes stay: who,
-- when, from where, and what they are called.
CREATE TABLE IF NOT EXISTS snapshots (
    document INTEGER PRIMARY KEY REFERENCES documents (id),
    upto     INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    bytes    BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS snapshots_by_position ON snapshots (upto);

CREATE TABLE IF NOT EXISTS users (
    id       BLOB PRIMARY KEY,
    email    TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    fonction TEXT NOT NULL,
    password TEXT NOT NULL,
    created  INTEGER NOT NULL,
    -- A JSON array of texts.
    sectors  TEXT NOT NULL DEFAULT '[]',
    -- Since when nobody signs in with it any more.
    closed   INTEGER
);

CREATE TABLE IF NOT EXISTS devices (
    id           BLOB PRIMARY KEY,
    user_id      BLOB NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    created      INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    cursor_epoch BLOB,
    cursor_seq   INTEGER,
    -- 1 once a person has chosen the name.
    named        INTEGER NOT NULL DEFAULT 0,
    -- Since when it has to forget everything, and since when it has.
    revoked      INTEGER,
    forgotten    INTEGER,
    -- The role that what the device holds was chosen for.
    served       TEXT
);
CREATE INDEX IF NOT EXISTS devices_by_user ON devices (user_id);

-- Tokens are kept as their SHA-256 only.
CREATE TABLE IF NOT EXISTS sessions (
    token   BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    device  BLOB NOT NULL REFERENCES devices (id),
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires);
CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_by_device ON sessions (device);

-- Links that make an account, or add a device to one (then with user_id). Tokens as their SHA-256 only.
CREATE TABLE IF NOT EXISTS invitations (
    id         BLOB PRIMARY KEY,
    token      BLOB NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    user_id    BLOB REFERENCES users (id),
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    fonction   TEXT NOT NULL,
    sectors    TEXT NOT NULL,
    created_by BLOB NOT NULL,
    created    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    used       INTEGER,
    withdrawn  INTEGER
);

-- The agency's name and what it has chosen; values are JSON.
CREATE TABLE IF NOT EXISTS settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Who did or was refused what. Only ever appended to, and purged from its beginning; each hash covers the row and
-- the hash before it. Ids and words, never names.
CREATE TABLE IF NOT EXISTS access_log (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    received INTEGER NOT NULL,
    user_id  BLOB,
    device   BLOB,
    dossier  BLOB,
    volet    TEXT,
    action   TEXT NOT NULL,
    reason   TEXT,
    offline  INTEGER NOT NULL,
    hash     BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS access_log_by_dossier ON access_log (dossier, id);
CREATE INDEX IF NOT EXISTS access_log_by_user ON access_log (user_id, id);

-- The last row that was purged: what is left is chained to it. No row: nothing was purged yet.
CREATE TABLE IF NOT EXISTS access_log_anchor (
    "only" INTEGER PRIMARY KEY CHECK ("only" = 1),
    id     INTEGER NOT NULL,
    hash   BLOB NOT NULL
);

-- What each device was ever granted, and where it stands there. State: 0 granting, 1 held, 2 forgetting, 3 forgotten.
CREATE TABLE IF NOT EXISTS holdings (
    device  BLOB NOT NULL REFERENCES devices (id),
    dossier TEXT NOT NULL,
    state   INTEGER NOT NULL,
    ends    INTEGER,
    changed INTEGER NOT NULL,
    PRIMARY KEY (device, dossier)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holdings_by_dossier ON holdings (dossier);

-- Who is on the team of each dossier, projected from its prestation up to a position; sealed like its changes.
CREATE TABLE IF NOT EXISTS teams (
    dossier TEXT PRIMARY KEY,
    upto    INTEGER NOT NULL,
    bytes   BLOB NOT NULL
) WITHOUT ROWID;

-- Changes that arrived after their author had lost the dossier, until the office decides and for the record after.
-- Decision: none while waiting, 1 taken into the dossier, 2 set aside.
CREATE TABLE IF NOT EXISTS late_changes (
    id         INTEGER PRIMARY KEY,
    document   TEXT NOT NULL,
    hash       BLOB NOT NULL,
    user_id    BLOB NOT NULL,
    device     BLOB NOT NULL,
    received   INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    decision   INTEGER,
    decided_by BLOB,
    decided    INTEGER,
    UNIQUE (document, hash)
);

-- The stored bytes of files: one set of sealed chunks, in the folder named by its id. A set that no row of blobs has any
-- more is deleted by the upkeep, its chunks first.
CREATE TABLE IF NOT EXISTS blob_sets (
    id       BLOB PRIMARY KEY,
    dossier  TEXT NOT NULL,
    hash     BLOB NOT NULL,
    size     INTEGER NOT NULL,
    begun    INTEGER NOT NULL,
    -- 1 once the relay has read the whole and it has the hash.
    complete INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blob_sets_by_hash ON blob_sets (dossier, hash);

-- Which kind of document of which dossier names which file, and who brought it. Two kinds may share a set.
CREATE TABLE IF NOT EXISTS blobs (
    dossier  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    hash     BLOB NOT NULL,
    bytes    BLOB NOT NULL REFERENCES blob_sets (id),
    user_id  BLOB NOT NULL,
    device   BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (dossier, kind, hash)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blobs_by_bytes ON blobs (bytes);
CREATE INDEX IF NOT EXISTS blobs_by_device ON blobs (device);

-- What lists show of each dossier, projected from its documents up to a position; sealed like its changes.
CREATE TABLE IF NOT EXISTS summaries (
    dossier TEXT PRIMARY KEY,
    upto    INTEGER NOT NULL,
    bytes   BLOB NOT NULL
) WITHOUT ROWID;
