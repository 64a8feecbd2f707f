// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TablePicture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** PostgreSQL has tables without columns, whose rows are only a number: a mirror refuses them, a history keeps them. */
class NoColumnsTest {

    private static final RelationSchema BARE = Relations.orders(ReplicaIdentity.FULL, List.of());

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void a_mirror_refuses_them() {
        TestLake lake = new TestLake();
        assertThat(lake.sink().check("shop", List.of(BARE)))
                .extracting(Finding::code)
                .contains(Optional.of(ErrorCode.NO_IDENTITY));
        assertThat(lake.sink().plan("shop", List.of(BARE)).get(0).action()).isEqualTo("refuse");
        assertThatThrownBy(() -> lake.sink().load(TablePicture.of(BARE), LOADED_AT))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.NO_IDENTITY);
    }

    @Test
    void a_mirrored_table_that_loses_its_last_column_is_held() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1));
        assertThat(lake.write(feed.begin().insert(BARE).commit().batch()).rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.failure().code()).isEqualTo(ErrorCode.RESYNC_NEEDED));
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_history_keeps_every_change() {
        TestLake lake = new TestLake(options -> options.mode(WriteMode.APPEND)).loaded(BARE, row(), row());
        lake.apply(feed.begin().insert(BARE).delete(BARE, 'O').commit());
        assertThat(lake.rows("orders")).hasSize(4);
    }
}
