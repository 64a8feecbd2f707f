// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TimelinePath;
import io.philotes.source.SourceIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a walsender who it is, everything over the one connection that may stream afterwards: what is said of the server is
 * true of the one that sends. Immutable.
 */
final class Identification {

    private static final Logger LOG = LoggerFactory.getLogger(Identification.class);

    private static final String OIDS = "SELECT d.oid::int8, coalesce(p.oid::int8, 0) FROM pg_catalog.pg_database d"
            + " LEFT JOIN pg_catalog.pg_publication p ON p.pubname = ?"
            + " WHERE d.datname = pg_catalog.current_database()";

    private final String publication;
    private final IncarnationMark incarnation;

    Identification(String publication, IncarnationMark incarnation) {
        this.publication = publication;
        this.incarnation = incarnation;
    }

    private record System(String id, int timeline, Lsn walEnd, String database) {}

    private record Oids(long database, long publication) {}

    static String systemId(Connection replication) throws SQLException {
        return system(replication).id();
    }

    SourceIdentity of(Connection replication) throws SQLException {
        System system = system(replication);
        Oids oids = Sql.query(replication, OIDS, row -> new Oids(row.getLong(1), row.getLong(2)), publication)
                .get(0);
        SourceMark mark = new SourceMark(
                system.id(),
                path(replication, system.timeline()),
                oids.database(),
                oids.publication(),
                incarnation.read(replication));
        return new SourceIdentity(
                system.id(), system.timeline(), system.database(), Server.version(replication), system.walEnd(), mark);
    }

    private static System system(Connection replication) throws SQLException {
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new System(
                    row.getString("systemid"),
                    row.getInt("timeline"),
                    Lsn.parse(row.getString("xlogpos")),
                    row.getString("dbname"));
        }
    }

    /** The first timeline has no history; a later one's file may have been thrown away, and then its turns are unknown. */
    private static TimelinePath path(Connection replication, int timeline) {
        if (timeline > 1) {
            try (Statement statement = replication.createStatement();
                    ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
                row.next();
                return TimelinePath.ofHistory(timeline, row.getString("content"));
            } catch (SQLException | IllegalArgumentException e) {
                LOG.warn("The history of timeline {} cannot be read: {}", timeline, e.getMessage());
            }
        }
        return new TimelinePath(List.of(), timeline);
    }
}
