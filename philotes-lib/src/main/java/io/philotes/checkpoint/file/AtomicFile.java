// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Replaces and removes whole files so that a crash leaves the old state or the new one: written beside, forced, renamed, and
 * the directory forced. When any step fails the old file is there, or the new one; what was written beside is removed, because
 * after a failed force its pages are worth nothing and on a full disk its room is wanted.
 */
final class AtomicFile {

    private final FileSteps steps;

    AtomicFile(FileSteps steps) {
        this.steps = steps;
    }

    void replace(Path file, byte[] content) throws IOException {
        create(file.toAbsolutePath().getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            steps.write(beside, content);
            steps.move(beside, file);
        } catch (IOException e) {
            removeQuietly(beside, e);
            throw e;
        }
        steps.forceDirectory(file.toAbsolutePath().getParent());
    }

    /** A directory that is not there after a power cut takes everything with it, so each new name is forced too. */
    private void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        create(directory.getParent());
        steps.createDirectory(directory);
        steps.forceDirectory(directory.getParent());
    }

    private void removeQuietly(Path beside, IOException failure) {
        try {
            steps.delete(beside);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    void remove(Path file) throws IOException {
        if (steps.delete(file)) {
            steps.forceDirectory(file.toAbsolutePath().getParent());
        }
    }
}
