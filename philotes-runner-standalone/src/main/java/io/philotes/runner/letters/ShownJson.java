// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.letters;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.ReadableChange;
import io.philotes.dlq.ValueText;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.RelationSchema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A letter with all that it holds: the customer's data. What is not known of it is null.
 *
 * @param change the stored bytes, in hexadecimal digits
 */
public record ShownJson(
        LetterJson letter,
        List<String> keys,
        String operation,
        String commitTime,
        String sourceTable,
        List<ColumnJson> columns,
        List<FieldJson> oldRow,
        List<FieldJson> newRow,
        String change) {

    /** A column of the relation version that the change was sent with. */
    public record ColumnJson(String name, String type, boolean key) {}

    /**
     * What was sent of a column.
     *
     * @param kind {@code value}, {@code null}, {@code unchanged} or {@code not_sent}
     * @param text as PostgreSQL prints it
     * @param hex its bytes, where it cannot be printed
     */
    public record FieldJson(String column, String kind, String text, String hex) {}

    static ShownJson of(DeadLetter letter, byte[] change, ValueText text) {
        List<String> keys = List.copyOf(letter.keys());
        String hex = HexFormat.of().formatHex(change);
        LetterJson known = LetterJson.of(letter);
        try {
            ReadableChange read = ReadableChange.of(change, text);
            return new ShownJson(
                    known,
                    keys,
                    read.operation().name().toLowerCase(Locale.ROOT),
                    Instant.EPOCH.plus(read.commitMicros(), ChronoUnit.MICROS).toString(),
                    read.relation().table().toString(),
                    columns(read.relation()),
                    read.oldRow().isEmpty() ? null : fields(read.oldRow()),
                    read.newRow().isEmpty() ? null : fields(read.newRow()),
                    hex);
        } catch (MalformedBatchException unreadable) {
            return new ShownJson(known, keys, null, null, null, null, null, null, hex);
        }
    }

    private static List<ColumnJson> columns(RelationSchema relation) {
        List<ColumnJson> columns = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            columns.add(new ColumnJson(
                    relation.columns().get(i).name(),
                    relation.columns().get(i).type().name(),
                    relation.keyColumns().contains(i)));
        }
        return columns;
    }

    private static List<FieldJson> fields(List<ReadableChange.Field> row) {
        return row.stream()
                .map(field -> new FieldJson(
                        field.column(),
                        field.kind().name().toLowerCase(Locale.ROOT),
                        field.text().orElse(null),
                        field.kind() == ReadableChange.FieldKind.VALUE
                                        && field.text().isEmpty()
                                ? HexFormat.of().formatHex(field.bytes())
                                : null))
                .toList();
    }
}
