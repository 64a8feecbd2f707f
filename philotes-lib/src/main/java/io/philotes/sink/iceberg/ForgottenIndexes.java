// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the files of indexes that nobody saved or read for long: of tables that were dropped or made anew. Should the table be
 * there after all, its next start reads it. Stateless.
 */
final class ForgottenIndexes {

    private static final Logger LOG = LoggerFactory.getLogger(ForgottenIndexes.class);

    private static final Duration UNUSED = Duration.ofDays(30);

    /** A UUID: nothing that a person calls by such an ending. */
    private static final String NAMES = "????????-????-????-????-????????????.index";

    private ForgottenIndexes() {}

    /** Beside one that was just saved, by whose time theirs is judged. Does not throw. */
    static void removeBeside(Path saved) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(saved.getParent(), NAMES)) {
            FileTime oldest =
                    FileTime.from(Files.getLastModifiedTime(saved).toInstant().minus(UNUSED));
            for (Path one : all) {
                if (Files.getLastModifiedTime(one).compareTo(oldest) < 0 && isIndex(one)) {
                    Files.delete(one);
                    LOG.info("Removed a row index that nobody used for {} days: {}", UNUSED.toDays(), one);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("Cannot look for old row indexes beside {}: {}", saved, e.toString());
        }
    }

    private static boolean isIndex(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            return in.available() >= Long.BYTES && in.readLong() == IndexCheckpoint.MAGIC;
        }
    }
}
