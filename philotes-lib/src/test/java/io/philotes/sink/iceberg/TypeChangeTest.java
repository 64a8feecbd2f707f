// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.Divergence;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ALTER COLUMN TYPE} rewrites the source's rows and sends none of them: what it changed must be told. */
class TypeChangeTest {

    private static final int VARLENA_HEADER = 4;

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static RelationSchema withColumn(String type, int typeModifier) {
        Column column =
                new Column("c", 2, PgType.base(type.hashCode(), type), typeModifier, false, java.util.Optional.empty());
        return Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), Column.of("id", 1, INT8), column);
    }

    private static int numeric(int precision, int scale) {
        return (precision << 16 | scale) + VARLENA_HEADER;
    }

    private static int modifier(String text) {
        if (text == null) {
            return -1;
        }
        String[] parts = text.split("\\.");
        return parts.length == 2
                ? numeric(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]))
                : Integer.parseInt(text);
    }

    @ParameterizedTest
    @CsvSource({
        "numeric, 10.4, numeric, 8.2, 1.5",
        "numeric, , numeric, 10.2, 1.5",
        "timestamp, , timestamp, 0, 2026-01-01 00:00:00",
        "timestamptz, 6, timestamptz, 3, 2026-01-01 00:00:00+00",
        "text, , bpchar, 9, a",
        "text, , jsonb, , 1",
        "varchar, 24, varchar, 9, a",
        "int8, , int4, , 1"
    })
    void what_may_have_changed_old_rows_is_told(String before, String with, String after, String and, String value) {
        RelationSchema old = withColumn(before, modifier(with));
        RelationSchema altered = withColumn(after, modifier(and));
        TestLake lake = new TestLake().loaded(old, row(1, value));
        lake.restart().resume(altered, LOADED_AT);
        var batch = feed.begin()
                .insert(old, 2, value)
                .insert(altered, 3, value)
                .commit()
                .batch();
        assertThat(lake.write(batch).divergences())
                .extracting(Divergence::reason)
                .singleElement()
                .asString()
                .contains("column c");
        lake.restart().resume(altered, LOADED_AT);
        assertThat(lake.write(batch).divergences())
                .as("it stands in the target")
                .hasSize(1);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "numeric, 10.2, numeric, 12.2, 1.50",
        "varchar, 9, varchar, 24, a",
        "varchar, 9, text, , a",
        "text, , varchar, , a",
        "timestamp, 3, timestamp, , 2026-01-01 00:00:00",
        "int4, , int8, , 1",
        "float4, , float8, , 1"
    })
    void what_left_old_rows_as_they_were_is_followed(
            String before, String with, String after, String and, String value) {
        RelationSchema old = withColumn(before, modifier(with));
        TestLake lake = new TestLake().loaded(old, row(1, value));
        lake.apply(
                feed.begin().insert(withColumn(after, modifier(and)), 2, value).commit());
        assertThat(lake.rows("orders")).hasSize(2);
    }
}
