// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;
import java.util.Optional;

/**
 * By what a source is known again. Immutable; what is unknown is compared with nothing.
 *
 * @param systemId the cluster's system identifier; empty when unknown
 * @param timelines the way its WAL came
 * @param database the database's oid; 0 when unknown
 * @param publication the publication's oid; 0 when unknown, or there is none
 * @param incarnation the mark that was left in it
 */
public record SourceMark(
        String systemId, TimelinePath timelines, long database, long publication, Optional<Incarnation> incarnation) {

    /** Of no source yet. */
    public static final SourceMark UNKNOWN = ofSystem("");

    public SourceMark {
        Objects.requireNonNull(systemId, "systemId");
        Objects.requireNonNull(timelines, "timelines");
        Objects.requireNonNull(incarnation, "incarnation");
    }

    /** Known by its system identifier alone, as earlier versions did. */
    public static SourceMark ofSystem(String systemId) {
        return new SourceMark(systemId, TimelinePath.UNKNOWN, 0, 0, Optional.empty());
    }

    /** The same source, with another mark in its publication. */
    public SourceMark with(Incarnation renewed) {
        return new SourceMark(systemId, timelines, database, publication, Optional.of(renewed));
    }

    /** The same source, further along its timelines. */
    public SourceMark with(TimelinePath way) {
        return new SourceMark(systemId, way, database, publication, incarnation);
    }

    /** Whether the two are certainly of different servers, or of different databases of one. */
    public boolean isOfOtherPlaceThan(SourceMark other) {
        boolean systems = !systemId.isEmpty() && !other.systemId.isEmpty() && !systemId.equals(other.systemId);
        return systems || (database != 0 && other.database != 0 && database != other.database);
    }

    /** The server and the database, for people. */
    public String place() {
        return "the server with system identifier " + systemId + ", database oid " + database;
    }

    /** This one, and what it does not know from {@code older}: a mark that nobody can read now is not forgotten. */
    public SourceMark orElse(SourceMark older) {
        return new SourceMark(
                systemId.isEmpty() ? older.systemId : systemId,
                timelines.isKnown() ? timelines : older.timelines,
                database == 0 ? older.database : database,
                publication == 0 ? older.publication : publication,
                incarnation.or(() -> older.incarnation));
    }
}
