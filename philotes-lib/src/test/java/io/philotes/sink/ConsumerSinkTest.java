// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.ChangeEvent;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A consumer follows a table by its oid: what comes under a name of others is neither passed over nor taken for theirs. */
class ConsumerSinkTest {

    private static final Lsn BEGINNING = new Lsn(0x1000);
    private static final RelationSchema A = relation(1001, "a");
    private static final RelationSchema B = relation(1002, "b");
    private static final RelationSchema A_AS_B = relation(A.oid(), "b");
    private static final RelationSchema B_AS_A = relation(B.oid(), "a");

    private final List<ChangeEvent> heard = new ArrayList<>();
    private final Sink sink = Sinks.forEach(heard::add);
    private final ChangeBatchBuilder changes = new ChangeBatchBuilder();
    private long lsn = BEGINNING.value();

    ConsumerSinkTest() {
        sink.open(new SinkContext("heard", "heard-id", 1, Clock.systemUTC(), PipelineMetrics.NONE));
    }

    private static RelationSchema relation(int oid, String name) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("n", 1, PgType.base(25, "text"))),
                List.of(0));
    }

    private void load(RelationSchema table) {
        try (TableLoad load = sink.load(TablePicture.of(table), BEGINNING)) {
            load.commit();
        }
    }

    private ConsumerSinkTest begin() {
        lsn += 0x100;
        changes.begin(new Lsn(lsn), 1_700_000_000_000_000L, 7);
        return this;
    }

    private ConsumerSinkTest insert(RelationSchema table) {
        byte[] tuple = ByteBuffer.allocate(8)
                .putShort((short) 1)
                .put((byte) 't')
                .putInt(1)
                .put((byte) 'x')
                .array();
        changes.insert(table, tuple, 0, tuple.length);
        return this;
    }

    private ConsumerSinkTest notice(RelationSchema table, TableNotice notice) {
        changes.notice(table, notice);
        return this;
    }

    private ConsumerSinkTest truncate(RelationSchema... tables) {
        changes.truncate(List.of(tables), (byte) 0);
        return this;
    }

    private ChangeBatch batch() {
        changes.commit(new Lsn(lsn + 8));
        return changes.cutWhole();
    }

    /** The tables that cannot go on, each with its reason. */
    private List<String> rejected() throws InterruptedException {
        return sink.write(batch()).rejections().stream()
                .peek(rejection -> assertThat(rejection.failure().code()).isEqualTo(ErrorCode.RESYNC_NEEDED))
                .map(rejection ->
                        rejection.table().name() + ": " + rejection.failure().reason())
                .toList();
    }

    private List<String> heardOf() {
        return heard.stream().map(event -> event.table().name()).toList();
    }

    @Test
    void a_row_under_another_name_ends_the_table_also_when_it_has_its_own_again() throws Exception {
        load(A);
        assertThat(begin().insert(A).insert(A_AS_B).insert(A).rejected())
                .singleElement()
                .asString()
                .startsWith("a: ")
                .endsWith("it was renamed to public.b");
        assertThat(begin().insert(A).rejected()).isEmpty();
        assertThat(heardOf()).containsExactly("a");
        assertThat(sink.commit(new Lsn(lsn + 8)).toCompletableFuture().join().outcomes())
                .isEmpty();
    }

    @Test
    void a_table_that_went_on_elsewhere_counts_as_well() throws Exception {
        sink.resume(A, BEGINNING);
        assertThat(begin().insert(A_AS_B).rejected()).hasSize(1);
        sink.resume(A_AS_B, new Lsn(lsn + 8));
        assertThat(begin().insert(A_AS_B).rejected()).isEmpty();
        assertThat(heardOf()).containsExactly("b");
    }

    @Test
    void what_is_before_the_place_of_a_table_ends_nothing() throws Exception {
        sink.resume(A, new Lsn(lsn + 0x108));
        assertThat(begin().insert(A_AS_B).insert(A).rejected()).isEmpty();
        assertThat(begin().insert(A).rejected()).isEmpty();
        assertThat(heardOf()).containsExactly("a");
    }

    @Test
    void two_tables_that_swapped_their_names_for_a_while_are_never_taken_for_each_other() throws Exception {
        load(A);
        load(B);
        assertThat(begin().insert(A_AS_B).insert(A_AS_B).insert(B).rejected()).hasSize(1);
        assertThat(heardOf()).containsExactly("b");
        assertThat(begin().insert(A_AS_B).insert(B_AS_A).insert(B).rejected())
                .singleElement()
                .asString()
                .startsWith("b: ");
        assertThat(heardOf()).containsExactly("b");
    }

    @Test
    void a_truncate_under_another_name_ends_that_table_alone() throws Exception {
        load(A);
        load(B);
        RelationSchema other = relation(A.oid(), "other");
        assertThat(begin().truncate(B, other).rejected())
                .singleElement()
                .asString()
                .startsWith("a: ");
        assertThat(heardOf()).containsExactly("b");
    }

    @Test
    void what_is_said_under_another_name_is_said_of_the_table() throws Exception {
        load(A);
        assertThat(begin().notice(A_AS_B, new TableNotice.Undecodable("why")).rejected())
                .singleElement()
                .asString()
                .startsWith("a: ")
                .endsWith("why");
        load(A);
        assertThat(begin().notice(A_AS_B, new TableNotice.Picture(TableFacts.NONE))
                        .rejected())
                .singleElement()
                .asString()
                .endsWith("it was renamed to public.b");
        load(A);
        assertThat(begin().notice(A, new TableNotice.Picture(TableFacts.NONE))
                        .insert(A)
                        .rejected())
                .isEmpty();
        assertThat(heardOf()).containsExactly("a");
    }
}
