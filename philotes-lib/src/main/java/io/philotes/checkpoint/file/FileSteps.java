// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import io.philotes.file.internal.Directories;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The single steps of {@link AtomicFile}: the seam through which tests script faults. Stateless. */
class FileSteps {

    void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Writes a file that is new or replaced as a whole, and forces it. */
    void write(Path file, byte[] content) throws IOException {
        // A stream and not a channel: an interrupt would close the channel between the write and the rename.
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(content);
            out.getFD().sync();
        }
    }

    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    void forceDirectory(Path directory) throws IOException {
        Directories.force(directory);
    }
}
