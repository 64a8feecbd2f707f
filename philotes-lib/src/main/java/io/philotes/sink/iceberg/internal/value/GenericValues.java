// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import org.apache.iceberg.types.Type;

/** Slots from and to Iceberg's Java values. Stateless. */
final class GenericValues {

    private GenericValues() {}

    /** Puts a generic or internal value of the type into a slot. */
    static void put(Type type, Object value, Slots out, int at) {
        throw new UnsupportedOperationException();
    }

    /** The internal representation of a slot; null for NULL. */
    static Object internal(Type type, Slots slots, int at) {
        throw new UnsupportedOperationException();
    }
}
