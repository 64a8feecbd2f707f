// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.TablePicture;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is altered between changes, and wherever it crashes: the target is the source, column by column. */
class AlterModelTest {

    private static final int SEEDS = 6;
    private static final int TRANSACTIONS = 25;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_target_follows_every_alteration(boolean keyed) {
        long first = System.nanoTime();
        for (long seed = first; seed < first + SEEDS; seed++) {
            try {
                follow(new Random(seed), keyed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ", keyed=" + keyed, e);
            }
        }
    }

    private static void follow(Random random, boolean keyed) {
        AlteredSource source = new AlteredSource(random, keyed);
        TestLake lake = new TestLake();
        TestLake.load(lake.sink(), new TablePicture(source.relation(), source.facts()), LOADED_AT);
        ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        List<ChangeBatch> uncommitted = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            source.transact(feed);
            uncommitted.add(feed.batch());
            write(lake, uncommitted.subList(uncommitted.size() - 1, uncommitted.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    lake.commit(feed.end());
                    uncommitted.clear();
                }
                case 2 -> {
                    lake.restart().resume(source.relation(), LOADED_AT);
                    write(lake, uncommitted);
                }
                case 3 -> {
                    lake.sink().discard();
                    write(lake, uncommitted);
                }
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
        List<String> names = lake.table("orders").schema().columns().stream()
                .map(Types.NestedField::name)
                .toList();
        assertThat(names).containsExactlyInAnyOrderElementsOf(source.names());
        assertThat(lake.rows("orders")).isEqualTo(source.rows(names));
    }

    private static void write(TestLake lake, List<ChangeBatch> batches) {
        batches.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
    }
}
