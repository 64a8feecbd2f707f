// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;

/** Random changes, commits, restarts, faults and foreign writers while the table is compacted all the time, against a model. */
class CompactionModelTest {

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_equals_the_source_after_every_commit(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, false).play();
    }

    @Property(tries = 2, shrinking = ShrinkingMode.OFF)
    void a_table_without_key_equals_the_source_after_every_commit(@ForAll long seed) {
        new Run(new Random(seed), Relations.KEYLESS, false).play();
    }

    @Property(tries = 2, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_keeps_every_deleted_row_once(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, true).play();
    }

    @Property(tries = 2, shrinking = ShrinkingMode.OFF)
    void a_table_without_key_keeps_every_deleted_row(@ForAll long seed) {
        new Run(new Random(seed), Relations.KEYLESS, true).play();
    }

    private static boolean isCompaction(Snapshot snapshot) {
        return snapshot.operation().equals(DataOperations.REPLACE)
                && snapshot.summary().containsKey(Marker.BATCH_ID);
    }

    /** One run; the relation decides which kind of changes the source sends. */
    private static final class Run {

        private final Random random;
        private final RelationSchema relation;
        private final boolean keepsDeleted;
        private final FaultyCatalog catalog = FaultyCatalog.inMemory();
        private final TestLake lake;
        private final SourceModel source;
        private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        private final List<ChangeBatch> sinceCommit = new ArrayList<>();
        private final List<ChangeBatch> all = new ArrayList<>();
        private Lsn committed = LOADED_AT;

        Run(Random random, RelationSchema relation, boolean keepsDeleted) {
            this.random = random;
            this.relation = relation;
            this.keepsDeleted = keepsDeleted;
            this.source = new SourceModel(random, relation);
            int formatVersion = 2 + random.nextInt(2);
            String[] partitions = random.nextBoolean() ? new String[] {"truncate(2, amount)"} : new String[0];
            this.lake = new TestLake(
                    catalog,
                    options -> options.formatVersion(formatVersion)
                            .compaction(CompactionOptions.DEFAULT
                                    .withMinFiles(2)
                                    .withMinDeletedRows(1)
                                    .withDeletedFraction(0.05)
                                    .withMaxRunBytes(1 + random.nextInt(30_000))
                                    .withCpuShare(1))
                            .targetFileSizeBytes(3_000)
                            .waitingMemoryBytes(400)
                            .table(Relations.ORDERS, options(partitions)));
            lake.loaded(relation, source.rows());
        }

        private TableOptions options(String... partitions) {
            TableOptions options = TableOptions.DEFAULTS.partitionBy(partitions);
            return keepsDeleted ? options.withSoftDelete() : options;
        }

        void play() {
            for (int step = 0; step < 45; step++) {
                switch (random.nextInt(24)) {
                    case 0 -> restart();
                    case 1 -> compact();
                    case 2 -> catalog.next(fault());
                    case 3, 4, 5, 6 -> Compactions.awaitCopy(lake);
                    case 7, 8, 9 -> tend();
                    case 10, 11, 12, 13, 14, 15, 16 -> commit();
                    default -> write();
                }
            }
            commitAndSettle();
            // Where others compacted every time, nothing was left to do.
            for (int more = 0; more < 20 && !isCompacted(); more++) {
                write();
                commitAndSettle();
            }
            assertThat(isCompacted()).as("a compaction of ours").isTrue();
            if (relation.hasKey()) {
                requireUniqueKeysThroughout();
            }
        }

        private void commitAndSettle() {
            commit();
            Compactions.settle(lake);
            requireEqual();
        }

        private boolean isCompacted() {
            return StreamSupport.stream(lake.table("orders").snapshots().spliterator(), false)
                    .anyMatch(CompactionModelTest::isCompaction);
        }

        /** A reader may look at any table snapshot, not only at the newest. */
        private void requireUniqueKeysThroughout() {
            lake.table("orders").snapshots().forEach(snapshot -> {
                List<String> keys = lake.rows("orders", snapshot.snapshotId()).stream()
                        .map(row -> row.substring(0, row.indexOf('|')))
                        .toList();
                assertThat(keys)
                        .describedAs("table snapshot %s", snapshot.sequenceNumber())
                        .doesNotHaveDuplicates();
            });
        }

        private void write() {
            int transactions = 1 + random.nextInt(3);
            for (int t = 0; t < transactions; t++) {
                feed.begin();
                int changes = random.nextInt(12);
                for (int i = 0; i < changes; i++) {
                    source.change(feed);
                }
                feed.commit();
            }
            ChangeBatch batch = feed.batch();
            sinceCommit.add(batch);
            all.add(batch);
            assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        }

        private void commit() {
            lake.commit(feed.end());
            committed = feed.end();
            sinceCommit.clear();
            requireEqual();
        }

        private void requireEqual() {
            if (keepsDeleted) {
                assertThat(withoutOperation(
                                lake.rows("orders", "id", "name", "amount", "_cdc_operation", "_cdc_deleted")))
                        .isEqualTo(withoutOperation(source.expectedWithDeleted()));
            } else {
                assertThat(lake.rows("orders")).isEqualTo(source.expected());
            }
        }

        /** Of rows that look the same without a key, any may be the one that is deleted. */
        private List<String> withoutOperation(List<String> rows) {
            return relation.hasKey()
                    ? rows
                    : rows.stream()
                            .map(row -> row.replaceFirst("\\|[a-z]+\\|(?=(true|false)$)", "|"))
                            .sorted()
                            .toList();
        }

        private void restart() {
            lake.restart().resume(relation, lake.sink().committedUpTo(relation).orElseThrow());
            List<ChangeBatch> replayed = random.nextBoolean() ? all : sinceCommit;
            replayed.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
            assertThat(lake.sink().committedUpTo(relation).orElseThrow()).isLessThanOrEqualTo(committed);
        }

        private Fault fault() {
            return switch (random.nextInt(4)) {
                case 0 -> Fault.reject();
                case 1 -> Fault.lose();
                case 2 -> Fault.failAfter();
                default -> Fault.after(this::compact);
            };
        }

        private void tend() {
            Compactions.tend(lake);
            if (sinceCommit.isEmpty()) {
                requireEqual();
            }
        }

        private void compact() {
            if (lake.table("orders").spec().isUnpartitioned()) {
                OtherWriter.compact(catalog.real().loadTable(TableIdentifier.of("shop", "orders")));
            }
        }
    }
}
