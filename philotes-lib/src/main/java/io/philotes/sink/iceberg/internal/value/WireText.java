// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BinaryForms;
import io.philotes.model.PgType;
import io.philotes.model.TupleView;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.iceberg.types.Types;

/** Any value of the wire as the text that PostgreSQL prints, for people who look at one. Stateless. */
public final class WireText {

    private WireText() {}

    /**
     * The text; empty when the bytes are not what the type sends, or no UTF-8.
     *
     * @param kind {@link TupleView#TEXT} or {@link TupleView#BINARY}
     */
    public static Optional<String> of(PgType type, byte kind, byte[] source, int offset, int length) {
        Slots slots = new Slots(1);
        slots.add();
        try {
            ValueDecoder decoder = Decoders.of(type, Types.StringType.get());
            if (kind == TupleView.BINARY && BinaryForms.known(type)) {
                decoder.binary(source, offset, length, slots, 0);
            } else {
                slots.setBytes(0, source, offset, length);
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(slots.array(0), slots.offset(0), slots.length(0)))
                    .toString());
        } catch (BadValueException | CharacterCodingException notPrintable) {
            return Optional.empty();
        }
    }
}
