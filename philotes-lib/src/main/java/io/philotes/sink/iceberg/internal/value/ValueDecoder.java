// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

/**
 * Converts one wire value into a slot. Stateless, so that a layout can be shared between threads. What it writes may refer
 * to the source array.
 */
interface ValueDecoder {

    /**
     * Reads the output function's text.
     *
     * @throws BadValueException when it is malformed or out of Iceberg's range
     */
    void text(byte[] source, int offset, int length, Slots out, int at);

    /**
     * Reads the send function's bytes.
     *
     * @throws BadValueException when they are malformed or out of Iceberg's range
     */
    void binary(byte[] source, int offset, int length, Slots out, int at);
}
