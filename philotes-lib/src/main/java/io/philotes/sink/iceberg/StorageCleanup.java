// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes files that no commit refers to. Never throws: what stays behind is an orphan, not an error. */
final class StorageCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(StorageCleanup.class);

    /** What object stores take in one request. */
    private static final int AT_ONCE = 1_000;

    private StorageCleanup() {}

    static void delete(FileIO io, Collection<String> locations) {
        if (io instanceof SupportsBulkOperations bulk) {
            List<String> all = List.copyOf(locations);
            for (int from = 0; from < all.size(); from += AT_ONCE) {
                delete(bulk, all.subList(from, Math.min(from + AT_ONCE, all.size())));
            }
            return;
        }
        for (String location : locations) {
            Worker.step();
            try {
                io.deleteFile(location);
            } catch (RuntimeException e) {
                LOG.warn("Left {} behind: {}", location, e.toString());
            }
        }
    }

    private static void delete(SupportsBulkOperations io, List<String> locations) {
        Worker.step();
        try {
            io.deleteFiles(locations);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Left some of {} files behind, among them {}: {}",
                    locations.size(),
                    locations.get(0),
                    e.toString());
        }
    }
}
