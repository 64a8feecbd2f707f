-- How far each pipeline is: one row, replaced only by a newer one. The text is the truth; the columns beside it decide what is newer.
CREATE TABLE ${schema}.cdc_checkpoints (
    pipeline      text PRIMARY KEY,
    epoch         bigint NOT NULL,
    covered_up_to pg_lsn NOT NULL,
    checkpoint    text NOT NULL,
    saved_at      timestamptz NOT NULL DEFAULT now()
);
