// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.sink.WriteResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnchangedTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void values_come_from_the_data_file_of_the_older_row() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "big 1", 1), row(2, "big 2", 2), row(3, null, 3));
        lake.apply(feed.begin()
                .update(KEYED, 3, UNCHANGED, 30)
                .update(KEYED, 1, UNCHANGED, 10)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|big 1|10", "2|big 2|2", "3|null|30");
        lake.apply(feed.begin()
                .update(KEYED, 1, UNCHANGED, 11)
                .update(KEYED, 2, UNCHANGED, 12)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|big 1|11", "2|big 2|12", "3|null|30");
    }

    @Test
    void values_come_from_the_old_tuple() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "stale", 1));
        lake.apply(feed.begin()
                .update(KEYED, 'O', List.of(1, "from the old tuple", 1), List.of(1, UNCHANGED, 2))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|from the old tuple|2");
    }

    @Test
    void values_come_from_an_earlier_change_of_the_same_commit() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "old", 1));
        lake.apply(feed.begin()
                .update(KEYED, 1, "new", 2)
                .update(KEYED, 1, UNCHANGED, 3)
                .insert(KEYED, 2, "inserted", 1)
                .update(KEYED, 2, UNCHANGED, 2)
                .update(KEYED, 2, UNCHANGED, 3)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|new|3", "2|inserted|3");
    }

    @Test
    void waiting_rows_take_part_in_later_changes() {
        TestLake lake = new TestLake()
                .loaded(
                        KEYED,
                        row(1, "one", 1),
                        row(2, "two", 2),
                        row(3, "three", 3),
                        row(4, "four", 4),
                        row(5, "five", 5));
        lake.apply(feed.begin()
                .update(KEYED, 1, UNCHANGED, 10)
                .update(KEYED, 1, UNCHANGED, UNCHANGED)
                .update(KEYED, 2, UNCHANGED, 20)
                .update(KEYED, 2, "whole", 21)
                .update(KEYED, 3, UNCHANGED, 30)
                .delete(KEYED, 'K', 3, null, null)
                .update(KEYED, 4, UNCHANGED, 40)
                .update(KEYED, 'K', Arrays.asList(4, null, null), List.of(44, UNCHANGED, 44))
                .update(KEYED, 5, UNCHANGED, 50)
                .delete(KEYED, 'K', 5, null, null)
                .insert(KEYED, 5, "again", 51)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|one|10", "2|whole|21", "44|four|44", "5|again|51");
    }

    @Test
    void a_changed_key_carries_the_value_over() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "big", 1));
        lake.apply(feed.begin()
                .update(KEYED, 'K', Arrays.asList(1, null, null), List.of(10, UNCHANGED, 1))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("10|big|1");
    }

    @Test
    void a_key_that_is_out_of_line_itself_comes_from_the_key_tuple() {
        TestLake lake = new TestLake().loaded(TEXT_KEYED, row("long key", "big", 1));
        lake.apply(feed.begin()
                .update(TEXT_KEYED, 'K', Arrays.asList("long key", null, null), List.of(UNCHANGED, UNCHANGED, 2))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("long key|big|2");
    }

    @Test
    void truncate_drops_waiting_rows() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "big", 1));
        lake.apply(feed.begin()
                .update(KEYED, 1, UNCHANGED, 2)
                .truncate(KEYED)
                .insert(KEYED, 1, "new", 3)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|new|3");
    }

    @Test
    void too_many_waiting_rows_are_completed_early() {
        TestLake lake = new TestLake(options -> options.waitingMemoryBytes(2_000)).loaded(KEYED, rows(200));
        feed.begin();
        for (int i = 0; i < 200; i++) {
            feed.update(KEYED, i, UNCHANGED, i + 1000);
            feed.update(KEYED, i / 2, UNCHANGED, i / 2 + 1000);
        }
        lake.apply(feed.commit());
        assertThat(lake.rows("orders")).hasSize(200).contains("7|big 7|1007", "199|big 199|1199");
    }

    private static Object[][] rows(int count) {
        Object[][] rows = new Object[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = row(i, "big " + i, i);
        }
        return rows;
    }

    @Test
    void a_value_that_is_nowhere_refuses_the_row_and_suspends_the_table() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        WriteResult result = lake.write(feed.begin()
                .update(KEYED, 1, "not kept", 2)
                .update(KEYED, 7, UNCHANGED, 7)
                .insert(KEYED, 8, "skipped", 8)
                .commit()
                .batch());
        assertThat(result.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.table()).isEqualTo(ORDERS);
            assertThat(rejection.at().ordinal()).isEqualTo(1);
            assertThat(rejection.failure().code()).isEqualTo(ErrorCode.UNCHANGED_UNRESOLVED);
        });
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }
}
