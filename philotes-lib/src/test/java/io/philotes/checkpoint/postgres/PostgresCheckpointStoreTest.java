// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.CheckpointStoreContract;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresCheckpointStoreTest extends CheckpointStoreContract {

    private static TestPostgres postgres;
    private static int schemas;

    private String schema;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void name_a_schema() {
        schema = "checkpoints_" + ++schemas;
    }

    @Override
    protected CheckpointStore store() {
        return PostgresCheckpointStore.of(TestDataSource.of(postgres, "postgres"), schema, Initialize.ALWAYS);
    }

    @Test
    void many_processes_that_save_at_once_leave_the_newest() throws Exception {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        System.out.println("PostgresCheckpointStoreTest seed=" + seed);
        Random random = new Random(seed);
        List<Checkpoint> all = new ArrayList<>();
        List<CompletableFuture<Void>> savers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Checkpoint> mine = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                mine.add(checkpoint(1 + random.nextInt(3), random.nextLong()));
            }
            all.addAll(mine);
            savers.add(CompletableFuture.runAsync(() -> saveEach(mine)));
        }
        for (CompletableFuture<Void> saver : savers) {
            saver.get(60, TimeUnit.SECONDS);
        }
        Checkpoint newest = all.stream()
                .max(Comparator.comparingLong(Checkpoint::epoch).thenComparing(Checkpoint::coveredUpTo))
                .orElseThrow();
        assertThat(store().load("shop")).contains(newest);
    }

    private void saveEach(List<Checkpoint> checkpoints) {
        CheckpointStore store = store();
        for (Checkpoint checkpoint : checkpoints) {
            Checkpoint stored = store.save("shop", checkpoint);
            assertThat(stored.supersedes(checkpoint)).isTrue();
        }
    }

    @Test
    void a_damaged_one_is_told_and_not_taken_for_none() throws Exception {
        store().save("shop", checkpoint(1, 100));
        postgres.execute("UPDATE " + schema + ".cdc_checkpoints SET checkpoint = replace(checkpoint, '0/64', '0/65')");
        assertThatThrownBy(() -> store().load("shop"))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT))
                .hasMessageContaining("cdc_checkpoints");
    }

    @Test
    void who_only_looks_creates_nothing() throws Exception {
        assertThat(store().look("shop")).isEmpty();
        postgres.execute("CREATE SCHEMA " + schema);
        postgres.execute("DROP SCHEMA " + schema);
        Checkpoint saved = store().save("shop", checkpoint(1, 100));
        assertThat(store().look("shop")).contains(saved);
    }

    @Test
    void tables_that_are_not_there_are_no_checkpoint_that_is_not_there() {
        CheckpointStore careful =
                PostgresCheckpointStore.of(TestDataSource.of(postgres, "postgres"), schema, Initialize.NEVER);
        assertThatThrownBy(() -> careful.load("shop"))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_NOT_PREPARED));
    }
}
