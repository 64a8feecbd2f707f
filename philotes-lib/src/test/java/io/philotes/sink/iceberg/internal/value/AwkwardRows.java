// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.RelationSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;

/** A relation of every kind of column, and rows at the edges of their types, as they come and as they are read. */
final class AwkwardRows {

    static final RelationSchema RELATION = Relations.of(
            List.of(0, 1),
            "id int8",
            "code text",
            "flag bool",
            "small int2",
            "real float4",
            "double float8",
            "price numeric(9,2)",
            "amount numeric(18,4)",
            "huge numeric(38,10)",
            "exact numeric",
            "data bytea",
            "day date",
            "at time",
            "local timestamp",
            "utc timestamptz",
            "ref uuid",
            "tags text[]",
            "numbers float8[]",
            "prices numeric(25,2)[]");

    private AwkwardRows() {}

    static List<Object[]> tuples() {
        List<Object[]> tuples = new ArrayList<>();
        tuples.add(new Object[] {
            "1",
            "a",
            "t",
            "-32768",
            "NaN",
            "-0",
            "1234567.89",
            "-12345678901234.5678",
            "9".repeat(28) + ".0000000001",
            "1.500",
            "\\x00ff",
            "0044-03-15 BC",
            "23:59:59.999999",
            "1969-12-31 23:59:59.999999",
            "2024-01-02 03:04:05.5+05:45",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "{a,NULL,\"\"}",
            "{NaN,NULL,-0}",
            "{-1.50,NULL}"
        });
        tuples.add(new Object[] {
            "-2",
            "",
            "f",
            "7",
            "-0",
            "NaN",
            "-0.01",
            "0",
            "-1",
            "NaN",
            "\\x",
            "1970-01-01",
            "00:00:00",
            "0001-01-01 00:00:00",
            "1500-01-01 00:00:00+00",
            "00000000-0000-0000-0000-000000000000",
            "{}",
            "{}",
            "{}"
        });
        Object[] nulls = new Object[19];
        nulls[0] = "3";
        nulls[1] = "ü\uD83D\uDE00";
        tuples.add(nulls);
        return tuples;
    }

    static List<Record> records(Schema schema) {
        GenericRecord template = GenericRecord.create(schema);
        return List.of(
                record(
                        template,
                        1L,
                        "a",
                        true,
                        -32768,
                        Float.NaN,
                        -0.0d,
                        new BigDecimal("1234567.89"),
                        new BigDecimal("-12345678901234.5678"),
                        new BigDecimal("9".repeat(28) + ".0000000001"),
                        "1.500",
                        ByteBuffer.wrap(new byte[] {0, -1}),
                        LocalDate.of(-43, 3, 15),
                        LocalTime.of(23, 59, 59, 999_999_000),
                        LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
                        OffsetDateTime.of(2024, 1, 1, 21, 19, 5, 500_000_000, ZoneOffset.UTC),
                        new UUID(-1, -1),
                        Arrays.asList("a", null, ""),
                        Arrays.asList(Double.NaN, null, -0.0d),
                        Arrays.asList(new BigDecimal("-1.50"), null)),
                record(
                        template,
                        -2L,
                        "",
                        false,
                        7,
                        -0.0f,
                        Double.NaN,
                        new BigDecimal("-0.01"),
                        new BigDecimal("0.0000"),
                        new BigDecimal("-1.0000000000"),
                        "NaN",
                        ByteBuffer.wrap(new byte[0]),
                        LocalDate.EPOCH,
                        LocalTime.MIDNIGHT,
                        LocalDateTime.of(1, 1, 1, 0, 0),
                        OffsetDateTime.of(1500, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC),
                        new UUID(0, 0),
                        List.of(),
                        List.of(),
                        List.of()),
                record(template, 3L, "ü\uD83D\uDE00"));
    }

    static Record record(GenericRecord template, Object... values) {
        GenericRecord record = template.copy();
        for (int i = 0; i < values.length; i++) {
            record.set(i, values[i]);
        }
        return record;
    }
}
