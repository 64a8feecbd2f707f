// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Collection;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes files that no commit refers to. Never throws: what stays behind is an orphan, not an error. */
final class StorageCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(StorageCleanup.class);

    private StorageCleanup() {}

    static void delete(FileIO io, Collection<String> locations) {
        for (String location : locations) {
            Worker.step();
            try {
                io.deleteFile(location);
            } catch (RuntimeException e) {
                LOG.warn("Left {} behind: {}", location, e.toString());
            }
        }
    }
}
