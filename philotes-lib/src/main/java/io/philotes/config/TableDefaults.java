// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * What tables are created with. Immutable.
 *
 * @param formatVersion Iceberg's table format: 3 (deletion vectors), or 2 (position deletes) for older readers; default
 *     {@value #DEFAULT_FORMAT_VERSION}
 * @param targetFileSize a data file's size at which the next one begins, default {@link #DEFAULT_TARGET_FILE_SIZE}
 */
public record TableDefaults(Integer formatVersion, ByteSize targetFileSize) {

    public static final int DEFAULT_FORMAT_VERSION = 3;

    /** Large enough for readers, small enough to rewrite. */
    public static final ByteSize DEFAULT_TARGET_FILE_SIZE = new ByteSize(128L << 20);

    public TableDefaults {
        formatVersion = formatVersion == null ? DEFAULT_FORMAT_VERSION : formatVersion;
        if (formatVersion != 2 && formatVersion != 3) {
            throw new IllegalArgumentException("format-version must be 2 or 3, not " + formatVersion);
        }
        targetFileSize = targetFileSize == null ? DEFAULT_TARGET_FILE_SIZE : targetFileSize;
    }
}
