// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import io.philotes.model.StorePlace;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether a store's tables would be captured: then every change that is written to it would be another change, without end. What
 * lives in the captured database without being published is allowed, and told. Confined to one thread.
 */
final class FeedbackLoop {

    /** The identifier is asked for only where the role may ask. */
    private static final String HERE = "SELECT CASE WHEN pg_catalog.has_function_privilege("
            + "'pg_catalog.pg_control_system()', 'EXECUTE') THEN (SELECT system_identifier::text"
            + " FROM pg_catalog.pg_control_system()) ELSE '' END, oid::int8 FROM pg_catalog.pg_database"
            + " WHERE datname = pg_catalog.current_database()";

    private static final String ALL_TABLES =
            "SELECT FROM pg_catalog.pg_publication p WHERE pubname = ? AND puballtables";

    private static final String WHOLE_SCHEMA = "SELECT FROM pg_catalog.pg_publication_namespace s"
            + " JOIN pg_catalog.pg_publication p ON p.oid = s.pnpubid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid WHERE p.pubname = ? AND n.nspname = ?";

    private static final String TABLES_ARE_HERE = "SELECT FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = 'cdc_schema_version'";

    private static final int FIRST_WITH_SCHEMAS = 15;

    private final Connection connection;
    private final Publication publication;
    private final List<TableId> configured;

    FeedbackLoop(Connection connection, Publication publication, List<TableId> configured) {
        this.connection = connection;
        this.publication = publication;
        this.configured = configured;
    }

    List<Finding> findings(String what, StorePlace place) throws SQLException {
        StorePlace here = Sql.query(
                        connection, HERE, row -> new StorePlace(row.getString(1), row.getLong(2), place.schema()))
                .get(0);
        boolean unknown = here.systemId().isEmpty() || place.systemId().isEmpty();
        boolean sameDatabase = unknown ? any(TABLES_ARE_HERE, place.schema()) : here.equals(place);
        if (sameDatabase && isPublished(place)) {
            return List.of(Finding.error(
                    ErrorCode.FEEDBACK_LOOP,
                    what,
                    "its tables are in the captured database, in schema " + place.schema() + ", and publication "
                            + publication.name() + " publishes them: every change would make another one",
                    ErrorCode.FEEDBACK_LOOP.hint()));
        }
        if (!unknown && here.systemId().equals(place.systemId())) {
            return List.of(Finding.warn(
                    ErrorCode.FEEDBACK_LOOP,
                    what,
                    (sameDatabase ? "it is in the captured database" : "it is on the captured server")
                            + ": what it keeps is written to the same WAL again, and is gone when the server is",
                    "better keep it on another server"));
        }
        return List.of(Finding.ok(what, "is in another database than the source"));
    }

    private boolean isPublished(StorePlace place) throws SQLException {
        return any(ALL_TABLES, publication.name())
                || (connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_SCHEMAS
                        && any(WHOLE_SCHEMA, publication.name(), place.schema()))
                || PublishedNames.of(connection, publication.name()).stream().anyMatch(place::holds)
                || configured.stream().anyMatch(place::holds);
    }

    private boolean any(String query, Object... arguments) throws SQLException {
        return !Sql.query(connection, query, row -> true, arguments).isEmpty();
    }
}
