-- What a batch holds, for people: bytes may be compressed, so SQL cannot look into them. A column of a parent is one of its children.
ALTER TABLE ${schema}.cdc_events
    ADD COLUMN encoding         smallint NOT NULL DEFAULT 0,
    ADD COLUMN transactions     int NOT NULL DEFAULT 0,
    ADD COLUMN first_commit_lsn pg_lsn,
    ADD COLUMN last_commit_lsn  pg_lsn,
    ADD COLUMN first_commit_at  timestamptz,
    ADD COLUMN inserts          int[] NOT NULL DEFAULT '{}',
    ADD COLUMN updates          int[] NOT NULL DEFAULT '{}',
    ADD COLUMN deletes          int[] NOT NULL DEFAULT '{}',
    ADD COLUMN truncates        int[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN ${schema}.cdc_events.encoding IS 'of the batch whose rows these are: 0 as it is, 1 zstd';
COMMENT ON COLUMN ${schema}.cdc_events.transactions IS 'how many have changes in the batch, one that goes on in the next batch included';
COMMENT ON COLUMN ${schema}.cdc_events.inserts IS 'one number for each of tables, in their order; empty in rows of an earlier version';

CREATE OR REPLACE VIEW ${schema}.cdc_events_readable AS
    SELECT b.pipeline, e.seq, e.end_lsn, e.commit_time, e.changes, e.tables, e.batch_bytes AS bytes,
           coalesce(e.end_lsn <= b.trimmed_up_to, false) AS trimmed,
           e.transactions, e.first_commit_lsn, e.last_commit_lsn, e.first_commit_at
    FROM ${schema}.cdc_events e JOIN ${schema}.cdc_buffers b ON b.id = e.buffer_id
    WHERE e.last_chunk;

-- What is held, table by table of each batch. The positions and times are those of the batch's transactions.
CREATE VIEW ${schema}.cdc_changes_readable AS
    SELECT b.pipeline, e.seq, c.table_name, c.inserts, c.updates, c.deletes, c.truncates,
           e.transactions, e.first_commit_lsn, e.last_commit_lsn, e.first_commit_at, e.commit_time AS last_commit_at,
           coalesce(e.end_lsn <= b.trimmed_up_to, false) AS trimmed
    FROM ${schema}.cdc_events e JOIN ${schema}.cdc_buffers b ON b.id = e.buffer_id,
    LATERAL ROWS FROM (pg_catalog.unnest(e.tables), pg_catalog.unnest(e.inserts), pg_catalog.unnest(e.updates),
            pg_catalog.unnest(e.deletes), pg_catalog.unnest(e.truncates))
        AS c (table_name, inserts, updates, deletes, truncates)
    WHERE e.last_chunk;
