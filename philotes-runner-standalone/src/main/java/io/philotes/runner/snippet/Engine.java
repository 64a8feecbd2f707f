// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Engines that read Iceberg tables, and how each opens one. See docs/guides/reading-the-lake.md. */
public enum Engine {
    DUCKDB(lake -> Optional.of(DuckDbSnippet.of(lake)), ""),
    TRINO(lake -> Optional.of(TrinoSnippet.of(lake)), ""),
    SPARK(lake -> Optional.of(SparkSnippet.of(lake)), ""),
    PYICEBERG(lake -> Optional.of(PyIcebergSnippet.of(lake)), ""),
    RISINGWAVE(
            lake -> lake.isLocal() ? Optional.empty() : Optional.of(RisingWaveSnippet.of(lake)),
            "-- RisingWave is a server, and does not read a local lake: take a catalog of type rest or jdbc.");

    private final Function<SnippetLake, Optional<String>> writer;
    private final String obstacle;

    Engine(Function<SnippetLake, Optional<String>> writer, String obstacle) {
        this.writer = writer;
        this.obstacle = obstacle;
    }

    /** Text to paste; empty where the engine cannot read such a lake, or nobody tried. */
    public Optional<String> snippet(SnippetLake lake) {
        return lake.isDescribed() ? writer.apply(lake) : Optional.empty();
    }

    /** Why there is none. */
    public String obstacle(SnippetLake lake) {
        return lake.isDescribed()
                ? obstacle
                : "-- There is no snippet for a catalog of type "
                        + lake.type().name().toLowerCase(Locale.ROOT)
                        + ": the engine's own documentation tells how to open one.";
    }

    /** An identifier of SQL, in double quotes where it must be. */
    static String name(String identifier) {
        return identifier.matches("[a-z_][a-z0-9_]*") ? identifier : "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    /** A text of SQL. */
    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A word of a shell. */
    static String word(String value) {
        return value.matches("[A-Za-z0-9_./:=@%+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
