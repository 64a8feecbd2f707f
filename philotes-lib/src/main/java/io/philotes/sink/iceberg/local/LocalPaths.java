// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import io.philotes.file.internal.Directories;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.iceberg.io.FileInfo;

/** Locations and paths, and directories that survive a power loss. Stateless. */
final class LocalPaths {

    private static final String SCHEME = "file:";

    private LocalPaths() {}

    /** The path of {@code /a/b}, {@code file:/a/b} or {@code file:///a/b}. */
    static Path path(String location) {
        String path = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : location;
        if (path.startsWith("//")) {
            path = path.substring(2);
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("Cannot use " + location + ": it is not an absolute local path");
        }
        return Path.of(path);
    }

    /** What there is to know of a file, with a location in the form of the prefix. */
    static FileInfo info(String prefix, Path file, BasicFileAttributes attributes) {
        String base = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        Path directory = path(base);
        String location = file.equals(directory) ? base : base + "/" + directory.relativize(file);
        return new FileInfo(
                location, attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    /** Creates a directory with its parents; each new entry is forced to disk. */
    static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        createDirectories(parent);
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        Directories.force(parent);
    }
}
