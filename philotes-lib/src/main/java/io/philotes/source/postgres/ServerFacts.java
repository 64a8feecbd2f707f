// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a check wants to know about the server and the role. Immutable.
 *
 * @param version such as {@code 17.11}
 * @param major the first number of it
 * @param tls the TLS version of the connection; null without
 * @param walLevel {@code wal_level}
 * @param role who we are
 * @param mayReplicate whether the role may use replication
 * @param freeSlots how many slots could be created
 * @param freeWalSenders how many walsenders could start
 * @param encoding the database's
 */
record ServerFacts(
        String version,
        int major,
        String tls,
        String walLevel,
        String role,
        boolean mayReplicate,
        int freeSlots,
        int freeWalSenders,
        String encoding) {

    /** Membership counts too: hosted PostgreSQL gives the right through a role of the provider. */
    private static final String FACTS =
            "SELECT (SELECT version FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid() AND ssl),"
                    + " pg_catalog.current_setting('wal_level'), current_user::text,"
                    + " (SELECT rolsuper OR rolreplication FROM pg_catalog.pg_roles WHERE rolname = current_user)"
                    + " OR EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname IN ('rds_replication')"
                    + " AND pg_catalog.pg_has_role(oid, 'USAGE')),"
                    + " pg_catalog.current_setting('max_replication_slots')::int"
                    + " - (SELECT count(*) FROM pg_catalog.pg_replication_slots)::int,"
                    + " pg_catalog.current_setting('max_wal_senders')::int"
                    + " - (SELECT count(*) FROM pg_catalog.pg_stat_replication)::int,"
                    + " (SELECT pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database"
                    + " WHERE datname = pg_catalog.current_database())";

    static ServerFacts of(Connection connection) throws SQLException {
        String version = Server.version(connection);
        int major = connection.getMetaData().getDatabaseMajorVersion();
        return Sql.query(
                        connection,
                        FACTS,
                        row -> new ServerFacts(
                                version,
                                major,
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getBoolean(4),
                                row.getInt(5),
                                row.getInt(6),
                                row.getString(7)))
                .get(0);
    }
}
