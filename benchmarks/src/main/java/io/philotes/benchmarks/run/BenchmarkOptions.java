// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.part.BufferKind;
import io.philotes.benchmarks.server.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was asked for. Immutable.
 *
 * @param rows how many changes or rows; empty for what the workload finds right
 * @param repeats how often each part is measured
 * @param buffer which one Philotes has
 * @param commitInterval how long changes may wait; empty for the default
 * @param recording where flight recordings of Philotes go; empty for none
 * @param server the source; empty for a PostgreSQL of our own
 * @param directory where everything goes that is removed in the end
 */
public record BenchmarkOptions(
        OptionalLong rows,
        int repeats,
        BufferKind buffer,
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

    /** Where the recording of a repetition goes: the first one's to the very file, later ones beside it. */
    Optional<Path> recordingOf(int repetition) {
        return recording.map(
                file -> repetition == 1 ? file : file.resolveSibling(repetition + "-" + file.getFileName()));
    }
}
