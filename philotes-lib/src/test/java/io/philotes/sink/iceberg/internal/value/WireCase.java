// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import java.util.Optional;

/**
 * One value of one PostgreSQL type and what must come of it.
 *
 * @param type the SQL type
 * @param value an SQL expression of it
 * @param expected the Iceberg value in internal representation; null for NULL
 * @param refused the error instead
 */
record WireCase(String type, String value, Object expected, Optional<ErrorCode> refused) {

    static WireCase of(String type, String value, Object expected) {
        return new WireCase(type, value, expected, Optional.empty());
    }

    static WireCase outOfRange(String type, String value) {
        return new WireCase(type, value, null, Optional.of(ErrorCode.VALUE_OUT_OF_RANGE));
    }

    @Override
    public String toString() {
        return type + " " + (value.length() > 60 ? value.substring(0, 60) + "…" : value);
    }
}
