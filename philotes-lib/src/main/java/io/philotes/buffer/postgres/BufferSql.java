// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.jdbc.StateDatabase;

/** The statements, with the schema's name in them. Immutable. */
final class BufferSql {

    final String register;
    final String find;
    final String take;
    final String owned;
    final String segments;
    final String seal;
    final String addSegment;
    final String progress;
    final String startAt;
    final String forget;
    final String trimmed;

    /** A row's bytes are deleted 2 kB by 2 kB, and what is deleted is read and logged before: some 100 MB take a second or two. */
    private static final int CUT_ROWS = 100;

    private static final String TIME = "'epoch'::timestamptz + ? * '1 microsecond'::interval";

    private final StateDatabase database;
    private final String buffers;

    BufferSql(StateDatabase database) {
        this.database = database;
        this.buffers = database.table("cdc_buffers");
        String all = database.table("cdc_segments");
        String owned = " WHERE id = ? AND epoch = ?";
        register = "INSERT INTO " + buffers + " (pipeline) VALUES (?) ON CONFLICT DO NOTHING";
        find = "SELECT id, epoch, owner FROM " + buffers + " WHERE pipeline = ?";
        // Waits for an append of an earlier owner that is under way: each append holds this row.
        take = "UPDATE " + buffers + " SET epoch = epoch + 1, owner = ?, owned_since = now() WHERE id = ?"
                + " RETURNING epoch, last_seq, appended_up_to::text, trimmed_up_to::text";
        this.owned = "SELECT FROM " + buffers + owned + " FOR SHARE";
        segments = "SELECT first_seq, end_lsn::text, bytes FROM " + all + " WHERE buffer_id = ? ORDER BY first_seq";
        seal = "UPDATE " + all + " SET end_lsn = ?::pg_lsn, bytes = ? WHERE buffer_id = ? AND first_seq = ?";
        addSegment =
                "INSERT INTO " + all + " (buffer_id, first_seq) SELECT id, ? FROM " + buffers + owned + " FOR SHARE";
        progress = "UPDATE " + buffers + " SET appended_up_to = ?::pg_lsn" + owned;
        startAt = "UPDATE " + buffers + " SET appended_up_to = ?::pg_lsn, trimmed_up_to = ?::pg_lsn" + owned;
        forget = "DELETE FROM " + all + " WHERE buffer_id = ? AND first_seq = ?";
        trimmed = "UPDATE " + buffers + " SET trimmed_up_to = greatest(trimmed_up_to, ?::pg_lsn),"
                + " appended_up_to = greatest(appended_up_to, ?::pg_lsn), last_seq = greatest(last_seq, ?)" + owned;
    }

    /** A segment's table, quoted. */
    String table(int buffer, long firstSeq) {
        return database.table("cdc_events_" + buffer + "_" + firstSeq);
    }

    /** Makes a segment's table; it lives briefly and is written once, so that vacuuming it is wasted. */
    String create(int buffer, long firstSeq) {
        String table = table(buffer, firstSeq);
        return "CREATE TABLE " + table + " (CHECK (buffer_id = " + buffer + "), PRIMARY KEY (seq)) INHERITS ("
                + database.table("cdc_events")
                + ") WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false); ALTER TABLE " + table
                + " ALTER bytes SET STORAGE EXTERNAL";
    }

    /** Writes one row, if the owner still is the owner. */
    String insert(int buffer, long firstSeq) {
        return "INSERT INTO " + table(buffer, firstSeq)
                + " (buffer_id, seq, last_chunk, crc32c, encoding, bytes, batch_bytes, end_lsn, changes, commit_time,"
                + " tables, inserts, updates, deletes, truncates, transactions, first_commit_lsn, last_commit_lsn,"
                + " first_commit_at) SELECT id, ?, ?, ?, ?, ?, ?, ?::pg_lsn, ?, " + TIME
                + ", ?::text[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?, ?::pg_lsn, ?::pg_lsn, " + TIME + " FROM "
                + buffers + " WHERE id = ? AND epoch = ? FOR SHARE";
    }

    /** Where the last whole transaction of a segment ends, and in which row. */
    String end(int buffer, long firstSeq) {
        return "SELECT max(seq), max(end_lsn)::text FROM " + table(buffer, firstSeq) + " WHERE end_lsn IS NOT NULL";
    }

    /** Removes the first {@value #CUT_ROWS} rows behind a place; tells the last of them, 0 for none, and their bytes. */
    String cut(int buffer, long firstSeq) {
        String table = table(buffer, firstSeq);
        return "WITH removed AS (DELETE FROM " + table + " WHERE seq = ANY (ARRAY(SELECT seq FROM " + table
                + " WHERE seq > ? ORDER BY seq LIMIT " + CUT_ROWS
                + ")) RETURNING seq, pg_catalog.octet_length(bytes) AS length)"
                + " SELECT coalesce(max(seq), 0), coalesce(sum(length), 0)::int8 FROM removed";
    }

    String size(int buffer, long firstSeq) {
        return "SELECT coalesce(sum(pg_catalog.octet_length(bytes) + " + Chunk.OVERHEAD + "), 0)::int8 FROM "
                + table(buffer, firstSeq);
    }

    /** The last row of a segment that ends at or before a place. */
    String before(int buffer, long firstSeq) {
        return "SELECT max(seq) FROM " + table(buffer, firstSeq) + " WHERE end_lsn <= ?::pg_lsn";
    }

    /** Rows in their order: no more than so many, and none behind rows that hold so much, packed and unpacked. */
    String read(int buffer, long firstSeq) {
        return "SELECT seq, last_chunk, crc32c, encoding, bytes FROM (SELECT seq, last_chunk, crc32c, encoding, bytes,"
                + " coalesce(sum(batch_bytes + pg_catalog.octet_length(bytes))"
                + " OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS ahead FROM "
                + table(buffer, firstSeq)
                + " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?) AS next WHERE ahead < ? ORDER BY seq";
    }
}
