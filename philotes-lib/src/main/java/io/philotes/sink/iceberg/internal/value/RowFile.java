// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.sink.iceberg.internal.parquet.ColumnFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.encryption.EncryptionKeyMetadata;
import org.apache.iceberg.io.DataWriter;

/** A data file of ours while it is being written. Confined to one thread. */
final class RowFile extends DataWriter<RowView> {

    private final ColumnFile<RowView> file;

    RowFile(
            ColumnFile<RowView> file,
            String location,
            PartitionSpec spec,
            StructLike partition,
            EncryptionKeyMetadata keyMetadata) {
        super(file, FileFormat.PARQUET, location, spec, partition, keyMetadata);
        this.file = file;
    }

    long heapBytes() {
        return file.heapBytes();
    }
}
