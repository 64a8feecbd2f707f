// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Random changes, commits, restarts with replay and foreign compactions against a model of the source. */
class UpsertModelTest {

    /** Where the saved indexes are, of all tries: each table has its own. */
    private Path directory;

    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_equals_the_source_after_every_commit(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, false).play();
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void a_table_without_key_equals_the_source_after_every_commit(@ForAll long seed) {
        new Run(new Random(seed), Relations.KEYLESS, false).play();
    }

    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_keeps_every_deleted_row_once(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, true).play();
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void a_table_without_key_keeps_every_deleted_row(@ForAll long seed) {
        new Run(new Random(seed), Relations.KEYLESS, true).play();
    }

    @BeforeProperty
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("philotes-index");
    }

    @AfterProperty
    void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** One run; the relation decides which kind of changes the source sends. */
    private final class Run {

        private final Random random;
        private final RelationSchema relation;
        private final boolean keepsDeleted;
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
            long indexMemoryBytes = random.nextBoolean() ? 3_000 : 1_000_000;
            this.lake = new TestLake(options -> options.formatVersion(formatVersion)
                    .indexMemoryBytes(indexMemoryBytes)
                    .indexDirectory(directory)
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
            for (int step = 0; step < 25; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> restart();
                    case 1 -> compact();
                    case 2, 3 -> commit();
                    default -> write();
                }
            }
            commit();
            if (relation.hasKey()) {
                requireUniqueKeysThroughout();
            }
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
                assertThat(lake.rows("orders", "id", "name", "amount", "_cdc_operation", "_cdc_deleted"))
                        .isEqualTo(source.expectedWithDeleted());
            } else {
                assertThat(lake.rows("orders")).isEqualTo(source.expected());
            }
        }

        /** After an orderly end, from which the index is saved, or a crash, with the index as it was saved before. */
        private void restart() {
            if (random.nextBoolean()) {
                lake.sink().close();
            }
            lake.restart().resume(relation, lake.sink().committedUpTo(relation).orElseThrow());
            List<ChangeBatch> replayed = random.nextBoolean() ? all : sinceCommit;
            replayed.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
            assertThat(lake.sink().committedUpTo(relation).orElseThrow()).isLessThanOrEqualTo(committed);
        }

        private void compact() {
            if (lake.table("orders").spec().isUnpartitioned()) {
                OtherWriter.compact(lake.table("orders"));
            }
        }
    }
}
