// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import java.util.Objects;

/**
 * Who a server is ({@code IDENTIFY_SYSTEM}) and how far its WAL goes. Immutable.
 *
 * @param systemId the cluster's system identifier; survives restarts, not a dump and restore
 * @param timeline the current timeline
 * @param database the database's name
 * @param version the server's version, such as {@code 17.11}
 * @param walEnd the WAL's flushed end at that moment
 * @param mark by what it is known again
 */
public record SourceIdentity(
        String systemId, int timeline, String database, String version, Lsn walEnd, SourceMark mark) {

    public SourceIdentity {
        Objects.requireNonNull(mark, "mark");
    }

    /** Known again by its system identifier alone. */
    public SourceIdentity(String systemId, int timeline, String database, String version, Lsn walEnd) {
        this(systemId, timeline, database, version, walEnd, SourceMark.ofSystem(systemId));
    }
}
