// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not fit in the memory of the indexes goes to files, and the tables stay right. */
class IndexSpillTest {

    @TempDir
    private Path directory;

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    static Stream<RelationSchema> relations() {
        return Stream.of(KEYED, TEXT_KEYED, KEYLESS);
    }

    @ParameterizedTest
    @MethodSource("relations")
    void a_table_whose_index_does_not_fit_stays_right(RelationSchema relation) throws Exception {
        Path work = directory.resolve("not/yet/there");
        TestLake lake = new TestLake(options -> options.indexMemoryBytes(100).indexDirectory(work));
        Object[][] rows = new Object[3_000][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(key(relation, i), "a", i);
        }
        lake.loaded(relation, rows);
        feed.begin();
        for (int i = 0; i < rows.length; i += 2) {
            feed.delete(
                    relation, relation == KEYLESS ? 'O' : 'K', key(relation, i), old(relation, "a"), old(relation, i));
        }
        for (int i = 0; i < rows.length; i += 3) {
            if (i % 2 != 0) {
                continue;
            }
            feed.insert(relation, key(relation, i), "b", i);
        }
        lake.apply(feed.commit());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (i % 2 != 0) {
                expected.add(key(relation, i) + "|a|" + i);
            } else if (i % 3 == 0) {
                expected.add(key(relation, i) + "|b|" + i);
            }
        }
        assertThat(lake.rows("orders")).containsExactlyInAnyOrderElementsOf(expected);
        lake.sink().close();
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".spill"));
        }
    }

    private static Object key(RelationSchema relation, int i) {
        return relation == TEXT_KEYED ? "k" + i : (Object) i;
    }

    private static Object old(RelationSchema relation, Object value) {
        return relation == KEYLESS ? value : null;
    }

    @Test
    void an_index_that_neither_memory_nor_disk_takes_stops_loudly() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        TestLake lake = new TestLake(options -> options.indexMemoryBytes(100).indexDirectory(file));
        lake.loaded(KEYED, row(1, "a", 1));
        overBudget(
                () -> lake.write(feed.begin().update(KEYED, 1, "b", 2).commit().batch()));
        assertThatThrownBy(() -> lake.commitResult(feed.end())).isInstanceOf(PhilotesException.class);
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_index_of_rows_that_neither_memory_nor_disk_takes_stops_loudly(boolean learntFirst) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        TestLake lake = new TestLake(options -> options.indexMemoryBytes(40_000).indexDirectory(file));
        lake.loaded(KEYLESS, row(1, "a", 1));
        feed.begin();
        if (learntFirst) {
            feed.delete(KEYLESS, 'O', 1, "a", 1);
        }
        for (int i = 0; i < 5_000; i++) {
            feed.insert(KEYLESS, i, "b", i);
        }
        if (!learntFirst) {
            feed.delete(KEYLESS, 'O', 1, "a", 1);
        }
        feed.commit();
        overBudget(() -> lake.write(feed.batch()));
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    private static void overBudget(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("public.orders")
                .extracting("code")
                .isEqualTo(ErrorCode.OVER_BUDGET);
    }
}
