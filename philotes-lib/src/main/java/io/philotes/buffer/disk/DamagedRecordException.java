// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import java.io.IOException;

/** The bytes at an offset of a file are not what was written there; whether that is a torn tail, its catcher knows. */
final class DamagedRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    DamagedRecordException(long offset, String why) {
        super(why);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}
