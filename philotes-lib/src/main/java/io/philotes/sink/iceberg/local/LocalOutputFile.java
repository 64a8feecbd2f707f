// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A file to write, once. */
record LocalOutputFile(String location, Path path) implements OutputFile {

    /** Begins a new file; throws {@link AlreadyExistsException} when there is one, also when another process was faster. */
    @Override
    public PositionOutputStream create() {
        try {
            LocalPaths.createDirectories(path.getParent());
            Files.createFile(path);
            return new LocalOutputStream(path);
        } catch (FileAlreadyExistsException e) {
            throw new AlreadyExistsException(e, "Cannot create %s: it exists", location);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + location, e);
        }
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
        try {
            LocalPaths.createDirectories(path.getParent());
            return new LocalOutputStream(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + location, e);
        }
    }

    @Override
    public InputFile toInputFile() {
        return new LocalInputFile(location, path);
    }

    @Override
    public String toString() {
        return location;
    }
}
