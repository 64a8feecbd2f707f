// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.IOException;

/** What was durable once does not read back. */
final class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    DamagedFileException(long offset, String why) {
        super(why);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}
