-- What PostgreSQL needs beside the tables of log/schema.sql, which are the same for both databases.

-- SQLite adds this index in a migration.
CREATE INDEX IF NOT EXISTS documents_by_dossier ON documents (dossier);

-- What is sealed does not get smaller: no time is lost trying.
ALTER TABLE bodies ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE snapshots ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE late_changes ALTER COLUMN bytes SET STORAGE EXTERNAL;
