// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.health.CheckReport;
import io.philotes.source.postgres.FoundTable;
import java.util.List;

/** Looks at a source that need not be of any pipeline yet. Stateless. */
public final class Discovery {

    /** All tables. */
    public static final String ALL = "*.*";

    private Discovery() {}

    /**
     * The tables that match, by name; those of Philotes itself are left out. Opens a connection, and changes nothing.
     *
     * @param pattern {@code schema.table}, with {@code *} for any characters
     * @throws io.philotes.error.PhilotesException when the server cannot be asked
     * @throws IllegalArgumentException when the pattern is none
     */
    public static List<FoundTable> tables(SourceConfig source, String pattern) {
        return SourceFactory.visitor(source, pattern).discover();
    }

    /**
     * What server, role, slot and publication are found to be, whatever its tables are. Opens connections, and changes nothing;
     * a server that cannot be asked is a finding.
     *
     * @param pipeline whose names slot and publication have where the source gives none
     * @throws io.philotes.error.PhilotesException INVALID_CONFIGURATION when the source refuses its options
     */
    public static CheckReport check(SourceConfig source, String pipeline) {
        return new CheckReport(SourceFactory.server(source, ALL).checkServer(pipeline));
    }
}
