// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Map;

/**
 * Releases of PostgreSQL whose walsender may go on without a table that was added to its publication while a transaction wrote
 * to it (repaired in May 2025, "distribute invalidation messages to in-progress transactions"). Stateless.
 */
final class PublicationLoss {

    static final String WHAT =
            "this release of PostgreSQL may lose changes of a table that is added to a publication while"
                    + " it is written to";

    static final String FIX =
            "upgrade to the newest minor release (at least 14.18, 15.13, 16.9 or 17.5); until then add tables"
                    + " while nobody writes to them, or stop the pipeline and start it again afterwards";

    private static final Map<Integer, Integer> REPAIRED_IN = Map.of(14, 18, 15, 13, 16, 9, 17, 5);

    private PublicationLoss() {}

    /** Whether a version such as {@code 17.4} is one of them. */
    static boolean isIn(String version) {
        String[] parts = version.split("[^0-9]+");
        int major = Integer.parseInt(parts[0]);
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        return minor < REPAIRED_IN.getOrDefault(major, 0);
    }
}
