// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.sink.SinkContext;
import io.philotes.sink.WriteResult;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What open files hold in memory, one and all. */
class OpenFileMemoryTest {

    private static final RelationSchema BUSY = relation("busy", 1);
    private static final RelationSchema QUIET = relation("quiet", 2);

    private final TestLake lake = new TestLake().loaded(BUSY).loaded(QUIET);
    private final Map<TableId, MirroredTable> tables = new TreeMap<>();
    private final ChangeFeed feed = new ChangeFeed(TestLake.LOADED_AT.value());

    private static RelationSchema relation(String name, int oid) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, Relations.INT8), Column.of("name", 2, Relations.TEXT)),
                List.of(0));
    }

    private MirroredTable open(RelationSchema relation) {
        SinkSettings settings =
                IcebergSink.builder(lake.catalog()).namespace("shop").settings();
        TargetOpener opener = new TargetOpener(lake.catalog(), settings);
        SinkContext context = new SinkContext("shop", TestLake.PIPELINE_ID, 1, Clock.systemUTC(), PipelineMetrics.NONE);
        TargetTable target =
                opener.open(relation.table(), opener.find(relation.table()).orElseThrow(), context);
        MirroredTable table = new MirroredTable(
                relation.oid(),
                target,
                opener.writer(target, settings.indexMemory()),
                TableMaintenance.NONE,
                TestLake.LOADED_AT);
        tables.put(relation.table(), table);
        return table;
    }

    private void write(OpenFileMemory memory, int busyRows) throws InterruptedException {
        feed.begin();
        for (int id = 0; id < busyRows; id++) {
            feed.insert(BUSY, id, UUID.randomUUID().toString());
        }
        for (int id = 0; id < 3; id++) {
            feed.insert(QUIET, id, "a name");
        }
        feed.commit();
        assertThat(new BatchWriter(tables, memory).write(feed.batch())).isEqualTo(WriteResult.CLEAN);
    }

    @Test
    void files_of_the_tables_that_hold_most_are_closed_first() throws InterruptedException {
        MirroredTable busy = open(BUSY);
        MirroredTable quiet = open(QUIET);
        write(new OpenFileMemory(10_000_000), 10_000);
        assertThat(busy.writer().openBytes()).isGreaterThan(100_000);
        feed.begin();
        feed.commit();
        new BatchWriter(tables, new OpenFileMemory(100_000)).write(feed.batch());
        assertThat(busy.writer().openBytes()).isZero();
        assertThat(busy.stagedBytes()).isGreaterThan(100_000);
        assertThat(quiet.writer().openBytes()).isPositive();
    }

    @Test
    void a_file_with_few_rows_holds_little() throws InterruptedException {
        open(BUSY);
        MirroredTable quiet = open(QUIET);
        write(OpenFileMemory.ofThisHeap(), 1);
        assertThat(quiet.writer().openBytes()).isBetween(20L, 1_000L);
    }
}
