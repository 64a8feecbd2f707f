// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.pipeline.RetryPolicy;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.TableCopy;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CopyCoordinatorTest {

    private static final TableId TABLE = ScriptedSource.TABLE.table();

    private final Listeners listeners = new Listeners(List.of());
    private final CountingSink sink = new CountingSink();

    private CopyCoordinator coordinator(Duration patience) {
        PipelineSettings settings = new PipelineSettings(
                "copy",
                Duration.ofSeconds(1),
                1 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                1,
                ResyncPolicy.MANUAL,
                RetryPolicy.DEFAULT,
                1 << 20,
                new SettableClock(),
                PipelineMetrics.NONE,
                List.of());
        SinkPart part = new SinkPart("sink", sink);
        PipelineParts parts = new PipelineParts(
                settings, new ScriptedSource(), MemoryBuffer.bounded(1 << 20), Optional.empty(), List.of(part));
        Lane lane = new Lane(parts, part, new HeldCheckpoints(), new SourceGuard());
        lane.board().restore(List.of(TABLE), Map.of());
        CopyContext context = new CopyContext(
                lane,
                new PublishedTables(new Lanes()),
                new Lifecycle("copy", listeners),
                patience,
                CopyContext.threads(settings));
        return new CopyCoordinator(context, sink);
    }

    @Test
    void a_copy_in_which_nothing_moves_is_given_up() {
        CountDownLatch never = new CountDownLatch(1);
        TableCopy hanging = new TableCopy() {
            @Override
            public Lsn consistentPoint() {
                return new Lsn(100);
            }

            @Override
            public List<TablePicture> tables() {
                return List.of(TablePicture.of(ScriptedSource.TABLE));
            }

            @Override
            public List<CopyRange> ranges(RelationSchema table, int parallelism) {
                return List.of(new CopyRange(table, 0, Long.MAX_VALUE));
            }

            @Override
            public long read(CopyRange range, RowConsumer rows) throws InterruptedException {
                never.await();
                return 0;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
        assertThatThrownBy(
                        () -> coordinator(Duration.ofMillis(300)).copy(hanging, TablePicture.of(ScriptedSource.TABLE)))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
        assertThat(sink.committed()).isEmpty();
    }

    @Test
    void a_copy_that_moves_ends_with_its_rows() throws InterruptedException {
        ScriptedSource source = new ScriptedSource();
        source.commit(5);
        coordinator(Duration.ofMinutes(1))
                .copy(source.createSlot(Set.of(TABLE)), TablePicture.of(ScriptedSource.TABLE));
        assertThat(sink.committed()).containsExactly(0, 1, 2, 3, 4);
    }
}
