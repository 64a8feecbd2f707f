// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Brings a directory back to what it was, as often as one likes. Stateless. */
public final class DirectoryCopy {

    /** Nobody writes into these once they are there, so a second name is as good as a copy. */
    private static final List<String> IMMUTABLE = List.of(".parquet", ".puffin", ".avro");

    private DirectoryCopy() {}

    /** Makes {@code to} what {@code from} is; what was there is gone. */
    public static void replace(Path from, Path to) {
        remove(to);
        visit(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes ignored) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes ignored) throws IOException {
                Path copy = to.resolve(from.relativize(file));
                if (IMMUTABLE.stream().anyMatch(file.toString()::endsWith)) {
                    Files.createLink(copy, file);
                } else {
                    Files.copy(file, copy);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Removes a directory and what is in it; nothing when it is not there. */
    public static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        visit(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes ignored) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void visit(Path directory, SimpleFileVisitor<Path> visitor) {
        try {
            Files.walkFileTree(directory, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy or remove " + directory, e);
        }
    }
}
