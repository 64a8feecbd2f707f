// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.IOException;

/** A file of a format that only a later version knows. */
final class TooNewException extends IOException {

    private static final long serialVersionUID = 1L;

    TooNewException(int format) {
        super("it has format " + format + ", and this version knows " + FileHeader.FORMAT);
    }
}
