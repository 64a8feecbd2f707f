// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.TableCopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CopyCoordinatorTest {

    private static final TableId TABLE = ScriptedSource.TABLE.table();

    private final Listeners listeners = new Listeners(List.of());
    private final CountingSink sink = new CountingSink();
    private Lane lane;

    private CopyCoordinator coordinator(Duration patience) {
        return coordinator(patience, 1);
    }

    private CopyCoordinator coordinator(Duration patience, int parallelism) {
        PipelineSettings settings =
                TestSettings.of("copy").copyParallelism(parallelism).made();
        SinkPart part = new SinkPart("sink", sink);
        PipelineParts parts = new PipelineParts(
                settings, new ScriptedSource(), MemoryBuffer.bounded(1 << 20), Optional.empty(), List.of(part));
        lane = new Lane(parts, part, new HeldCheckpoints(), new SourceGuard());
        lane.board().restore(List.of(TABLE, second().table(), third().table()), Map.of());
        CopyContext context = new CopyContext(
                lane,
                new PublishedTables(new Lanes()),
                new SourceGuard(),
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

    @Test
    @Timeout(60)
    void the_next_table_is_read_while_the_one_before_it_is() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        Tables tables = new Tables(1, table -> {
            both.countDown();
            both.await();
        });
        List<String> left = new ArrayList<>();
        coordinator(Duration.ofMinutes(1), 2).copy(tables, tables.tables(), () -> left.add("table"));
        assertThat(left).hasSize(3);
        assertThat(tables.read).hasSize(3);
    }

    @Test
    @Timeout(60)
    void never_more_threads_read_than_the_parallelism_says() throws InterruptedException {
        Semaphore places = new Semaphore(3);
        Tables tables = new Tables(2, table -> {
            assertThat(places.tryAcquire()).isTrue();
            Thread.sleep(20);
            places.release();
        });
        coordinator(Duration.ofMinutes(1), 3).copy(tables, tables.tables(), () -> {});
        assertThat(tables.read).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(names = {"VALUE_OUT_OF_RANGE", "SOURCE_POISON"})
    @Timeout(60)
    void a_table_that_cannot_be_read_or_written_leaves_the_others_alone(ErrorCode code) throws InterruptedException {
        Tables tables = new Tables(1, table -> {
            if (table.equals(second().table())) {
                throw new PhilotesException(code, "Cannot copy a row: scripted");
            }
        });
        List<String> left = new ArrayList<>();
        coordinator(Duration.ofMinutes(1), 2).copy(tables, tables.tables(), () -> left.add("table"));
        assertThat(left).hasSize(3);
        assertThat(lane.board().progress(second().table()).state()).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(lane.board().progress(third().table()).state()).isEqualTo(TableState.STREAMING);
    }

    @Test
    @Timeout(60)
    void a_failure_that_is_not_one_tables_ends_all_reading() {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        Tables tables = new Tables(1, table -> {
            if (table.equals(TABLE)) {
                begun.await();
                throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot read: scripted");
            }
            started.incrementAndGet();
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.incrementAndGet();
            }
        });
        assertThatThrownBy(() -> coordinator(Duration.ofMinutes(1), 2).copy(tables, tables.tables(), () -> {}))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE));
        // One, or two when the failing one was over before the last one's turn.
        assertThat(started).hasPositiveValue();
        assertThat(ended).hasValue(started.get());
    }

    private static RelationSchema second() {
        return named("second", 2);
    }

    private static RelationSchema third() {
        return named("third", 3);
    }

    private static RelationSchema named(String name, int oid) {
        RelationSchema given = ScriptedSource.TABLE;
        return new RelationSchema(
                oid, new TableId("public", name), given.identity(), given.columns(), given.keyColumns());
    }

    /** What a read of a range does. */
    @FunctionalInterface
    private interface Reading {
        void of(TableId table) throws InterruptedException;
    }

    /** Three tables without rows. */
    private static final class Tables implements TableCopy {

        private final int pieces;
        private final Reading reading;
        private final List<TableId> read = new CopyOnWriteArrayList<>();

        Tables(int pieces, Reading reading) {
            this.pieces = pieces;
            this.reading = reading;
        }

        @Override
        public Lsn consistentPoint() {
            return new Lsn(100);
        }

        @Override
        public List<TablePicture> tables() {
            return List.of(TablePicture.of(ScriptedSource.TABLE), TablePicture.of(second()), TablePicture.of(third()));
        }

        @Override
        public List<CopyRange> ranges(RelationSchema table, int parallelism) {
            return Collections.nCopies(pieces, new CopyRange(table, 0, Long.MAX_VALUE));
        }

        @Override
        public long read(CopyRange range, RowConsumer rows) throws InterruptedException {
            reading.of(range.table().table());
            read.add(range.table().table());
            return 0;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
