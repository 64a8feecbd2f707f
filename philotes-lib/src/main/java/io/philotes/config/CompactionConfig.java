// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.CompactionOptions;

/**
 * How targets' small files and deleted rows go; the defaults are those of {@link CompactionOptions#DEFAULT}. Immutable.
 *
 * @param enabled whether they go at all, true by default
 * @param minFiles so many small files of one partition become one
 * @param deletedFraction a file is written again when more than this part of its rows is deleted
 * @param cpuShare which part of one core it may take
 */
public record CompactionConfig(Boolean enabled, Integer minFiles, Double deletedFraction, Double cpuShare) {

    public CompactionConfig {
        enabled = enabled == null || enabled;
        minFiles = minFiles == null ? CompactionOptions.DEFAULT.minFiles() : minFiles;
        deletedFraction = deletedFraction == null ? CompactionOptions.DEFAULT.deletedFraction() : deletedFraction;
        cpuShare = cpuShare == null ? CompactionOptions.DEFAULT.cpuShare() : cpuShare;
        if (minFiles < 2) {
            throw new IllegalArgumentException("min-files must be at least 2");
        }
        requirePart("deleted-fraction", deletedFraction);
        requirePart("cpu-share", cpuShare);
    }

    private static void requirePart(String key, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(key + " must be above 0 and at most 1");
        }
    }

    CompactionOptions options() {
        return CompactionOptions.DEFAULT
                .withEnabled(enabled)
                .withMinFiles(minFiles)
                .withDeletedFraction(deletedFraction)
                .withCpuShare(cpuShare);
    }
}
