// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.Divergence;
import io.philotes.testkit.OtherWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A target that may differ says so itself: the pipeline that saw it may die before it noted anything. */
class DurableDivergenceTest {

    private static final RelationSchema DEFAULTED = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("name", 2, TEXT),
            Column.of("amount", 3, INT4),
            new Column("c", 4, INT4, -1, false, java.util.Optional.of("7")));

    private final TestLake lake = new TestLake(options -> options.formatVersion(2)).loaded(KEYED, row(1, "a", 1));
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void a_schema_change_that_shows_null_in_old_rows() {
        lake.write(feed.begin().insert(DEFAULTED, 2, "b", 2, 7).commit().batch());
        String reason = "column c was added with a default: older rows show NULL";
        assertThat(told(DEFAULTED)).containsExactly(reason);
        assertThat(told(DEFAULTED)).containsExactly(reason);
    }

    @Test
    void a_change_of_a_row_that_the_target_does_not_have() {
        lake.write(feed.begin().update(KEYED, 9, "b", 2).commit().batch());
        assertThat(told(KEYED)).isEmpty();
        lake.write(feed.begin().update(KEYED, 9, "b", 2).commit().batch());
        lake.commit(feed.end());
        assertThat(told(KEYED)).containsExactly("a row was updated that the target did not have");
    }

    @Test
    void a_foreign_change_that_a_commit_met() {
        lake.write(feed.begin().update(KEYED, 1, "b", 2).commit().batch());
        OtherWriter.append(lake.table("orders"), 5L, "foreign", 9);
        lake.commit(feed.end());
        assertThat(told(KEYED)).containsExactly("another writer changed the target: append");
    }

    @Test
    void a_foreign_change_while_nobody_ran() {
        OtherWriter.append(lake.table("orders"), 5L, "foreign", 9);
        assertThat(told(KEYED)).containsExactly("another writer changed the target: append");
        OtherWriter.compact(lake.table("orders"));
        assertThat(told(KEYED)).containsExactly("another writer changed the target: append");
        lake.apply(feed.begin().update(KEYED, 1, "b", 2).commit());
        assertThat(told(KEYED)).containsExactly("another writer changed the target: append");
    }

    @Test
    void the_first_reason_stays() {
        lake.write(feed.begin().update(KEYED, 9, "b", 2).commit().batch());
        lake.commit(feed.end());
        lake.write(feed.begin().delete(KEYED, 'K', 8, null, null).commit().batch());
        lake.commit(feed.end());
        assertThat(told(KEYED)).containsExactly("a row was updated that the target did not have");
    }

    @Test
    void a_table_copy_ends_it() {
        lake.write(feed.begin().update(KEYED, 9, "b", 2).commit().batch());
        lake.commit(feed.end());
        TestLake.load(lake.sink(), KEYED, new Lsn(0x9000), row(1, "a", 1));
        assertThat(told(KEYED)).isEmpty();
        assertThat(lake.table("orders").properties()).doesNotContainKey("philotes.diverged");
    }

    /** What a new sink is told with its first write after a restart. */
    private List<String> told(RelationSchema relation) {
        lake.restart().resume(relation, LOADED_AT);
        return lake.write(ChangeBatch.progress(feed.end())).divergences().stream()
                .map(Divergence::reason)
                .toList();
    }
}
