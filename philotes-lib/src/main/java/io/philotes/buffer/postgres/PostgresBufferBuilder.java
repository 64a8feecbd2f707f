// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.internal.RecentBatches;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** Builds a {@link PostgresBuffer}. Confined to one thread; {@link #build()} checks everything and lists every fault. */
public final class PostgresBufferBuilder {

    private static final long SMALLEST_SEGMENT = 4 * 1024;
    private static final int SEGMENTS_PER_LIMIT = 4;

    private final DataSource source;
    private String schema = PostgresBuffer.DEFAULT_SCHEMA;
    private Initialize initialize = Initialize.ALWAYS;
    private long limitBytes = PostgresBuffer.DEFAULT_LIMIT_BYTES;
    private long segmentBytes = PostgresBuffer.DEFAULT_SEGMENT_BYTES;
    private int chunkBytes = PostgresBuffer.DEFAULT_CHUNK_BYTES;
    private boolean compresses = true;
    private long recentBytes = RecentBatches.defaultBytes();

    PostgresBufferBuilder(DataSource source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    /** The schema that holds the tables; default {@value PostgresBuffer#DEFAULT_SCHEMA}. */
    public PostgresBufferBuilder schema(String name) {
        schema = Objects.requireNonNull(name, "name");
        return this;
    }

    /** Whether missing tables are created, which is the default, or asked for. */
    public PostgresBufferBuilder initialize(Initialize when) {
        initialize = Objects.requireNonNull(when, "when");
        return this;
    }

    /** At how many bytes capture waits; at least four segments. One transaction may go beyond it. */
    public PostgresBufferBuilder limitBytes(long bytes) {
        limitBytes = bytes;
        return this;
    }

    /** At how many bytes a table is followed by the next; room is freed by whole tables. At least 4 KiB. */
    public PostgresBufferBuilder segmentBytes(long bytes) {
        segmentBytes = bytes;
        return this;
    }

    /** How much of what was appended stays in memory; 0 where a test is about what is in the tables. */
    PostgresBufferBuilder recentBytes(long bytes) {
        recentBytes = bytes;
        return this;
    }

    /** Leaves batches as they are, where a test knows sizes. */
    PostgresBufferBuilder plain() {
        compresses = false;
        return this;
    }

    /** How much of an encoded batch goes into one row. */
    PostgresBufferBuilder chunkBytes(int bytes) {
        chunkBytes = bytes;
        return this;
    }

    /**
     * The buffer, not open yet.
     *
     * @throws PhilotesException INVALID_CONFIGURATION, with every size that is none and a schema's name that is none
     */
    public PostgresBuffer build() {
        List<String> faults = new ArrayList<>();
        if (schema.isBlank()) {
            faults.add("schema must have a name");
        }
        if (segmentBytes < SMALLEST_SEGMENT) {
            faults.add("segmentBytes must be at least " + SMALLEST_SEGMENT + ": " + segmentBytes);
        }
        if (limitBytes / SEGMENTS_PER_LIMIT < segmentBytes) {
            faults.add("limitBytes must be at least " + SEGMENTS_PER_LIMIT + " segments of " + segmentBytes + ": "
                    + limitBytes);
        }
        if (chunkBytes < 1) {
            faults.add("chunkBytes must be positive: " + chunkBytes);
        }
        if (!faults.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot build a buffer in PostgreSQL: " + String.join("; ", faults));
        }
        return new PostgresBuffer(
                StateDatabase.of(source, schema),
                initialize,
                new BufferLimits(limitBytes, segmentBytes, chunkBytes),
                compresses ? BatchBytes.compressed() : BatchBytes.plain(),
                new RecentBatches(recentBytes));
    }
}
