// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.health.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the event triggers of the database are this version's: what they write into the WAL is read as this version writes
 * it, and a mistake that was mended here goes on there until the script is run again. Stateless.
 */
final class TrackingChecks {

    private static final Pattern FUNCTION = Pattern.compile(
            "CREATE OR REPLACE FUNCTION philotes\\.(\\w+)\\(.*?\\$philotes\\$(.*?)\\$philotes\\$;", Pattern.DOTALL);

    private TrackingChecks() {}

    /** What is to be said of them; nothing when there are none. */
    static Optional<Finding> finding(Connection connection) throws SQLException {
        if (CatalogPictures.tracking(connection).isEmpty()) {
            return Optional.empty();
        }
        boolean same = installed(connection)
                .entrySet()
                .containsAll(bodies(CatalogPictures.trackingSql()).entrySet());
        return Optional.of(
                same
                        ? Finding.ok("schema-tracking", "the event triggers tell of every change of a definition")
                        : Finding.warn(
                                ErrorCode.UNSUPPORTED_SOURCE,
                                "schema-tracking",
                                "the event triggers in schema philotes are of another version of Philotes",
                                "run the output of philotes setup-sql --only schema-tracking again"));
    }

    private static Map<String, String> bodies(String script) {
        Map<String, String> bodies = new HashMap<>();
        Matcher function = FUNCTION.matcher(script);
        while (function.find()) {
            bodies.put(function.group(1), lines(function.group(2)));
        }
        return bodies;
    }

    private static Map<String, String> installed(Connection connection) throws SQLException {
        Map<String, String> bodies = new HashMap<>();
        Sql.query(
                connection,
                "SELECT p.proname::text, p.prosrc FROM pg_catalog.pg_proc p"
                        + " WHERE p.pronamespace = 'philotes'::pg_catalog.regnamespace",
                row -> bodies.put(row.getString(1), lines(row.getString(2))));
        return bodies;
    }

    /** A client may have sent the script's lines with other ends. */
    private static String lines(String body) {
        return body.replace("\r\n", "\n");
    }
}
