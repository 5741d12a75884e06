-- The keyring: which master key locks it, and the keys, each wrapped by that master key.

CREATE TABLE IF NOT EXISTS keyring (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    id         BLOB NOT NULL,
    master     BLOB NOT NULL,
    -- Grows with every change, so that other processes notice it.
    generation INTEGER NOT NULL
);

-- A destroyed key leaves its name and the date: that dossier never gets another one.
CREATE TABLE IF NOT EXISTS keys (
    name      TEXT PRIMARY KEY,
    wrapped   BLOB,
    created   INTEGER NOT NULL,
    destroyed INTEGER,
    -- The generation that made it what it is: others read only what is new to them. 0 in a keyring of an earlier version.
    changed   INTEGER NOT NULL DEFAULT 0,
    CHECK ((wrapped IS NULL) = (destroyed IS NOT NULL))
) WITHOUT ROWID;
