// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.source.postgres.FoundTable;
import java.util.List;

/** Looks for tables at a source that need not be of any pipeline yet. Stateless. */
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
}
