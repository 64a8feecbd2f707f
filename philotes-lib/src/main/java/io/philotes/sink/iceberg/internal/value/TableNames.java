// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of Iceberg tables. A source table's name stays as it is unless it cannot be one name in catalogs, engines and storage
 * locations alike; then it is escaped so that no two names can meet:
 *
 * <ul>
 *   <li>a dot, a slash or backslash, a control character, {@code ? # % : * " < > |}, and a blank at either end become
 *       {@code _u} + their code in four hexadecimal digits + {@code _}: catalogs and engines take dots for levels, storages
 *       take the others for directories, queries, escapes or patterns, or forbid them;
 *   <li>what is then longer than {@value #MAX_BYTES} bytes in UTF-8 keeps its beginning and ends in {@code _h} + the first 16
 *       hexadecimal digits of the source name's SHA-256 + {@code _};
 *   <li>the underscore of what looks like one of these becomes {@code _u005f_}, so that the rules are injective.
 * </ul>
 *
 * Names that differ in case only stay different here; most engines confuse them, so the sink refuses them.
 * Stateless.
 */
public final class TableNames {

    /** What the strictest of the catalogs in use takes. */
    public static final int MAX_BYTES = 128;

    private static final String FORBIDDEN = "./\\?#%:*\"<>|";

    private static final Pattern ESCAPE = Pattern.compile("_[uU]00[0-9a-fA-F]{2}");

    private static final Pattern SHORTENED = Pattern.compile("_[hH][0-9a-fA-F]{16}_\\z");

    private static final int HASH_BYTES = 8;

    private TableNames() {}

    /** The name of a source table's target. */
    public static String of(String source) {
        StringBuilder name = new StringBuilder(source.length());
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (mustGo(source, i)) {
                name.append(String.format(Locale.ROOT, "_u%04x_", (int) c));
            } else {
                name.append(c);
            }
        }
        return isShort(name) ? name.toString() : shortened(name, source);
    }

    /** Whether a name that somebody chose can be a target's. */
    public static boolean isLegal(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isForbidden(name, i)) {
                return false;
            }
        }
        return !name.isEmpty() && isShort(name);
    }

    private static boolean mustGo(String source, int at) {
        return isForbidden(source, at) || (source.charAt(at) == '_' && looksEscaped(source, at));
    }

    private static boolean isForbidden(String name, int at) {
        char c = name.charAt(at);
        boolean atEnd = at == 0 || at == name.length() - 1;
        return FORBIDDEN.indexOf(c) >= 0 || Character.isISOControl(c) || (c == ' ' && atEnd);
    }

    /** What follows the digits is an underscore, or will begin with one. */
    private static boolean looksEscaped(String source, int at) {
        if (SHORTENED.matcher(source).region(at, source.length()).lookingAt()) {
            return true;
        }
        int end = at + "_u0000".length();
        return end < source.length()
                && ESCAPE.matcher(source).region(at, end).matches()
                && (source.charAt(end) == '_' || mustGo(source, end));
    }

    private static boolean isShort(CharSequence name) {
        return bytes(name) <= MAX_BYTES;
    }

    private static int bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shortened(CharSequence name, String source) {
        String end = "_h" + hash(source) + "_";
        StringBuilder beginning = new StringBuilder();
        int room = MAX_BYTES - end.length();
        for (int codePoint : name.codePoints().toArray()) {
            room -= bytes(Character.toString(codePoint));
            if (room < 0) {
                break;
            }
            beginning.appendCodePoint(codePoint);
        }
        return beginning + end;
    }

    private static String hash(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
