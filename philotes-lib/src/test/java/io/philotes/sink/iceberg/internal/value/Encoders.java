// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/** The encoders that a table's writers make. */
final class Encoders {

    private Encoders() {}

    static KeyEncoder ofKey(RowLayout layout) {
        return KeyEncoder.of(layout.schema(), layout.keyFieldIds());
    }

    static KeyEncoder ofRow(RowLayout layout) {
        return KeyEncoder.ofRows(layout.schema(), layout.sourceFieldIds());
    }
}
