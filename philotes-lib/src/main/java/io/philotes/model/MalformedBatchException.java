// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

/** Bytes that should be a tuple, a message or a batch are not. Never retried: to go on would be to guess. Immutable. */
public final class MalformedBatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message says what should have been where, and holds no value. */
    public MalformedBatchException(String message) {
        super(message);
    }
}
