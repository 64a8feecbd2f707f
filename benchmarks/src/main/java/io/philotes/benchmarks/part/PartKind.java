// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

/** What a process does. */
public enum PartKind {
    /** Reads the stream with the driver and forgets it: the limit. */
    LIMIT,
    /** Starts Philotes and lets it go on until all is committed. */
    PHILOTES,
    /** Lets Debezium's engine drain the stream to nothing. */
    DEBEZIUM,
    /** Lets Debezium's engine read the tables to nothing. */
    DEBEZIUM_COPY,
    /** Writes the rows of a table copy from memory into Parquet files: the limit of a copy. */
    PARQUET
}
