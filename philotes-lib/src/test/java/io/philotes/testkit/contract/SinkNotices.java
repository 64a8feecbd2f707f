// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.model.TableFacts;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import io.philotes.sink.WriteResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows that can never be written, and what the source tells of its tables between the rows. */
abstract class SinkNotices extends SinkTurns {

    private static final TableFacts FACTS =
            new TableFacts("", true, "100", 2, Map.of(1, 5L, 2, 5L), Map.of(), Map.of());

    private static final TablePicture PICTURED = new TablePicture(ORDERS, FACTS);

    @Test
    void a_row_that_can_never_be_written_comes_back_and_nothing_of_its_table_is_kept() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        write(insert(ORDERS, 1, "committed"));
        commit();
        write(insert(ORDERS, 2, "earlier batch"));
        begin();
        put(ORDERS, row(3, "same transaction"));
        put(ORDERS, impossibleRow());
        put(ORDERS, row(4, "behind"));
        put(ITEMS, row(1, "i"));
        WriteResult result = tryWrite(end(changes));
        assertThat(result.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.table()).isEqualTo(ORDERS.table());
            assertThat(rejection.at().commitLsn()).isEqualTo(new Lsn(lsn));
        });
        assertThat(commit().outcomes()).containsOnlyKeys(ITEMS.table());
        assertHolds(ORDERS, "1|committed");
        assertHolds(ITEMS, "1|i");
    }

    @Test
    void a_picture_of_the_source_changes_no_row() {
        loadPicture(PICTURED);
        begin();
        put(ORDERS, row(2, "before"));
        changes.notice(ORDERS, new TableNotice.Picture(FACTS.withRules("others")));
        changes.notice(ORDERS, new TableNotice.Leaf(11, "public.p2"));
        put(ORDERS, row(3, "behind"));
        tryWrite(end(changes));
        write(insert(ORDERS, 4, "next"));
        commit();
        assertHolds(ORDERS, "1|a", "2|before", "3|behind", "4|next");
        assertThat(sink.committedUpTo(ORDERS)).contains(end());
    }

    @Test
    void a_picture_alone_may_be_committed() {
        loadPicture(PICTURED);
        begin();
        changes.notice(ORDERS, new TableNotice.Picture(FACTS));
        write(end(changes));
        commit();
        reopen();
        assertHolds(ORDERS, "1|a");
        assertThat(sink.reloadReason(PICTURED)).isEmpty();
        sink.lastPicture(ORDERS.table())
                .ifPresent(picture -> assertThat(picture).isEqualTo(PICTURED));
    }

    @Test
    void a_table_whose_changes_were_left_out_comes_back_and_nothing_of_it_is_kept() {
        for (TableNotice end : List.of(new TableNotice.Undecodable("why"), new TableNotice.Gone("dropped"))) {
            load(ORDERS, end(), row(1, "committed"));
            load(ITEMS, end());
            begin();
            put(ORDERS, row(2, "lost"));
            changes.notice(ORDERS, end);
            put(ORDERS, row(3, "lost"));
            put(ITEMS, row(1, "i"));
            assertThat(tryWrite(end(changes)).rejections())
                    .singleElement()
                    .satisfies(rejection -> assertThat(rejection.table()).isEqualTo(ORDERS.table()));
            assertThat(commit().outcomes()).containsOnlyKeys(ITEMS.table());
            assertHolds(ORDERS, "1|committed");
            assertHolds(ITEMS, "1|i");
        }
    }

    @Test
    void a_table_whose_changes_come_under_another_name_comes_back_and_no_other_takes_them() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        write(insert(ORDERS, 1, "committed"));
        commit();
        begin();
        put(relation(ORDERS.oid(), "unknown"), row(2, "would be lost"));
        put(ORDERS, row(3, "behind"));
        put(relation(ORDERS.oid(), "items"), row(4, "not of that table"));
        assertThat(tryWrite(end(changes)).rejections())
                .anySatisfy(rejection -> assertThat(rejection.table()).isEqualTo(ORDERS.table()));
        commit();
        assertHolds(ORDERS, "1|committed");
        assertHolds(ITEMS);
    }

    private void loadPicture(TablePicture picture) {
        try (TableLoad load = sink.load(picture, LOADED_AT)) {
            try (RangeWriter writer = load.writer()) {
                writer.write(view(row(1, "a")));
            }
            load.commit();
        }
    }
}
