// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.source.SlotHolder;
import io.philotes.source.SlotWal;
import io.philotes.source.WalStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Looks at what all slots of the server keep. Immutable. */
final class WalLook {

    private static final int FIRST_WITH_CONFLICTING = 16;
    private static final int FIRST_WITH_REASON = 17;

    private static final String SLOTS = "SELECT s.slot_name, s.active, %s, %s,"
            + " coalesce(pg_catalog.pg_wal_lsn_diff(" + Server.WAL_END + ", s.restart_lsn), 0)::int8,"
            + " coalesce(s.safe_wal_size, -1)::int8, coalesce(pg_catalog.age(s.catalog_xmin), 0)::int8, %s,"
            + " coalesce(r.spill_bytes, 0)::int8 FROM pg_catalog.pg_replication_slots s"
            + " LEFT JOIN pg_catalog.pg_stat_replication_slots r ON r.slot_name = s.slot_name ORDER BY s.slot_name";

    private static final String KEEP_LIMIT =
            "SELECT setting::int8 FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size'";

    private static final String HOLDERS =
            "SELECT 'prepared transaction ' || pg_catalog.quote_ident(gid) || ' in ' || database, true, prepared"
                    + " FROM pg_catalog.pg_prepared_xacts WHERE prepared < pg_catalog.now() - interval '1 minute'"
                    + " UNION ALL SELECT 'session ' || pid, false, xact_start FROM pg_catalog.pg_stat_activity"
                    + " WHERE backend_xid IS NOT NULL AND xact_start < pg_catalog.now() - interval '1 minute'";

    private static final String HELD_SINCE = "SELECT what, prepared,"
            + " extract(epoch FROM pg_catalog.now() - since)::int8 FROM (" + HOLDERS
            + ") AS h (what, prepared, since) ORDER BY since LIMIT 10";

    private final String slot;

    WalLook(String slot) {
        this.slot = slot;
    }

    WalStatus at(Connection connection) throws SQLException {
        List<SlotWal> all = Sql.query(connection, slotsSql(connection), WalLook::slot);
        long limitMegabytes =
                Sql.query(connection, KEEP_LIMIT, row -> row.getLong(1)).get(0);
        List<SlotHolder> holders = Sql.query(
                connection,
                HELD_SINCE,
                row -> new SlotHolder(row.getString(1), row.getBoolean(2), Duration.ofSeconds(row.getLong(3))));
        return new WalStatus(
                Server.walEnd(connection),
                all.stream().filter(one -> one.name().equals(slot)).findFirst(),
                limitMegabytes < 0 ? -1 : limitMegabytes << 20,
                all.stream().filter(one -> !one.name().equals(slot)).toList(),
                holders);
    }

    private static String slotsSql(Connection connection) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        return SLOTS.formatted(
                major >= FIRST_WITH_CONFLICTING
                        ? "CASE WHEN s.conflicting THEN 'lost' ELSE coalesce(s.wal_status, 'lost') END"
                        : "coalesce(s.wal_status, 'lost')",
                major >= FIRST_WITH_REASON ? "coalesce(s.invalidation_reason, '')" : "''",
                major >= FIRST_WITH_REASON ? "s.inactive_since" : "NULL::timestamptz");
    }

    private static SlotWal slot(ResultSet row) throws SQLException {
        Timestamp inactive = row.getTimestamp(8);
        return new SlotWal(
                row.getString(1),
                row.getBoolean(2),
                row.getString(3),
                row.getString(4),
                Math.max(0, row.getLong(5)),
                row.getLong(6),
                row.getLong(7),
                Optional.ofNullable(inactive).map(Timestamp::toInstant),
                row.getLong(9));
    }
}
