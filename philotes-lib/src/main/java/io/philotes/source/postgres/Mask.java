// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

/**
 * What stands in the place of a masked value. It is computed from the value's exact text, the same in a table copy and in
 * the stream; a masked column has type {@code text}. A value that is NULL stays NULL. Immutable.
 */
public enum Mask {
    /**
     * The SHA-256 of the text in UTF-8, as 64 lower-case hexadecimal digits: equal values stay equal, so it is allowed for
     * the columns of a key. It has no salt: whoever can guess a value can test the guess.
     */
    SHA256,
    /** NULL, whatever the value was. */
    NULL,
    /**
     * The first and the last character with {@code ***} between them, of a text of four characters (code points) or more;
     * {@code ***} alone for a shorter one. It does not tell how long the text was.
     */
    PARTIAL
}
