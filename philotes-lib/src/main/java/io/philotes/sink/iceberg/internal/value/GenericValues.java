// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.BigEndian;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Slots from and to Iceberg's Java values. Stateless. */
final class GenericValues {

    private static final int NANOS_PER_MICRO = 1_000;

    private GenericValues() {}

    /** Puts a generic or internal value of the type into a slot; null is NULL. Bytes are copied. */
    static void put(Type type, Object value, Slots out, int at) {
        if (value == null) {
            out.setNull(at);
            return;
        }
        try {
            putValue(type, value, out, at);
        } catch (ClassCastException | ArithmeticException | BadValueException e) {
            throw new PhilotesException(
                    ErrorCode.DEFECT,
                    "Cannot take a " + value.getClass().getSimpleName() + " as a value of type " + type,
                    e);
        }
    }

    private static void putValue(Type type, Object value, Slots out, int at) {
        switch (type.typeId()) {
            case BOOLEAN -> out.setNumber(at, (Boolean) value ? 1 : 0);
            case INTEGER -> out.setNumber(at, Math.toIntExact(integer(value)));
            case LONG -> out.setNumber(at, integer(value));
            case FLOAT -> out.setNumber(at, Float.floatToIntBits((Float) value));
            case DOUBLE -> out.setNumber(at, Double.doubleToLongBits(value instanceof Float f ? f : (Double) value));
            case DATE, TIME, TIMESTAMP -> out.setNumber(at, moment(value));
            case STRING -> putBytes(((CharSequence) value).toString().getBytes(StandardCharsets.UTF_8), out, at);
            case BINARY -> putBytes(bytes((ByteBuffer) value), out, at);
            case UUID -> putUuid((UUID) value, out, at);
            case DECIMAL -> putDecimal((Types.DecimalType) type, (BigDecimal) value, out, at);
            case LIST -> putList(type.asListType().elementType(), (List<?>) value, out.startList(at));
            default -> throw new ClassCastException("no slot holds " + type);
        }
    }

    private static long moment(Object value) {
        if (value instanceof LocalDate date) {
            return date.toEpochDay();
        } else if (value instanceof LocalTime time) {
            return time.toNanoOfDay() / NANOS_PER_MICRO;
        } else if (value instanceof LocalDateTime timestamp) {
            return micros(timestamp.toEpochSecond(ZoneOffset.UTC), timestamp.getNano());
        } else if (value instanceof OffsetDateTime timestamp) {
            return micros(timestamp.toEpochSecond(), timestamp.getNano());
        }
        return integer(value);
    }

    private static long integer(Object value) {
        return value instanceof Integer number ? number : (Long) value;
    }

    /** Not by Iceberg's own conversion, which overflows 292 years from 1970 on. */
    private static long micros(long seconds, int nanos) {
        return Math.addExact(Math.multiplyExact(seconds, DateTimeText.MICROS_PER_SECOND), nanos / NANOS_PER_MICRO);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void putBytes(byte[] bytes, Slots out, int at) {
        out.setBytes(at, bytes, 0, bytes.length);
    }

    private static void putUuid(UUID uuid, Slots out, int at) {
        byte[] bytes = out.ownBytes(at, 16);
        BigEndian.putLong(bytes, 0, uuid.getMostSignificantBits());
        BigEndian.putLong(bytes, 8, uuid.getLeastSignificantBits());
    }

    private static void putDecimal(Types.DecimalType type, BigDecimal value, Slots out, int at) {
        BigDecimal scaled = value.setScale(type.scale(), RoundingMode.UNNECESSARY);
        new DecimalSlot(type.precision()).put(scaled.unscaledValue(), out, at);
    }

    private static void putList(Type elementType, List<?> values, Slots list) {
        for (Object value : values) {
            put(elementType, value, list, list.add());
        }
    }

    /** The internal representation of a slot; null for NULL. */
    static Object internal(Type type, Slots slots, int at) {
        if (slots.isNull(at)) {
            return null;
        }
        return switch (type.typeId()) {
            case BOOLEAN -> slots.number(at) != 0;
            case INTEGER, DATE -> (int) slots.number(at);
            case LONG, TIME, TIMESTAMP -> slots.number(at);
            case FLOAT -> Float.intBitsToFloat((int) slots.number(at));
            case DOUBLE -> Double.longBitsToDouble(slots.number(at));
            case STRING -> new String(slots.array(at), slots.offset(at), slots.length(at), StandardCharsets.UTF_8);
            case BINARY -> ByteBuffer.wrap(slots.copyOfBytes(at));
            case UUID ->
                new UUID(
                        BigEndian.getLong(slots.array(at), slots.offset(at)),
                        BigEndian.getLong(slots.array(at), slots.offset(at) + 8));
            case DECIMAL -> decimal((Types.DecimalType) type, slots, at);
            case LIST -> list(type.asListType().elementType(), slots.list(at));
            default -> throw new IllegalStateException("no slot holds " + type);
        };
    }

    private static BigDecimal decimal(Types.DecimalType type, Slots slots, int at) {
        return new BigDecimal(DecimalSlot.unscaled(type.precision(), slots, at), type.scale());
    }

    private static List<Object> list(Type elementType, Slots slots) {
        List<Object> values = new ArrayList<>(slots.size());
        for (int i = 0; i < slots.size(); i++) {
            values.add(internal(elementType, slots, i));
        }
        return values;
    }
}
