// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's documents. */
final class Documents {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Documents() {}

    /** Every Markdown file that is shipped. */
    static List<Path> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(Documents::isShipped)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isShipped(Path file) {
        for (Path part : ROOT.relativize(file)) {
            if (part.toString().equals("target") || (part.toString().startsWith(".") && !part.equals(Path.of(".")))) {
                return false;
            }
        }
        return true;
    }

    /** The examples in a language, of all documents. */
    static List<Example> examples(String... languages) {
        return all().stream()
                .flatMap(file -> Example.in(file).stream())
                .filter(example -> List.of(languages).contains(example.language()))
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
