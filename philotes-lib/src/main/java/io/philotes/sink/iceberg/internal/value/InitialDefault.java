// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.Column;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;

/** A column's missing value as Iceberg's {@code initial-default}. Stateless. */
public final class InitialDefault {

    /** The metadata file of every commit repeats it for every schema. */
    private static final int MAX_JSON_CHARACTERS = 4_096;

    /** What not every reader's date parser takes: years before 1 and beyond 9999. */
    private static final Pattern FAR_YEAR = Pattern.compile("\"[+-].*");

    private InitialDefault() {}

    /** Empty when there is none, or when it cannot stand in a table's metadata exactly. */
    public static Optional<Literal<?>> of(TypePolicy policy, Column column) {
        Type type = policy.mapping(column).type();
        return column.missingValue()
                .filter(text -> type.isPrimitiveType())
                .flatMap(text -> value(type, column, text))
                .filter(value -> survives(type, value))
                .map(value -> Expressions.lit(value).to(type));
    }

    private static Optional<Object> value(Type type, Column column, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Slots slots = new Slots(1);
        try {
            Decoders.of(column.type(), type).text(bytes, 0, bytes.length, slots, 0);
        } catch (BadValueException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(GenericValues.internal(type, slots, 0));
    }

    /** Whether the metadata gives back what goes in. */
    private static boolean survives(Type type, Object value) {
        if (!isFinite(value)) {
            return false;
        }
        String json = SingleValueParser.toJson(type, value);
        boolean isDateOrTime = switch (type.typeId()) {
            case DATE, TIME, TIMESTAMP -> true;
            default -> false;
        };
        return json.length() <= MAX_JSON_CHARACTERS
                && !(isDateOrTime && FAR_YEAR.matcher(json).matches())
                && value.equals(SingleValueParser.fromJson(type, json));
    }

    private static boolean isFinite(Object value) {
        return !(value instanceof Float f && !Float.isFinite(f)) && !(value instanceof Double d && !Double.isFinite(d));
    }
}
