// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;

/** A value that cannot be converted, thrown by decoders; {@link RowView} names the column and hands it on. No stack trace. */
final class BadValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private BadValueException(ErrorCode code, String why) {
        super(why, null, false, false);
        this.code = code;
    }

    /** The bytes are not what the type's functions give. */
    static BadValueException malformed(String what) {
        return new BadValueException(ErrorCode.VALUE_MALFORMED, "it is not " + what);
    }

    /** Valid in PostgreSQL; {@code why} says what Iceberg cannot hold. */
    static BadValueException outOfRange(String why) {
        return new BadValueException(ErrorCode.VALUE_OUT_OF_RANGE, why);
    }

    ErrorCode code() {
        return code;
    }
}
