// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads what the catalog says now of a relation that a transaction of the stream spoke of. Confined to one thread.
 *
 * <p>The catalog must not be of before that transaction: one that waits for a synchronous standby is in the stream although
 * nobody sees its effects. (Transactions that ended earlier are no trouble: whoever altered the relation let nobody change
 * its rows before all could see it.) So the reading's snapshot must hold the transaction.
 */
final class CatalogNow {

    /** Standbys answer within milliseconds; who is away longer than this keeps every writer waiting, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /**
     * Whether the snapshot holds a transaction of which 32 bits are known: those of the newest transaction before the
     * snapshot's end that has them. What would be more than half the number space old has not begun for the snapshot.
     */
    private static final String HOLDS =
            "SELECT d.age < 2147483648 AND pg_catalog.pg_visible_in_snapshot((d.xmax - d.age)::text::xid8, d.snap)"
                    + " FROM (SELECT s.snap, s.xmax, (s.xmax - ?::int8) & 4294967295 AS age FROM (SELECT c.snap,"
                    + " pg_catalog.pg_snapshot_xmax(c.snap)::text::int8 AS xmax"
                    + " FROM (SELECT pg_catalog.pg_current_snapshot() AS snap) c) s) d";

    private final SourceTables tables;
    private final CatalogSession session;

    /** By the transaction at hand: whatever was seen after it serves for all of it. */
    private final Map<Relation, Seen> seen = new HashMap<>();

    /**
     * What was seen.
     *
     * @param picture the relation; empty when it was dropped
     * @param tracking {@link io.philotes.model.TableFacts#tracking}, even then
     */
    record Seen(Optional<CatalogPicture> picture, String tracking) {}

    CatalogNow(SourceTables tables, CatalogSession session) {
        this.tables = tables;
        this.session = session;
    }

    /** What follows is of another transaction. */
    void begin() {
        seen.clear();
    }

    /**
     * The relation, and the types of the message's columns for {@link SourceTables#types}. Looks once for the same message of
     * a transaction, which a streamed one repeats after each subtransaction that it rolled back.
     */
    Seen read(Relation message, int xid) {
        return seen.computeIfAbsent(message, m -> look(m, xid));
    }

    private Seen look(Relation message, int xid) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<Seen> now = session.ask("read the catalog", connection -> read(connection, message, xid));
            if (now.isPresent()) {
                return now.get();
            }
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new PhilotesException(
                                ErrorCode.SOURCE_QUERY,
                                "Cannot read the catalog: transaction " + Integer.toUnsignedString(xid)
                                        + " is in the WAL, and nobody sees it yet")
                        .hinting("it waits for a synchronous standby: see pg_stat_replication");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** One snapshot for everything; empty when it does not hold the transaction. */
    private Optional<Seen> read(Connection connection, Relation message, int xid) throws SQLException {
        // To plan the query takes ten times as long as to run it: once is enough.
        Sql.execute(
                connection,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan");
        boolean holds = Sql.query(connection, HOLDS, row -> row.getBoolean(1), Integer.toUnsignedLong(xid))
                .get(0);
        Optional<Seen> now = holds ? Optional.of(read(connection, message)) : Optional.empty();
        Sql.execute(connection, "COMMIT");
        return now;
    }

    private Seen read(Connection connection, Relation message) throws SQLException {
        List<Integer> typeOids =
                message.columns().stream().map(RelationColumn::typeOid).toList();
        tables.types().load(connection, typeOids);
        CatalogPicture picture =
                CatalogPictures.read(connection, List.of(message.oid())).get(message.oid());
        String tracking = picture == null
                ? CatalogPictures.tracking(connection)
                : picture.facts().tracking();
        return new Seen(Optional.ofNullable(picture), tracking);
    }
}
