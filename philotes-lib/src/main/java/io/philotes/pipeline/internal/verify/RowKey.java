// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.sink.DigestedRow;

/** A row's key, hashed. Immutable. */
record RowKey(long hi, long lo) {

    static RowKey of(DigestedRow row) {
        return new RowKey(row.keyHi(), row.keyLo());
    }
}
