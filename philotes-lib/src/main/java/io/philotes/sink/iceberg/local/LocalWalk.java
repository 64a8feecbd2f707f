// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileInfo;

/** Collects the files below a directory in which others delete files at the same time. Used once. */
final class LocalWalk extends SimpleFileVisitor<Path> {

    private final String prefix;
    private final List<FileInfo> found = new ArrayList<>();

    LocalWalk(String prefix) {
        this.prefix = prefix;
    }

    List<FileInfo> found() {
        return found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            found.add(LocalPaths.info(prefix, file, attributes));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
