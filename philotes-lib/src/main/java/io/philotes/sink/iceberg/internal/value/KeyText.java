// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A row's key as text that names it: {@code [4711]}, {@code ["Ann",12.50]}, made of the key's <em>Iceberg values</em>, so it is
 * the same for a row from the wire in text or binary, in another process and in another version. Two keys never have the same
 * text. One that is long is cut, and a 128-bit hash of all of it stands behind the cut. Confined to one thread.
 *
 * <p>The text is stored with dead letters: its form must not change.
 */
public final class KeyText {

    private static final int MAX_CHARACTERS = 120;
    private static final long SEED_0 = 0x5068696c6f746573L;
    private static final long SEED_1 = 0x6465616420697320L;

    private final List<Integer> fieldIds;
    private final SipHash hash = new SipHash(SEED_0, SEED_1);

    /** @param fieldIds the key's top-level fields; their order matters */
    public KeyText(List<Integer> fieldIds) {
        this.fieldIds = List.copyOf(fieldIds);
    }

    /** @throws io.philotes.error.PhilotesException UNCHANGED_UNRESOLVED when a field is unchanged */
    public String of(RowView row) {
        StringJoiner text = new StringJoiner(",", "[", "]");
        for (int fieldId : fieldIds) {
            int at = row.layout().requirePosition(fieldId);
            text.add(text(row.layout().fields().get(at), row.get(at, Object.class)));
        }
        return bounded(text.toString());
    }

    private static String text(Types.NestedField field, Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        } else if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return '"' + HexFormat.of().formatHex(copy) + '"';
        } else if (field.type().typeId() == Type.TypeID.DATE) {
            return '"' + LocalDate.ofEpochDay((Integer) value).toString() + '"';
        } else if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        return quoted(value.toString());
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** A cut text does not end in the bracket, so it is no short one. */
    private String bounded(String text) {
        if (text.length() <= MAX_CHARACTERS) {
            return text;
        }
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        hash.hash(all, all.length);
        int cut = Character.isHighSurrogate(text.charAt(MAX_CHARACTERS - 1)) ? MAX_CHARACTERS - 1 : MAX_CHARACTERS;
        return text.substring(0, cut) + String.format("…#%016x%016x", hash.first(), hash.second());
    }
}
