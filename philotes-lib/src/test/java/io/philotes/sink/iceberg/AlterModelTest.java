// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.TablePicture;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.OtherWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is altered between changes, and wherever it crashes or is compacted: the target is the source, column by column.
 * {@code -Dphilotes.alter.seeds=N} makes more of it.
 */
class AlterModelTest {

    private static final int SEEDS = Integer.getInteger("philotes.alter.seeds", 4);
    private static final int TRANSACTIONS = 25;

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, true"})
    void the_target_follows_every_alteration(boolean keyed, boolean images) {
        long first = Long.getLong("philotes.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                follow(new Random(new SplittableRandom(seed).nextLong()), keyed, images);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ", keyed=" + keyed + ", images=" + images, e);
            }
        }
    }

    private static void follow(Random random, boolean keyed, boolean images) {
        int formatVersion = 2 + random.nextInt(2);
        AlteredSource source = new AlteredSource(random, keyed, images, formatVersion == 3);
        TestLake lake = lake(random, formatVersion);
        TestLake.load(lake.sink(), new TablePicture(source.relation(), source.facts()), LOADED_AT);
        ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        List<ChangeBatch> uncommitted = new ArrayList<>();
        List<ChangeBatch> all = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            source.transact(feed);
            all.add(feed.batch());
            uncommitted.add(all.get(all.size() - 1));
            write(lake, uncommitted.subList(uncommitted.size() - 1, uncommitted.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    lake.commit(feed.end());
                    uncommitted.clear();
                }
                case 3 -> {
                    lake.restart().resume(source.relation(), LOADED_AT);
                    write(lake, random.nextBoolean() ? all : uncommitted);
                }
                case 4 -> {
                    lake.sink().discard();
                    write(lake, uncommitted);
                }
                case 5 -> Compactions.awaitCopy(lake);
                case 6 -> OtherWriter.compact(lake.table("orders"));
                default -> {}
            }
        }
        write(
                lake,
                List.of(feed.begin()
                        .picture(source.relation(), source.facts())
                        .commit()
                        .batch()));
        lake.commit(feed.end());
        requireEqual(lake, source);
        Compactions.settle(lake);
        requireEqual(lake, source);
    }

    private static TestLake lake(Random random, int formatVersion) {
        boolean keepsDeleted = random.nextInt(3) == 0;
        long indexMemoryBytes = random.nextBoolean() ? 3_000 : 1_000_000;
        boolean compacts = random.nextBoolean();
        return new TestLake(options -> options.formatVersion(formatVersion)
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

    private static void requireEqual(TestLake lake, AlteredSource source) {
        List<String> names = lake.table("orders").schema().columns().stream()
                .map(Types.NestedField::name)
                .filter(name -> !name.startsWith("_cdc_"))
                .toList();
        assertThat(names).containsExactlyInAnyOrderElementsOf(source.names());
        assertThat(live(lake, names)).isEqualTo(source.rows(names));
    }

    /** Without what is kept although it was deleted. */
    private static List<String> live(TestLake lake, List<String> names) {
        if (lake.table("orders").schema().findField("_cdc_deleted") == null) {
            return lake.rows("orders", names.toArray(String[]::new));
        }
        String[] columns =
                Stream.concat(names.stream(), Stream.of("_cdc_deleted")).toArray(String[]::new);
        return lake.rows("orders", columns).stream()
                .filter(row -> row.endsWith("|false"))
                .map(row -> row.substring(0, row.length() - "|false".length()))
                .sorted()
                .toList();
    }

    private static void write(TestLake lake, List<ChangeBatch> batches) {
        batches.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
    }
}
