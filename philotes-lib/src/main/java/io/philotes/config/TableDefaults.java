// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.IcebergSinkBuilder;

/**
 * What tables are created with. Immutable.
 *
 * @param formatVersion Iceberg's table format: 3 (deletion vectors), or 2 (position deletes) for older readers; default
 *     {@link IcebergSinkBuilder#DEFAULT_FORMAT_VERSION}
 * @param targetFileSize a data file's size at which the next one begins, default {@link IcebergSinkBuilder#DEFAULT_TARGET_FILE_SIZE_BYTES}
 */
public record TableDefaults(Integer formatVersion, ByteSize targetFileSize) {

    public TableDefaults {
        formatVersion = formatVersion == null ? IcebergSinkBuilder.DEFAULT_FORMAT_VERSION : formatVersion;
        if (formatVersion != 2 && formatVersion != 3) {
            throw new IllegalArgumentException("format-version must be 2 or 3, not " + formatVersion);
        }
        targetFileSize = targetFileSize == null
                ? new ByteSize(IcebergSinkBuilder.DEFAULT_TARGET_FILE_SIZE_BYTES)
                : targetFileSize;
    }
}
