// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the row indexes of a pipeline's tables are kept. Immutable.
 *
 * @param memory what all indexes of one sink may take in memory, off the heap; default half of the JVM's maximum heap, as
 *     much again
 * @param directory where what does not fit goes, and the copies for the next start, on a local disk; default
 *     {@code index/<pipeline>} in the state directory; when the state is in a database, temporary files only
 */
public record IndexConfig(Optional<ByteSize> memory, Optional<Path> directory) {

    public IndexConfig {
        memory = memory == null ? Optional.empty() : memory;
        directory = directory == null ? Optional.empty() : directory;
    }
}
