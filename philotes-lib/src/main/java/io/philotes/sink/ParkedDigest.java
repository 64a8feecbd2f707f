// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.SequenceNumber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedSet;

/**
 * Which rows are set aside, in few characters: how many, and a sum over their places and keys in which the order does not
 * matter. Two sets with the same digest are the same. Immutable.
 *
 * @param count how many rows
 * @param high the sum's one half
 * @param low the other
 */
public record ParkedDigest(long count, long high, long low) {

    /** Nothing is set aside. */
    public static final ParkedDigest NONE = new ParkedDigest(0, 0, 0);

    /** The digest of rows that come before a place; each place with its row's keys. */
    public static ParkedDigest of(Map<SequenceNumber, SortedSet<String>> rows, SequenceNumber end) {
        ParkedDigest sum = NONE;
        for (Map.Entry<SequenceNumber, SortedSet<String>> row : rows.entrySet()) {
            if (row.getKey().compareTo(end) < 0) {
                sum = sum.plus(row.getKey(), row.getValue());
            }
        }
        return sum;
    }

    private ParkedDigest plus(SequenceNumber at, SortedSet<String> keys) {
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(16)
                .putLong(at.commitLsn().value())
                .putLong(at.ordinal())
                .array());
        for (String key : keys) {
            byte[] text = key.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(4).putInt(text.length).array());
            sha.update(text);
        }
        ByteBuffer hash = ByteBuffer.wrap(sha.digest());
        return new ParkedDigest(count + 1, high + hash.getLong(), low + hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static ParkedDigest parse(String text) {
        String[] parts = text.split(":");
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a digest of rows set aside: " + text);
        }
        return new ParkedDigest(
                Long.parseLong(parts[0]), Long.parseUnsignedLong(parts[1], 16), Long.parseUnsignedLong(parts[2], 16));
    }

    @Override
    public String toString() {
        return count + ":" + Long.toHexString(high) + ":" + Long.toHexString(low);
    }
}
