// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.CommitResult.Outcome;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is altered between changes, wherever it crashes or is compacted, and whatever the catalog says of a commit: the
 * target is the source, or its history, column by column. {@code -Dphilotes.alter.seeds=N} makes more of it.
 */
class AlterModelTest {

    private static final int SEEDS = Integer.getInteger("philotes.alter.seeds", 4);
    private static final int TRANSACTIONS = 25;
    private static final CommitRetry RETRY = new CommitRetry(3, 3, Duration.ofMillis(1), Duration.ofMillis(2));

    @ParameterizedTest
    @CsvSource({
        "true, false, UPSERT",
        "true, true, UPSERT",
        "false, true, UPSERT",
        "true, false, APPEND",
        "false, true, APPEND"
    })
    void the_target_follows_every_alteration(boolean keyed, boolean images, WriteMode mode) {
        long first = Long.getLong("philotes.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                new Run(new Random(new SplittableRandom(seed).nextLong()), keyed, images, mode).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed=" + seed + ", keyed=" + keyed + ", images=" + images + ", mode=" + mode, e);
            }
        }
    }

    private static final class Run {

        private final Random random;
        private final WriteMode mode;
        private final FaultyCatalog catalog = FaultyCatalog.inMemory();
        private final AlteredSource source;
        private final TestLake lake;
        private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        private final List<ChangeBatch> uncommitted = new ArrayList<>();
        private final List<ChangeBatch> all = new ArrayList<>();

        Run(Random random, boolean keyed, boolean images, WriteMode mode) {
            this.random = random;
            this.mode = mode;
            int formatVersion = 2 + random.nextInt(2);
            // Older rows of a history do not show a default, which is told.
            boolean defaults = formatVersion == 3 && mode == WriteMode.UPSERT;
            this.source = new AlteredSource(random, keyed, images, defaults);
            this.lake = lake(formatVersion);
        }

        private TestLake lake(int formatVersion) {
            boolean keepsDeleted = mode == WriteMode.UPSERT && random.nextInt(3) == 0;
            long indexMemoryBytes = random.nextBoolean() ? 3_000 : 1_000_000;
            boolean compacts = random.nextBoolean();
            return new TestLake(
                    catalog,
                    options -> options.formatVersion(formatVersion)
                            .mode(mode)
                            .commitRetry(RETRY)
                            .indexMemoryBytes(indexMemoryBytes)
                            .targetFileSizeBytes(3_000)
                            .waitingMemoryBytes(400)
                            .compaction(CompactionOptions.DEFAULT
                                    .withEnabled(compacts)
                                    .withMinFiles(2)
                                    .withMinDeletedRows(1)
                                    .withDeletedFraction(0.05)
                                    .withCpuShare(1))
                            .table(Relations.ORDERS, ModelledTable.options(keepsDeleted)));
        }

        void play() {
            TestLake.load(lake.sink(), new TablePicture(source.relation(), source.facts()), LOADED_AT);
            for (int i = 0; i < TRANSACTIONS; i++) {
                source.transact(feed);
                take(feed.batch());
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> commit();
                    case 3 -> restart();
                    case 4 -> {
                        lake.sink().discard();
                        write(uncommitted);
                    }
                    case 5 -> Compactions.awaitCopy(lake);
                    case 6 -> OtherWriter.compact(lake.table("orders"));
                    default -> {}
                }
            }
            take(feed.begin()
                    .picture(source.relation(), source.facts())
                    .commit()
                    .batch());
            commit();
            requireEqual();
            Compactions.settle(lake);
            requireEqual();
        }

        private void take(ChangeBatch batch) {
            all.add(batch);
            uncommitted.add(batch);
            write(List.of(batch));
        }

        private void write(List<ChangeBatch> batches) {
            batches.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
        }

        private void restart() {
            lake.restart().resume(source.relation(), LOADED_AT);
            write(random.nextBoolean() ? all : uncommitted);
        }

        /** When nobody knows whether it was made, a new session asks the table, and is given everything again. */
        private void commit() {
            if (random.nextBoolean() && lake.sink().uncommittedBytes() > 0) {
                spoil();
            }
            while (isUnknown(lake.commitResult(feed.end()).outcomes().values())) {
                restart();
            }
            assertThat(catalog.isPlayed()).isTrue();
            uncommitted.clear();
        }

        private static boolean isUnknown(Collection<Outcome> outcomes) {
            assertThat(outcomes).extracting(Outcome::kind).isSubsetOf(Kind.COMMITTED, Kind.UNKNOWN);
            return outcomes.stream().anyMatch(outcome -> outcome.kind() == Kind.UNKNOWN);
        }

        /** Some attempts do not get there, maybe more than there are, and of the next one the reply is lost or wrong. */
        private void spoil() {
            for (int lost = random.nextInt(RETRY.attempts() + 1); lost > 0; lost--) {
                catalog.next(random.nextBoolean() ? Fault.lose() : Fault.reject());
            }
            switch (random.nextInt(4)) {
                case 0 -> catalog.next(Fault.failAfter());
                case 1 -> catalog.next(Fault.failAfter(() -> new CommitFailedException("the table has moved")));
                case 2 -> catalog.next(this::makeUnseen);
                default -> {}
            }
        }

        private void makeUnseen(Runnable commit) {
            for (int look = 0; look < RETRY.looks(); look++) {
                catalog.nextRefresh(Fault.lose());
            }
            Fault.failAfter().pass(commit);
        }

        private void requireEqual() {
            List<String> names = lake.table("orders").schema().columns().stream()
                    .map(Types.NestedField::name)
                    .filter(name -> !name.startsWith("_cdc_"))
                    .toList();
            assertThat(names).containsExactlyInAnyOrderElementsOf(source.names());
            if (mode == WriteMode.APPEND) {
                assertThat(rows(names, "_cdc_operation")).isEqualTo(source.history(names));
            } else {
                assertThat(live(names)).isEqualTo(source.rows(names));
            }
        }

        private List<String> rows(List<String> names, String... more) {
            return lake.rows(
                    "orders", Stream.concat(names.stream(), Stream.of(more)).toArray(String[]::new));
        }

        /** Without what is kept although it was deleted. */
        private List<String> live(List<String> names) {
            if (lake.table("orders").schema().findField("_cdc_deleted") == null) {
                return rows(names);
            }
            return rows(names, "_cdc_deleted").stream()
                    .filter(row -> row.endsWith("|false"))
                    .map(row -> row.substring(0, row.length() - "|false".length()))
                    .sorted()
                    .toList();
        }
    }
}
