// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/**
 * The partition that rows of one layout belong to. Mutable: each {@link #of} replaces it. Confined to one thread.
 *
 * <p>Iceberg's own transforms leave the order of their values at some edges, and a reader that leaves out partitions by a
 * filter would leave out the row: a time before 1970 in the first second of its hour, day, month or year with .999999 behind
 * the point goes into the one before; an hour above 2³¹ wraps around; and so does a number that is truncated below the least
 * one of its type. A floating-point column itself as partition has NaN outside of the bounds of its values, and -0.0 is
 * another partition than 0.0, while SQL means both zeros by one and takes NaN for the greatest number ({@link FloatingBounds}).
 * Here the first is put where it belongs, and rows with the others are refused.
 */
final class RowPartition {

    private static final long MICROS_PER_HOUR = 3_600_000_000L;
    private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;
    private static final int FIRST_YEAR = 1970;
    private static final List<String> UNITS = List.of("year", "month", "day", "hour");

    private final TableId table;
    private final PartitionKey key;
    private final List<Edge> edges = new ArrayList<>();

    /** A field of the key that is not left to Iceberg alone. */
    private record Edge(int at, Types.NestedField source, int position, Transform<Object, Object> transform) {

        TypeID type() {
            return source.type().typeId();
        }
    }

    RowPartition(PartitionSpec spec, RowLayout layout) {
        this.table = layout.relation().table();
        this.key = new PartitionKey(spec, layout.schema());
        for (int at = 0; at < spec.fields().size(); at++) {
            Types.NestedField source =
                    layout.schema().findField(spec.fields().get(at).sourceId());
            addEdge(at, source, layout.position(source.fieldId()), transform(spec, at));
        }
    }

    @SuppressWarnings("unchecked") // As Iceberg's own keys do.
    private static Transform<Object, Object> transform(PartitionSpec spec, int at) {
        return (Transform<Object, Object>) spec.fields().get(at).transform();
    }

    private void addEdge(int at, Types.NestedField source, int position, Transform<Object, Object> transform) {
        boolean truncates = transform.toString().startsWith("truncate");
        boolean canLeaveOrder = switch (source.type().typeId()) {
            case TIMESTAMP -> UNITS.contains(transform.toString());
            case INTEGER, LONG, DECIMAL -> truncates;
            case FLOAT, DOUBLE -> transform.isIdentity();
            default -> false;
        };
        if (canLeaveOrder && position >= 0) {
            edges.add(new Edge(at, source, position, transform));
        }
    }

    /**
     * Insists that there is a partition for the row, as far as its values are known.
     *
     * @throws PhilotesException VALUE_OUT_OF_RANGE, naming the column
     */
    void require(RowView row) {
        for (Edge edge : edges) {
            if (!row.isUnchanged(edge.source().fieldId())) {
                value(edge, row);
            }
        }
    }

    /** The row's, valid until the next call; throws as {@link #require} does. */
    PartitionKey of(RowView row) {
        key.partition(row);
        for (Edge edge : edges) {
            key.set(edge.at(), value(edge, row));
        }
        return key;
    }

    private Object value(Edge edge, RowView row) {
        Object value = row.get(edge.position(), Object.class);
        if (value == null) {
            return null;
        }
        return switch (edge.type()) {
            case TIMESTAMP -> unit(edge, (Long) value);
            case FLOAT, DOUBLE -> ordered(edge, (Number) value);
            default -> truncated(edge, value);
        };
    }

    private Number ordered(Edge edge, Number value) {
        double number = value.doubleValue();
        if (Double.isNaN(number) || (number == 0 && 1 / number < 0)) {
            throw refused(edge, "is NaN or -0.0, which filters would not find");
        }
        return value;
    }

    private int unit(Edge edge, long micros) {
        long unit = unit(edge.transform().toString(), micros);
        if (unit != (int) unit) {
            throw refused(edge, "is out of range");
        }
        return (int) unit;
    }

    private static long unit(String name, long micros) {
        if (name.equals("hour")) {
            return Math.floorDiv(micros, MICROS_PER_HOUR);
        }
        long days = Math.floorDiv(micros, MICROS_PER_DAY);
        if (name.equals("day")) {
            return days;
        }
        LocalDate date = LocalDate.ofEpochDay(days);
        long years = date.getYear() - FIRST_YEAR;
        return name.equals("year") ? years : years * 12 + date.getMonthValue() - 1;
    }

    private Object truncated(Edge edge, Object value) {
        Type type = edge.source().type();
        Object truncated = edge.transform().bind(type).apply(value);
        boolean fits = truncated instanceof BigDecimal number
                ? number.precision() <= ((Types.DecimalType) type).precision()
                : ((Number) truncated).longValue() <= ((Number) value).longValue();
        if (!fits) {
            throw refused(edge, "is out of range");
        }
        return truncated;
    }

    private PhilotesException refused(Edge edge, String why) {
        return new PhilotesException(
                        ErrorCode.VALUE_OUT_OF_RANGE,
                        "Cannot put a row into a partition: " + edge.transform() + " of column "
                                + edge.source().name() + " " + why)
                .inTable(table)
                .hinting("change the value, or partition the target by something else");
    }
}
