-- Changes that sinks set aside, in the order of sink, table and place. Names compare by their bytes, whatever the database's locale.
CREATE TABLE ${schema}.cdc_dead_letters (
    pipeline     text COLLATE "C" NOT NULL,
    sink         text COLLATE "C" NOT NULL,
    table_schema text COLLATE "C" NOT NULL,
    table_name   text COLLATE "C" NOT NULL,
    commit_lsn   pg_lsn NOT NULL,
    ordinal      bigint NOT NULL,
    state        text COLLATE "C" NOT NULL
        CHECK (state IN ('PARKED', 'WANTED', 'APPLYING', 'APPLIED', 'SUPERSEDED', 'DISCARDED')),
    state_since  timestamptz NOT NULL,
    code         text COLLATE "C" NOT NULL,
    reason       text NOT NULL,
    parked_at    timestamptz NOT NULL,
    attempts     int NOT NULL,
    replay       text NOT NULL,
    keys         text[] NOT NULL,
    change       bytea NOT NULL,
    PRIMARY KEY (pipeline, sink, table_schema, table_name, commit_lsn, ordinal)
);
CREATE INDEX cdc_dead_letters_by_state ON ${schema}.cdc_dead_letters (pipeline, state);
COMMENT ON COLUMN ${schema}.cdc_dead_letters.keys IS 'the customer''s data, as change is';
COMMENT ON COLUMN ${schema}.cdc_dead_letters.change IS 'what PostgreSQL sent, with its relation version; philotes dlq show and export read it';
