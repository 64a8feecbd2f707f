// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.RelationSchema;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.Random;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;

/** Random changes, commits, restarts, faults and foreign writers while the table is compacted all the time, against a model. */
class CompactionModelTest {

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_equals_the_source_after_every_commit(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, false).play();
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void a_table_without_key_equals_the_source_after_every_commit(@ForAll long seed) {
        new Run(new Random(seed), Relations.KEYLESS, false).play();
    }

    @Property(tries = 2, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_keeps_every_deleted_row_once(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, true).play();
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
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
        private final FaultyCatalog catalog = FaultyCatalog.inMemory();
        private final TestLake lake;
        private final ModelledTable table;

        Run(Random random, RelationSchema relation, boolean keepsDeleted) {
            this.random = random;
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
                            .table(Relations.ORDERS, ModelledTable.options(keepsDeleted, partitions)));
            this.table = new ModelledTable(random, relation, keepsDeleted, lake);
        }

        void play() {
            for (int step = 0; step < 45; step++) {
                switch (random.nextInt(25)) {
                    case 0 -> table.restart();
                    case 1 -> compact();
                    case 2 -> catalog.next(fault());
                    case 3, 4, 5, 6 -> Compactions.awaitCopy(lake);
                    case 7, 8, 9 -> tend();
                    case 10, 11, 12, 13, 14, 15, 16 -> table.commit();
                    case 17 -> table.discard();
                    default -> table.write();
                }
            }
            commitAndSettle();
            // Where others compacted every time, nothing was left to do.
            for (int more = 0; more < 20 && !isCompacted(); more++) {
                table.write();
                commitAndSettle();
            }
            assertThat(isCompacted()).as("a compaction of ours").isTrue();
            table.requireUniqueKeysThroughout();
        }

        private void commitAndSettle() {
            table.commit();
            Compactions.settle(lake);
            table.requireEqual();
        }

        private boolean isCompacted() {
            return StreamSupport.stream(lake.table("orders").snapshots().spliterator(), false)
                    .anyMatch(CompactionModelTest::isCompaction);
        }

        private Fault fault() {
            return switch (random.nextInt(5)) {
                case 0 -> Fault.reject();
                case 1 -> Fault.lose();
                case 2 -> Fault.failAfter();
                case 3 -> this::makeAndDeny;
                default -> Fault.after(this::compact);
            };
        }

        /** And the next looks find the table as it was before. */
        private void makeAndDeny(Runnable commit) {
            commit.run();
            for (int looks = random.nextInt(5); looks > 0; looks--) {
                catalog.nextOldLook();
            }
            throw new CommitFailedException("the table has moved");
        }

        private void tend() {
            Compactions.tend(lake);
            if (table.isCommitted()) {
                table.requireEqual();
            }
        }

        private void compact() {
            if (lake.table("orders").spec().isUnpartitioned()) {
                OtherWriter.compact(catalog.real().loadTable(TableIdentifier.of("shop", "orders")));
            }
        }
    }
}
