// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.io.Closeable;
import java.io.IOException;
import org.apache.iceberg.io.OutputFile;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.PositionOutputStream;

/** An Iceberg file as Parquet wants one; Parquet's writer leaves its stream open when it fails. Confined to one thread. */
final class IcebergOutput implements org.apache.parquet.io.OutputFile, Closeable {

    private final OutputFile file;
    private PositionOutputStream opened;

    IcebergOutput(OutputFile file) {
        this.file = file;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return positioned(file.create());
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return positioned(file.createOrOverwrite());
    }

    private PositionOutputStream positioned(org.apache.iceberg.io.PositionOutputStream stream) {
        opened = new DelegatingPositionOutputStream(stream) {
            @Override
            public long getPos() throws IOException {
                return stream.getPos();
            }
        };
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }
}
