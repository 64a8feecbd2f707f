// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.RelationSchema;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void a_table_without_key_equals_the_source_after_every_commit(@ForAll long seed) {
        new Run(new Random(seed), Relations.KEYLESS, false).play();
    }

    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    void a_keyed_table_keeps_every_deleted_row_once(@ForAll long seed) {
        Random random = new Random(seed);
        new Run(random, random.nextBoolean() ? Relations.KEYED : Relations.TEXT_KEYED, true).play();
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
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
        private final TestLake lake;
        private final ModelledTable table;

        Run(Random random, RelationSchema relation, boolean keepsDeleted) {
            this.random = random;
            int formatVersion = 2 + random.nextInt(2);
            String[] partitions = random.nextBoolean() ? new String[] {"truncate(2, amount)"} : new String[0];
            long indexMemoryBytes = random.nextBoolean() ? 3_000 : 1_000_000;
            this.lake = new TestLake(options -> options.formatVersion(formatVersion)
                    .indexMemoryBytes(indexMemoryBytes)
                    .indexDirectory(directory)
                    .targetFileSizeBytes(3_000)
                    .waitingMemoryBytes(400)
                    .table(Relations.ORDERS, ModelledTable.options(keepsDeleted, partitions)));
            this.table = new ModelledTable(random, relation, keepsDeleted, lake);
        }

        void play() {
            for (int step = 0; step < 25; step++) {
                switch (random.nextInt(9)) {
                    case 0 -> restart();
                    case 1 -> compact();
                    case 2, 3 -> table.commit();
                    case 4 -> table.discard();
                    default -> table.write();
                }
            }
            table.commit();
            table.requireUniqueKeysThroughout();
        }

        /** After an orderly end, from which the index is saved, or a crash, with the index as it was saved before. */
        private void restart() {
            if (random.nextBoolean()) {
                lake.sink().close();
            }
            table.restart();
        }

        private void compact() {
            if (lake.table("orders").spec().isUnpartitioned()) {
                OtherWriter.compact(lake.table("orders"));
            }
        }
    }
}
