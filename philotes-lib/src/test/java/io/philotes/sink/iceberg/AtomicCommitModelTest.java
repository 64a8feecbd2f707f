// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.CommitResult.Outcome;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.Fault;
import io.philotes.testkit.OtherWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.iceberg.exceptions.CommitFailedException;

/** Three tables in common commits, whose requests go wrong in every way, in a random order, with restarts in between. */
class AtomicCommitModelTest {

    private static final CommitRetry RETRY = new CommitRetry(3, 3, Duration.ofMillis(1), Duration.ofMillis(2));

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void tables_equal_their_sources_and_stand_at_one_position(@ForAll long seed) {
        new Run(new Random(seed), true).play();
    }

    /** Whatever the catalog promises, no row hangs on it. */
    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void a_catalog_that_makes_halves_costs_no_row(@ForAll long seed) {
        new Run(new Random(seed), false).play();
    }

    private static final class Run {

        private final CommonCatalog catalog = new CommonCatalog();
        private final TestLake lake =
                new TestLake(catalog, options -> options.atomicCommits().commitRetry(RETRY));
        private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        private final Map<RelationSchema, SourceModel> sources = new LinkedHashMap<>();
        private final List<ChangeBatch> sinceCommit = new ArrayList<>();
        private final Random random;
        private final boolean isHonest;

        Run(Random random, boolean isHonest) {
            this.random = random;
            this.isHonest = isHonest;
            List.of(table(1, KEYED), table(2, KEYED), table(3, KEYLESS)).forEach(relation -> {
                SourceModel source = new SourceModel(random, relation);
                lake.loaded(relation, source.rows());
                sources.put(relation, source);
            });
        }

        private static RelationSchema table(int number, RelationSchema like) {
            TableId name = new TableId("public", "t" + number);
            return new RelationSchema(5000 + number, name, like.identity(), like.columns(), like.keyColumns());
        }

        void play() {
            for (int step = 0; step < 20; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> restart();
                    case 1, 2 -> commit();
                    default -> write();
                }
            }
            commit();
            assertThat(catalog.requests()).as("tables in one request").anyMatch(tables -> tables > 1);
        }

        private void write() {
            feed.begin();
            sources.forEach((relation, source) -> {
                for (int changes = random.nextInt(4); changes > 0; changes--) {
                    source.change(feed);
                }
            });
            feed.commit();
            sinceCommit.add(feed.batch());
            assertThat(lake.write(sinceCommit.get(sinceCommit.size() - 1))).isEqualTo(WriteResult.CLEAN);
        }

        private void restart() {
            lake.restart();
            sources.keySet().forEach(this::resume);
            bringAgain();
        }

        private void resume(RelationSchema relation) {
            lake.sink().resume(relation, position(relation));
        }

        private void bringAgain() {
            sinceCommit.forEach(
                    batch -> assertThat(lake.write(batch).rejections()).isEmpty());
        }

        private Lsn position(RelationSchema relation) {
            return lake.sink().committedUpTo(relation).orElseThrow();
        }

        private void commit() {
            for (int faults = random.nextInt(5); faults > 0; faults--) {
                spoilOne();
            }
            for (boolean ended = false; !ended; ) {
                Map<TableId, Outcome> outcomes = lake.commitResult(feed.end()).outcomes();
                assertThat(outcomes.values()).extracting(Outcome::kind).isSubsetOf(Kind.COMMITTED, Kind.UNKNOWN);
                if (isHonest && outcomes.size() > 1) {
                    assertThat(outcomes.values().stream().map(Outcome::kind).distinct())
                            .as("all or none: %s", outcomes)
                            .hasSize(1);
                }
                ended = outcomes.values().stream().allMatch(outcome -> outcome.kind() == Kind.COMMITTED);
                if (!ended) {
                    sources.keySet().stream()
                            .filter(relation -> isUnknown(outcomes.get(relation.table())))
                            .forEach(this::resume);
                    bringAgain();
                }
            }
            sinceCommit.clear();
            sources.forEach((relation, source) ->
                    assertThat(lake.rows(relation.table().name())).isEqualTo(source.expected()));
        }

        private static boolean isUnknown(Outcome outcome) {
            return outcome != null && outcome.kind() == Kind.UNKNOWN;
        }

        private void spoilOne() {
            Fault fault = fault();
            if (isHonest || random.nextBoolean()) {
                catalog.nextRequest(fault);
            } else {
                catalog.nextHalfRequest(fault);
            }
        }

        private Fault fault() {
            String name = "t" + (1 + random.nextInt(3));
            return switch (random.nextInt(6)) {
                case 0 -> Fault.lose();
                case 1 -> Fault.reject();
                case 2 -> Fault.failAfter();
                case 3 -> Fault.failAfter(() -> new CommitFailedException("the table has moved"));
                case 4 -> Fault.after(() -> OtherWriter.compact(lake.table(name)));
                default -> Runnable::run;
            };
        }
    }
}
