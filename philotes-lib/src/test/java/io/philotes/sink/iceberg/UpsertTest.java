// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.CommitResult;
import io.philotes.sink.WriteResult;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.TableUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpsertTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void inserts_updates_and_deletes_show_as_in_the_source(int formatVersion) {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion))
                .loaded(KEYED, row(1, "a", 10), row(2, "b", 20), row(3, "c", 30));

        lake.apply(feed.begin()
                .insert(KEYED, 4, "d", 40)
                .update(KEYED, 2, "B", 21)
                .delete(KEYED, 'K', 3, null, null)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|10", "2|B|21", "4|d|40");

        lake.apply(feed.begin()
                .update(KEYED, 1, "A", null)
                .update(KEYED, 4, "D", 41)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|A|null", "2|B|21", "4|D|41");
        assertThat(TableUtil.formatVersion(lake.table("orders"))).isEqualTo(formatVersion);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void each_data_file_has_one_delete_file_at_most(int formatVersion) throws Exception {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion))
                .loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3), row(4, "d", 4));
        for (int i = 1; i <= 3; i++) {
            lake.apply(feed.begin().update(KEYED, i, "x", i).commit());
        }
        FileFormat expected = formatVersion == 2 ? FileFormat.PARQUET : FileFormat.PUFFIN;
        try (var tasks = lake.table("orders").newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                assertThat(task.deletes()).hasSizeLessThan(2).allMatch(delete -> delete.format() == expected);
            }
        }
        assertThat(lake.rows("orders")).containsExactly("1|x|1", "2|x|2", "3|x|3", "4|d|4");
    }

    @Test
    void several_changes_of_a_key_in_one_transaction_apply_in_order() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(KEYED, 2, "new", 1)
                .update(KEYED, 2, "newer", 2)
                .delete(KEYED, 'K', 2, null, null)
                .insert(KEYED, 2, "again", 3)
                .delete(KEYED, 'K', 1, null, null)
                .insert(KEYED, 1, "back", 4)
                .update(KEYED, 1, "back again", 5)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|back again|5", "2|again|3");
    }

    @Test
    void a_changed_key_moves_its_row() {
        TestLake lake = new TestLake().loaded(TEXT_KEYED, row("a", "x", 1), row("b", "y", 2));
        lake.apply(feed.begin()
                .update(TEXT_KEYED, 'K', Arrays.asList("a", null, null), List.of("c", "x", 1))
                .update(TEXT_KEYED, 'K', Arrays.asList("b", null, null), List.of("a", "y", 2))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("a|y|2", "c|x|1");
    }

    @Test
    void an_old_tuple_without_a_key_change_names_the_same_row() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin()
                .update(KEYED, 'O', List.of(1, "a", 1), List.of(1, "b", 2))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|b|2");
    }

    @Test
    void truncate_inside_a_transaction_keeps_what_comes_after_it() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin()
                .insert(KEYED, 3, "c", 3)
                .update(KEYED, 1, "A", 1)
                .truncate(KEYED)
                .insert(KEYED, 1, "after", 1)
                .insert(KEYED, 3, "after", 3)
                .update(KEYED, 3, "later", 3)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|after|1", "3|later|3");
        lake.apply(feed.begin().update(KEYED, 1, "next", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|next|1", "3|later|3");
        lake.apply(feed.begin().truncate(KEYED).commit());
        assertThat(lake.rows("orders")).isEmpty();
    }

    @Test
    void a_transaction_in_parts_commits_as_one() {
        TestLake lake = new TestLake().loaded(KEYED);
        feed.begin();
        for (int part = 0; part < 4; part++) {
            for (int i = 0; i < 500; i++) {
                feed.insert(KEYED, part * 500 + i, "row", part);
            }
            if (part < 3) {
                assertThat(lake.write(feed.part())).isEqualTo(WriteResult.CLEAN);
                assertThat(lake.rows("orders")).isEmpty();
            }
        }
        lake.apply(feed.commit());
        assertThat(lake.rows("orders")).hasSize(2000);
        assertThat(lake.table("orders").history()).hasSize(2);
    }

    @Test
    void nothing_touched_is_nothing_committed() {
        TestLake lake = new TestLake().loaded(KEYED);
        assertThat(lake.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        assertThat(lake.table("orders").history()).hasSize(1);
    }

    @Test
    void what_contradicts_the_target_is_applied_and_told() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        WriteResult result = lake.write(feed.begin()
                .insert(KEYED, 1, "twice", 2)
                .update(KEYED, 7, "missing", 7)
                .delete(KEYED, 'K', 8, null, null)
                .delete(KEYED, 'K', 9, null, null)
                .commit()
                .batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|twice|2", "7|missing|7");
        assertThat(result.rejections()).isEmpty();
        assertThat(result.divergences()).hasSize(3).allMatch(d -> d.table().equals(Relations.ORDERS));
    }

    @Test
    void discard_forgets_what_was_not_committed() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.write(feed.begin()
                .update(KEYED, 1, "lost", 1)
                .insert(KEYED, 2, "lost", 2)
                .commit()
                .batch());
        assertThat(lake.sink().uncommittedBytes()).isPositive();
        lake.sink().discard();
        assertThat(lake.sink().uncommittedBytes()).isZero();
        lake.apply(feed.begin().update(KEYED, 1, "kept", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|kept|1");
    }
}
