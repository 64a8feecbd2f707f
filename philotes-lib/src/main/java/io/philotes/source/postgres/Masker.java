// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Computes masked values from the bytes of a text in UTF-8. Confined to one thread: it keeps its digest. */
final class Masker {

    private static final int LEAST_SHOWN = 4;
    private static final byte[] HIDDEN = {'*', '*', '*'};

    private final MessageDigest sha256;

    Masker() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What stands for the text; null for SQL NULL. */
    byte[] masked(ColumnRule rule, byte[] text, int offset, int length) {
        return switch (rule) {
            case NULL -> null;
            case SHA256 -> hash(text, offset, length);
            case PARTIAL -> ends(text, offset, length);
            default -> throw new IllegalArgumentException("not a mask: " + rule);
        };
    }

    private byte[] hash(byte[] text, int offset, int length) {
        sha256.update(text, offset, length);
        return HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] ends(byte[] text, int offset, int length) {
        int characters = 0;
        int second = 0;
        int last = 0;
        for (int i = 0; i < length; i++) {
            if (beginsCharacter(text[offset + i])) {
                characters++;
                second = characters == 2 ? i : second;
                last = i;
            }
        }
        if (characters < LEAST_SHOWN) {
            return HIDDEN;
        }
        byte[] shown = Arrays.copyOf(
                Arrays.copyOfRange(text, offset, offset + second), second + HIDDEN.length + length - last);
        System.arraycopy(HIDDEN, 0, shown, second, HIDDEN.length);
        System.arraycopy(text, offset + last, shown, second + HIDDEN.length, length - last);
        return shown;
    }

    private static boolean beginsCharacter(byte b) {
        return (b & 0xC0) != 0x80;
    }
}
