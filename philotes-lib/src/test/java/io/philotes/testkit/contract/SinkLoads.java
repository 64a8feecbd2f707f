// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.model.TablePicture;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import org.junit.jupiter.api.Test;

/** Table copies: they replace everything or leave nothing, and their position comes with them. */
abstract class SinkLoads extends SinkCase {

    @Test
    void a_table_that_was_never_loaded_has_no_position() {
        assertThat(sink.committedUpTo(ORDERS)).isEmpty();
        assertThat(rows(ORDERS)).isEmpty();
    }

    @Test
    void a_load_and_its_position_become_durable_together() {
        load(ORDERS, LOADED_AT, row(1, "a"), row(2, "b"));
        assertHolds(ORDERS, "1|a", "2|b");
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
    }

    @Test
    void an_empty_load_has_a_position_too() {
        load(ORDERS, LOADED_AT);
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
        assertHolds(ORDERS);
    }

    @Test
    void a_load_replaces_everything() {
        load(ORDERS, LOADED_AT, row(1, "a"), row(2, "b"));
        write(insert(ORDERS, 3, "c"));
        commit();
        Lsn later = new Lsn(0x9000);
        load(ORDERS, later, row(7, "x"));
        assertHolds(ORDERS, "7|x");
        write(insert(ORDERS, 8, "before the consistent point"));
        assertThat(committed(later).outcomes()).isEmpty();
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(later);
        assertHolds(ORDERS, "7|x");
    }

    @Test
    void an_abandoned_load_leaves_nothing() {
        try (TableLoad abandoned = sink.load(TablePicture.of(ITEMS), LOADED_AT);
                RangeWriter writer = abandoned.writer()) {
            writer.write(view(row(1, "a")));
        }
        assertThat(sink.committedUpTo(ITEMS)).isEmpty();
        assertHolds(ITEMS);
        load(ORDERS, LOADED_AT, row(1, "a"));
        TableLoad again = sink.load(TablePicture.of(ORDERS), new Lsn(0x9000));
        try (RangeWriter writer = again.writer()) {
            writer.write(view(row(2, "b")));
        }
        again.close();
        again.close();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
        assertHolds(ORDERS, "1|a");
    }
}
