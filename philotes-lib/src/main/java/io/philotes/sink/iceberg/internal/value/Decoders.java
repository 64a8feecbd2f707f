// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.PgType;
import org.apache.iceberg.types.Type;

/** Finds the decoder of a PostgreSQL type for an Iceberg type that {@link TypeMapping#canHold} allows. */
final class Decoders {

    private Decoders() {}

    static ValueDecoder of(PgType type, Type target) {
        throw new UnsupportedOperationException(type + " " + target);
    }
}
