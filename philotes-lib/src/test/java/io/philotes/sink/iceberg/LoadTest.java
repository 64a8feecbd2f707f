// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TablePicture;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import io.philotes.testkit.FaultyCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class LoadTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void ranges_of_several_threads_make_one_commit() {
        TestLake lake = new TestLake();
        try (TableLoad load = lake.sink().load(TablePicture.of(KEYED), LOADED_AT)) {
            List<CompletableFuture<Void>> copies = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int base = thread * 1000;
                copies.add(CompletableFuture.runAsync(() -> copy(load, base)));
            }
            copies.forEach(CompletableFuture::join);
            assertThat(lake.rows("orders")).isEmpty();
            load.commit();
        }
        assertThat(lake.rows("orders")).hasSize(3000);
        assertThat(lake.table("orders").history()).hasSize(1);
        assertThat(lake.sink().committedUpTo(KEYED)).contains(LOADED_AT);
    }

    private static void copy(TableLoad load, int base) {
        try (RangeWriter writer = load.writer()) {
            for (int i = 0; i < 1000; i++) {
                writer.write(TestLake.view(base + i, "row", i));
            }
        }
    }

    @Test
    void an_empty_table_is_committed_too() {
        TestLake lake = new TestLake().loaded(KEYED);
        assertThat(lake.sink().committedUpTo(KEYED)).contains(LOADED_AT);
        lake.apply(feed.begin().insert(KEYED, 1, "a", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_load_that_is_not_committed_leaves_no_row_no_file_and_no_position() {
        TestLake lake = new TestLake();
        TableLoad load = lake.sink().load(TablePicture.of(KEYED), LOADED_AT);
        RangeWriter writer = load.writer();
        writer.write(TestLake.view(1, "a", 1));
        writer.close();
        load.close();
        load.close();
        assertThat(lake.rows("orders")).isEmpty();
        assertThat(lake.table("orders").currentSnapshot()).isNull();
        assertThat(lake.sink().committedUpTo(KEYED)).isEmpty();
        lake.loaded(KEYED, row(2, "b", 2));
        assertThat(lake.rows("orders")).containsExactly("2|b|2");
    }

    @Test
    void an_abandoned_first_load_does_not_take_away_what_another_instance_loaded() {
        TestLake lake = new TestLake();
        TableLoad abandoned = lake.sink().load(TablePicture.of(KEYED), LOADED_AT);
        lake.restart();
        lake.loaded(KEYED, row(1, "a", 1));
        abandoned.close();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    /** As one that it created itself, when the reply was lost and the catalog's client sent the creation again. */
    @Test
    void a_table_of_this_pipeline_that_is_there_all_of_a_sudden_is_loaded() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        TestLake lake = new TestLake(createdMeanwhile(meanwhile), options -> options);
        IcebergSink first = lake.another(TestLake.PIPELINE_ID, 1);
        meanwhile.set(() -> first.load(TablePicture.of(KEYED), LOADED_AT));
        lake.loaded(KEYED, row(1, "a", 1));
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_table_of_another_pipeline_that_is_there_all_of_a_sudden_is_left_alone() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        TestLake lake = new TestLake(createdMeanwhile(meanwhile), options -> options);
        IcebergSink other = lake.another("another pipeline", 1);
        meanwhile.set(() -> other.load(TablePicture.of(KEYED), LOADED_AT));
        assertThatThrownBy(() -> lake.loaded(KEYED, row(1, "a", 1)))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.FOREIGN_OWNER);
    }

    private static FaultyCatalog createdMeanwhile(AtomicReference<Runnable> meanwhile) {
        return new FaultyCatalog(TestLake.memoryCatalog()) {
            @Override
            public Transaction newCreateTableTransaction(
                    TableIdentifier name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
                Transaction ours = super.newCreateTableTransaction(name, schema, spec, properties);
                meanwhile.getAndSet(() -> {}).run();
                return ours;
            }
        };
    }

    @Test
    void a_failed_copy_again_keeps_the_old_content() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        TableLoad load = lake.sink().load(TablePicture.of(KEYED), new Lsn(0x9000));
        RangeWriter writer = load.writer();
        writer.write(TestLake.view(2, "b", 2));
        assertThatThrownBy(() -> writer.write(TestLake.view("x", "b", 2))).isInstanceOf(PhilotesException.class);
        load.close();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
        assertThat(lake.sink().committedUpTo(KEYED)).contains(LOADED_AT);
    }

    @Test
    void a_copy_again_replaces_rows_and_deletes() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .insert(KEYED, 3, "c", 3)
                .commit());
        Lsn again = new Lsn(0x9000);
        TestLake.load(lake.sink(), KEYED, again, row(7, "x", 7));
        assertThat(lake.rows("orders")).containsExactly("7|x|7");
        lake.write(feed.begin()
                .insert(KEYED, 8, "before the consistent point", 8)
                .commit()
                .batch());
        ChangeFeed later = new ChangeFeed(again.value());
        lake.apply(later.begin().update(KEYED, 7, "y", 7).commit());
        assertThat(lake.rows("orders")).containsExactly("7|y|7");
    }

    @Test
    void a_copy_again_may_change_key_and_types_which_show_with_its_rows() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema changed = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(1),
                Column.of("id", 1, TEXT),
                Column.of("name", 2, TEXT),
                Column.of("extra", 5, INT4));
        try (TableLoad load = lake.sink().load(TablePicture.of(changed), new Lsn(0x9000))) {
            try (RangeWriter writer = load.writer()) {
                writer.write(TestLake.view("one", "k", 5));
            }
            assertThat(lake.rows("orders")).containsExactly("1|a|1");
            load.commit();
        }
        assertThat(lake.table("orders").schema().identifierFieldNames()).containsExactly("name");
        ChangeFeed later = new ChangeFeed(0x9000);
        lake.apply(later.begin()
                .update(changed, "two", "k", 6)
                .insert(changed, "three", "l", 7)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("k|two|6", "l|three|7");
    }

    @Test
    void a_copy_again_may_take_the_key_away_though_no_column_changed() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        Lsn again = new Lsn(0x9000);
        TestLake.load(lake.sink(), KEYLESS, again, row(1, "a", 1), row(1, "a", 1));
        assertThat(lake.table("orders").schema().identifierFieldIds()).isEmpty();
        assertThat(lake.table("orders").schema().columns()).allMatch(Types.NestedField::isOptional);
        ChangeFeed later = new ChangeFeed(again.value());
        lake.apply(later.begin()
                .picture(KEYLESS, TableFacts.NONE.withRules("rules"))
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 2, null, 2)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|null|2");
        TestLake.load(lake.sink(), KEYED, new Lsn(0xA000), row(1, "a", 1));
        assertThat(lake.table("orders").schema().identifierFieldNames()).containsExactly("id");
        lake.apply(new ChangeFeed(0xA000).begin().update(KEYED, 1, "b", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|b|1");
    }

    @Test
    void a_copy_of_a_wider_int_key_keeps_the_column() {
        RelationSchema narrow = Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), Column.of("id", 1, INT4));
        RelationSchema wide = Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), Column.of("id", 1, INT8));
        TestLake lake = new TestLake().loaded(narrow, row(1));
        lake.apply(
                feed.begin().insert(wide, 5_000_000_000L).delete(wide, 'K', 1).commit());
        assertThat(lake.rows("orders")).containsExactly("5000000000");
    }
}
