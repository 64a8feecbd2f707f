// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.part.BufferKind;
import io.philotes.benchmarks.server.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was asked for. Immutable.
 *
 * @param rows how many changes or rows; empty for what the workload finds right
 * @param repeats how often each part is measured
 * @param buffer which one Philotes has
 * @param usesSocket whether Philotes reads through the Unix socket; the limit and Debezium never do
 * @param streams whether Philotes takes large transactions while they are open; the limit and Debezium never do
 * @param debeziumRepeats in how many of them Debezium is measured too
 * @param commitInterval how long changes may wait; empty for the default
 * @param recording where flight recordings of Philotes go; empty for none
 * @param server the source; empty for a PostgreSQL of our own
 * @param directory where everything goes that is removed in the end
 */
public record BenchmarkOptions(
        OptionalLong rows,
        int repeats,
        BufferKind buffer,
        boolean usesSocket,
        boolean streams,
        int debeziumRepeats,
        Optional<Duration> commitInterval,
        Optional<Path> recording,
        Optional<Source> server,
        Path directory) {

    public BenchmarkOptions {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(buffer, "buffer");
        Objects.requireNonNull(commitInterval, "commitInterval");
        Objects.requireNonNull(recording, "recording");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(directory, "directory");
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats must be at least 1: " + repeats);
        }
    }

    long rowsOr(long otherwise) {
        return rows.orElse(otherwise);
    }

    /** What is not the default, in words; empty for nothing. */
    String variant() {
        List<String> words = new ArrayList<>();
        if (buffer != BufferKind.MEMORY) {
            words.add(buffer.name().toLowerCase(Locale.ROOT) + " buffer");
        }
        if (usesSocket) {
            words.add("Unix socket");
        }
        if (streams) {
            words.add("streaming");
        }
        return String.join(", ", words);
    }

    /** The same through the Unix socket. */
    public BenchmarkOptions withSocket() {
        return new BenchmarkOptions(
                rows, repeats, buffer, true, streams, debeziumRepeats, commitInterval, recording, server, directory);
    }

    /** The same with another commit interval. */
    public BenchmarkOptions withCommitInterval(Duration interval) {
        return new BenchmarkOptions(
                rows,
                repeats,
                buffer,
                usesSocket,
                streams,
                debeziumRepeats,
                Optional.of(interval),
                recording,
                server,
                directory);
    }

    /** The same with another buffer. */
    public BenchmarkOptions withBuffer(BufferKind kind) {
        return new BenchmarkOptions(
                rows,
                repeats,
                kind,
                usesSocket,
                streams,
                debeziumRepeats,
                commitInterval,
                recording,
                server,
                directory);
    }

    /** The same without Debezium. */
    public BenchmarkOptions withoutDebezium() {
        return new BenchmarkOptions(
                rows, repeats, buffer, usesSocket, streams, 0, commitInterval, recording, server, directory);
    }

    /** The same with so many rows, unless a number was asked for, and Debezium once at most. */
    public BenchmarkOptions quick(long quickRows) {
        return new BenchmarkOptions(
                OptionalLong.of(rowsOr(quickRows)),
                repeats,
                buffer,
                usesSocket,
                streams,
                Math.min(1, debeziumRepeats),
                commitInterval,
                recording,
                server,
                directory);
    }

    boolean withDebezium(int repetition) {
        return repetition <= debeziumRepeats;
    }

    /** Where the recording of a repetition goes: the first one's to the very file, later ones beside it. */
    Optional<Path> recordingOf(int repetition) {
        return recording.map(
                file -> repetition == 1 ? file : file.resolveSibling(repetition + "-" + file.getFileName()));
    }
}
