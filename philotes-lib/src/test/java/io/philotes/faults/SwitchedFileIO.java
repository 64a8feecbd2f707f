// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.sink.iceberg.local.LocalFileIO;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Local files that cannot be written or deleted while a switch is on: while a file of that name exists. Iceberg loads it. */
public final class SwitchedFileIO implements FileIO {

    /** The property that names the file. */
    static final String SWITCH = "faults.switch";

    private static final long serialVersionUID = 1L;

    private final LocalFileIO files = new LocalFileIO();

    @Override
    public void initialize(Map<String, String> properties) {
        files.initialize(properties);
    }

    @Override
    public Map<String, String> properties() {
        return files.properties();
    }

    @Override
    public InputFile newInputFile(String path) {
        return files.newInputFile(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
        OutputFile file = files.newOutputFile(path);
        return new OutputFile() {
            @Override
            public PositionOutputStream create() {
                requireWritable(path);
                return file.create();
            }

            @Override
            public PositionOutputStream createOrOverwrite() {
                requireWritable(path);
                return file.createOrOverwrite();
            }

            @Override
            public String location() {
                return file.location();
            }

            @Override
            public InputFile toInputFile() {
                return file.toInputFile();
            }
        };
    }

    @Override
    public void deleteFile(String path) {
        requireWritable(path);
        files.deleteFile(path);
    }

    private void requireWritable(String path) {
        if (Files.exists(Path.of(properties().get(SWITCH)))) {
            throw new RuntimeIOException(new IOException("Read-only file system"), "Cannot write %s", path);
        }
    }
}
