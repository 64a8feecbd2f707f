-- Whose batches there are, and how far. An epoch belongs to one process: who finds another one here may not append.
CREATE TABLE ${schema}.cdc_buffers (
    id             int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pipeline       text NOT NULL UNIQUE,
    epoch          bigint NOT NULL DEFAULT 0,
    owner          text NOT NULL DEFAULT '',
    owned_since    timestamptz NOT NULL DEFAULT now(),
    last_seq       bigint NOT NULL DEFAULT 0,
    appended_up_to pg_lsn NOT NULL DEFAULT '0/0',
    trimmed_up_to  pg_lsn NOT NULL DEFAULT '0/0'
) WITH (fillfactor = 50);

-- The tables that hold a pipeline's batches, oldest first. The newest one's end and size are not known yet.
CREATE TABLE ${schema}.cdc_segments (
    buffer_id  int NOT NULL REFERENCES ${schema}.cdc_buffers,
    first_seq  bigint NOT NULL,
    end_lsn    pg_lsn,
    bytes      bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (buffer_id, first_seq)
);

-- Batches in the order of seq, each in one row or several. The rows are in child tables, cdc_events_<buffer id>_<first seq>, one
-- for each segment, which are dropped whole. Inheritance and not partitions: to drop a child locks the child alone.
CREATE TABLE ${schema}.cdc_events (
    buffer_id   int NOT NULL,
    seq         bigint NOT NULL,
    last_chunk  boolean NOT NULL,
    end_lsn     pg_lsn,
    changes     bigint NOT NULL,
    commit_time timestamptz,
    tables      text[] NOT NULL,
    batch_bytes bigint NOT NULL,
    crc32c      int NOT NULL,
    bytes       bytea NOT NULL
);
COMMENT ON COLUMN ${schema}.cdc_events.last_chunk IS 'whether a batch ends with this row; only such a row tells of its batch';
COMMENT ON COLUMN ${schema}.cdc_events.end_lsn IS 'where the batch ends; null while it goes on, and for a part of a transaction that is not its last';
COMMENT ON COLUMN ${schema}.cdc_events.crc32c IS 'of seq (8 bytes), last_chunk (1 byte) and bytes';

-- What is held, batch by batch. A batch without an end is a part of a transaction that goes on.
CREATE VIEW ${schema}.cdc_events_readable AS
    SELECT b.pipeline, e.seq, e.end_lsn, e.commit_time, e.changes, e.tables, e.batch_bytes AS bytes,
           coalesce(e.end_lsn <= b.trimmed_up_to, false) AS trimmed
    FROM ${schema}.cdc_events e JOIN ${schema}.cdc_buffers b ON b.id = e.buffer_id
    WHERE e.last_chunk;
