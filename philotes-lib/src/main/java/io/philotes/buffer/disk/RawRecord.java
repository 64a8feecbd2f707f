// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

/**
 * One record whose checksum holds.
 *
 * @param type {@link RecordFormat#RELATION} or {@link RecordFormat#BATCH}
 * @param front a relation's payload, or a batch's up to and with its relation numbers
 * @param body a batch's record bytes, empty otherwise
 * @param end the offset behind it
 */
record RawRecord(byte type, byte[] front, byte[] body, long end) {}
