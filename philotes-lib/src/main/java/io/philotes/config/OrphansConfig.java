// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.sink.iceberg.IcebergSinkBuilder;
import java.time.Duration;

/**
 * What is done about files in targets' directories that nothing in the table knows. Immutable.
 *
 * @param remove whether they go, true by default
 * @param olderThan the age at which they go, default {@link IcebergSinkBuilder#DEFAULT_ORPHAN_AGE}
 */
public record OrphansConfig(Boolean remove, Duration olderThan) {

    public OrphansConfig {
        remove = remove == null || remove;
        olderThan = Positive.orDefault("older-than", olderThan, IcebergSinkBuilder.DEFAULT_ORPHAN_AGE);
        if (olderThan.compareTo(IcebergSinkBuilder.MIN_ORPHAN_AGE) < 0) {
            throw new IllegalArgumentException(
                    "older-than must be at least " + IcebergSinkBuilder.MIN_ORPHAN_AGE.toDays() + "d");
        }
    }
}
