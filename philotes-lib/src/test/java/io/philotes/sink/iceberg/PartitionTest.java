// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.DATE;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTest {

    private static final RelationSchema DATED = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("day", 2, DATE),
            Column.of("note", 3, TEXT));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2 | month(day)
                    3 | month(day)
                    3 | bucket(4, id)
                    2 | truncate(1, note)
                    3 | day
                    """)
    void rows_move_between_partitions(int formatVersion, String transform) {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion)
                        .table(ORDERS, TableOptions.DEFAULTS.partitionBy(transform)))
                .loaded(DATED, row(1, "2026-01-01", "a"), row(2, "2026-02-01", "b"), row(3, null, null));
        lake.apply(feed.begin()
                .update(DATED, 1, "2026-03-01", "c")
                .update(DATED, 2, "2026-01-05", UNCHANGED)
                .update(DATED, 3, "2026-01-06", "d")
                .update(DATED, 1, "2026-02-01", "e")
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|2026-02-01|e", "2|2026-01-05|b", "3|2026-01-06|d");
        lake.apply(feed.begin().delete(DATED, 'K', 2, null, null).commit());
        assertThat(lake.rows("orders")).containsExactly("1|2026-02-01|e", "3|2026-01-06|d");
    }

    @Test
    void only_so_many_partitions_are_open() {
        TestLake lake = new TestLake(
                        options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy("truncate(1, id)")))
                .loaded(DATED);
        feed.begin();
        for (int i = 0; i < 100; i++) {
            feed.insert(DATED, i % 50, "2026-01-01", "x").delete(DATED, 'K', i % 50, null, null);
            feed.insert(DATED, i % 50, "2026-01-01", "y" + i);
            if (i < 50) {
                feed.delete(DATED, 'K', i % 50, null, null);
            }
        }
        lake.apply(feed.commit());
        assertThat(lake.rows("orders")).hasSize(50).contains("49|2026-01-01|y99");
    }

    @Test
    void files_are_closed_at_their_target_size() {
        TestLake lake = new TestLake(options -> options.targetFileSizeBytes(4_000)).loaded(DATED);
        feed.begin();
        for (int i = 0; i < 5_000; i++) {
            feed.insert(DATED, i, "2026-01-01", "note " + Integer.toHexString(i * 7919));
        }
        lake.apply(feed.commit());
        assertThat(lake.rows("orders")).hasSize(5_000);
        assertThat(Integer.parseInt(
                        lake.table("orders").currentSnapshot().summary().get("added-data-files")))
                .isGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "day(", "bucket(id)", "bucket(0, id)", "week(day)", "day(3, day)"})
    void a_wrong_transform_is_named(String text) {
        assertThat(PartitionField.faultIn(text)).isPresent();
        assertThatThrownBy(() -> new TestLake(options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy(text))
                        .zstdLevel(99)))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("99");
    }

    /** See https://github.com/apache/iceberg/issues/14216. */
    @Test
    void a_uuid_is_no_partition_but_its_bucket_is() {
        Schema schema = new Schema(Types.NestedField.required(1, "tenant", Types.UUIDType.get()));
        assertThatThrownBy(() -> PartitionField.spec(schema, List.of("tenant")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucket(16, tenant)");
        assertThat(PartitionField.spec(schema, List.of("bucket(16, tenant)")).fields())
                .hasSize(1);
    }

    @Test
    void transforms_are_read() {
        assertThat(PartitionField.parse(" Bucket( 16 , id )")).isEqualTo(new PartitionField("bucket", 16, "id"));
        assertThat(PartitionField.parse("created at")).isEqualTo(new PartitionField("identity", 0, "created at"));
        assertThat(PartitionField.faultIn("day(created_at)")).isEqualTo(Optional.empty());
    }
}
