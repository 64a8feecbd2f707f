// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.CommitResult;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index of a table is whole, or there is none: half of it would make rows twice. */
class IndexLearningTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_file_that_could_not_be_read_is_read_again_for_keys(int unreadable, @TempDir Path directory)
            throws Exception {
        try (var catalog = LocalCatalog.open(directory)) {
            TestLake lake = inTwoFiles(catalog, KEYED);
            ChangeBatch batch = feed.begin()
                    .update(KEYED, 1, "A", 1)
                    .update(KEYED, 2, "B", 2)
                    .commit()
                    .batch();
            failOnce(lake, unreadable, batch);
            lake.write(batch);
            lake.commit(feed.end());
            assertThat(lake.rows("orders")).containsExactly("1|A|1", "2|B|2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_file_that_could_not_be_read_is_read_again_for_rows(int unreadable, @TempDir Path directory)
            throws Exception {
        try (var catalog = LocalCatalog.open(directory)) {
            TestLake lake = inTwoFiles(catalog, KEYLESS);
            ChangeBatch batch = feed.begin()
                    .delete(KEYLESS, 'O', 1, "a", 1)
                    .insert(KEYLESS, 3, "c", 3)
                    .delete(KEYLESS, 'O', 2, "b", 2)
                    .commit()
                    .batch();
            failOnce(lake, unreadable, batch);
            lake.write(batch);
            lake.commit(feed.end());
            assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2", "3|c|3");
            lake.apply(feed.begin()
                    .delete(KEYLESS, 'O', 1, "a", 1)
                    .delete(KEYLESS, 'O', 2, "b", 2)
                    .commit());
            assertThat(lake.rows("orders")).containsExactly("3|c|3");
        }
    }

    private TestLake inTwoFiles(Catalog catalog, RelationSchema relation) {
        TestLake lake = new TestLake(catalog, options -> options);
        boolean doubled = relation == KEYLESS;
        lake.loaded(
                relation, doubled ? new Object[][] {row(1, "a", 1), row(1, "a", 1)} : new Object[][] {row(1, "a", 1)});
        feed.begin().insert(relation, 2, "b", 2);
        if (doubled) {
            feed.insert(relation, 2, "b", 2);
        }
        lake.apply(feed.commit());
        lake.restart().resume(relation, feed.end());
        return lake;
    }

    private static void failOnce(TestLake lake, int unreadable, ChangeBatch batch) throws Exception {
        List<Path> files = new ArrayList<>();
        try (var tasks = lake.table("orders").newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                files.add(Path.of(task.file().location()));
            }
        }
        assertThat(files).hasSize(2);
        Path aside = files.get(unreadable).resolveSibling("aside");
        Files.move(files.get(unreadable), aside);
        assertThatThrownBy(() -> lake.write(batch))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.STORAGE_FAILED);
        Files.move(aside, files.get(unreadable));
        lake.sink().discard();
    }

    @Test
    void identifier_fields_that_somebody_else_changed_hold_the_table_also_in_a_replay() {
        RelationSchema wider = Relations.orders(
                KEYED.identity(),
                List.of(0),
                KEYED.columns().get(0),
                KEYED.columns().get(1),
                KEYED.columns().get(2),
                Column.of("note", 4, Relations.TEXT));
        TestLake lake = new TestLake().loaded(KEYED, row(1, "same", 1), row(2, "same", 2));
        ChangeBatch first = feed.begin().insert(KEYED, 3, "same", 3).commit().batch();
        Lsn between = feed.end();
        ChangeBatch second =
                feed.begin().insert(wider, 4, "same", 4, "x").commit().batch();
        lake.write(first);
        lake.write(second);
        lake.table("orders")
                .updateSchema()
                .allowIncompatibleChanges()
                .requireColumn("name")
                .setIdentifierFields("name")
                .commit();
        lake.restart().resume(wider, LOADED_AT);
        assertThat(lake.write(first).rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.failure().code()).isEqualTo(ErrorCode.SCHEMA_CHANGE));
        assertThat(lake.commitResult(between)).isEqualTo(CommitResult.EMPTY);
        assertThat(lake.rows("orders")).hasSize(2);
    }
}
