// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Iceberg files on a local disk. Locations are absolute paths or {@code file:} locations (the path as it is, never
 * percent-encoded). A file and its directory entry are forced to disk when it is closed, because Iceberg forces nothing and a
 * committed file must survive a power loss. An existing file is never overwritten by {@code create()}.
 *
 * <p>Safe for any number of threads. Iceberg can load it by its name ({@code io-impl}).
 */
public final class LocalFileIO implements SupportsBulkOperations, SupportsPrefixOperations {

    private static final long serialVersionUID = 1L;

    private HashMap<String, String> properties = new HashMap<>();

    /** For Iceberg, which calls {@link #initialize} next. */
    public LocalFileIO() {}

    @Override
    public void initialize(Map<String, String> given) {
        properties = new HashMap<>(given);
    }

    @Override
    public Map<String, String> properties() {
        return Map.copyOf(properties);
    }

    @Override
    public InputFile newInputFile(String location) {
        return new LocalInputFile(location, LocalPaths.path(location));
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new LocalOutputFile(location, LocalPaths.path(location));
    }

    /** Deletes a file; one that is not there is deleted already. */
    @Override
    public void deleteFile(String location) {
        try {
            Files.deleteIfExists(LocalPaths.path(location));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + location, e);
        }
    }

    @Override
    public void deleteFiles(Iterable<String> locations) {
        int failed = 0;
        UncheckedIOException first = null;
        for (String location : locations) {
            try {
                deleteFile(location);
            } catch (UncheckedIOException e) {
                failed++;
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            BulkDeletionFailureException failure = new BulkDeletionFailureException(failed);
            failure.initCause(first);
            throw failure;
        }
    }

    /**
     * Files below a directory, as locations in the form of the prefix; none when it is not there. A file that comes or goes
     * meanwhile may be among them.
     */
    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
        Path directory = LocalPaths.path(prefix);
        if (!Files.exists(directory)) {
            return java.util.List.of();
        }
        try {
            LocalWalk walk = new LocalWalk(prefix);
            Files.walkFileTree(directory, walk);
            return walk.found();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + prefix, e);
        }
    }

    /** Deletes a directory with all that is in it. */
    @Override
    public void deletePrefix(String prefix) {
        Path directory = LocalPaths.path(prefix);
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + prefix, e);
        }
    }
}
