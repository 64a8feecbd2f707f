// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** A file to read. */
record LocalInputFile(String location, Path path) implements InputFile {

    @Override
    public long getLength() {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            throw new NotFoundException(e, "Cannot read %s: it does not exist", location);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + location, e);
        }
    }

    @Override
    public SeekableInputStream newStream() {
        try {
            return new LocalInputStream(path.toFile());
        } catch (java.io.FileNotFoundException e) {
            if (Files.notExists(path)) {
                throw new NotFoundException(e, "Cannot read %s: it does not exist", location);
            }
            // It is there, and may not be read, or too many files are open: who took it for gone would forget what it
            // tells.
            throw new UncheckedIOException("Cannot read " + location, e);
        }
    }

    @Override
    public boolean exists() {
        return Files.exists(path);
    }

    @Override
    public String toString() {
        return location;
    }
}
