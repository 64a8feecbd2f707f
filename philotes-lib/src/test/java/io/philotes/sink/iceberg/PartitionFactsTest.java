// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.TableFacts;
import io.philotes.model.TableFacts.DefinedType;
import io.philotes.model.TableFacts.Leaf;
import io.philotes.model.TableNotice;
import io.philotes.sink.Divergence;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of partitions the stream tells rows and TRUNCATE of the whole; everything else is seen in the catalog only. */
class PartitionFactsTest {

    private static final TableFacts BEFORE = tree(new Leaf("public.p1", "10", 700, true, "1"));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static TableFacts tree(Leaf leaf) {
        return new TableFacts("", true, "0", 3, Map.of(1, 5L), Map.of(10L, leaf), Map.of());
    }

    private static TableFacts emptiedBy(long xid) {
        return tree(new Leaf("public.p1", Long.toString(xid), xid, true, "1"));
    }

    private static List<String> told(TestLake lake, ChangeBatch batch) {
        return lake.write(batch).divergences().stream().map(Divergence::reason).toList();
    }

    @Test
    void truncate_of_the_whole_table_explains_new_files() {
        TestLake lake = new TestLake().loaded(KEYED, BEFORE, row(1, "a", 1));
        feed.begin().truncate(KEYED).commit();
        long first = feed.xid();
        lake.apply(feed.begin().insert(KEYED, 2, "b", 2).commit());
        lake.apply(feed.begin().picture(KEYED, emptiedBy(first)).commit());
        lake.apply(feed.begin().insert(KEYED, 3, "c", 3).truncate(KEYED).commit());
        lake.apply(feed.begin().picture(KEYED, emptiedBy(feed.xid() - 0x100)).commit());
        assertThat(lake.rows("orders")).isEmpty();
    }

    @Test
    void a_partition_emptied_by_another_transaction_is_told() {
        TestLake lake = new TestLake().loaded(KEYED, BEFORE, row(1, "a", 1));
        lake.apply(feed.begin().truncate(KEYED).commit());
        assertThat(told(lake, feed.begin().picture(KEYED, emptiedBy(9)).commit().batch()))
                .singleElement()
                .asString()
                .contains("emptied or rewritten")
                .contains("public.p1");
    }

    @Test
    void rows_behind_a_truncate_may_have_been_emptied_by_another_one() {
        TestLake lake = new TestLake().loaded(KEYED, BEFORE, row(1, "a", 1));
        lake.apply(feed.begin().truncate(KEYED).insert(KEYED, 2, "b", 2).commit());
        assertThat(told(
                        lake,
                        feed.begin()
                                .picture(KEYED, emptiedBy(feed.xid() - 0x100))
                                .commit()
                                .batch()))
                .hasSize(1);
    }

    @Test
    void a_partition_that_came_and_went_between_two_pictures_left_its_rows() {
        TestLake lake = new TestLake().loaded(KEYED, BEFORE, row(1, "a", 1));
        lake.apply(feed.begin()
                .notice(KEYED, new TableNotice.Leaf(11, "public.p2"))
                .insert(KEYED, 2, "b", 2)
                .commit());
        assertThat(SourcePicture.facts(lake.table("orders").properties()))
                .isEqualTo(BEFORE.withSeenLeaf(11, "public.p2"));
        assertThat(told(lake, feed.begin().picture(KEYED, BEFORE).commit().batch()))
                .singleElement()
                .asString()
                .contains("detached or dropped")
                .endsWith("public.p2");
        lake.commit(feed.end());
        assertThat(SourcePicture.facts(lake.table("orders").properties())).isEqualTo(BEFORE);
    }

    @ParameterizedTest
    @EnumSource(WriteMode.class)
    void lost_rows_are_told_of_a_history_too_and_old_text_only_of_a_mirror(WriteMode mode) {
        TestLake lake =
                new TestLake(options -> options.mode(mode)).loaded(KEYED, typed("ok", BEFORE.leaves()), row(1, "a", 1));
        List<String> told = told(
                lake,
                feed.begin().picture(KEYED, typed("good", Map.of())).commit().batch());
        assertThat(told.get(0)).contains("detached or dropped");
        assertThat(told).hasSize(mode == WriteMode.UPSERT ? 2 : 1);
        lake.commit(feed.end());
        assertThat(lake.table("orders").properties().get("philotes.diverged")).contains("detached or dropped");
    }

    private static TableFacts typed(String label, Map<Long, Leaf> leaves) {
        return new TableFacts(
                "", true, "0", 3, Map.of(), leaves, Map.of(50L, new DefinedType("mood", true, Map.of(51L, label))));
    }
}
