// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.io.IOException;
import org.apache.iceberg.io.OutputFile;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.PositionOutputStream;

/** An Iceberg file as Parquet wants one. Immutable. */
record IcebergOutput(OutputFile file) implements org.apache.parquet.io.OutputFile {

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return positioned(file.create());
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return positioned(file.createOrOverwrite());
    }

    private static PositionOutputStream positioned(org.apache.iceberg.io.PositionOutputStream stream) {
        return new DelegatingPositionOutputStream(stream) {
            @Override
            public long getPos() throws IOException {
                return stream.getPos();
            }
        };
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
