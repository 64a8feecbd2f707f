// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Hurts pipelines in every way that {@link Scenarios} knows, two scenarios at a time, and prints how they stood it: briefly by
 * default, for long with {@code -Pfaults}. See {@link Effort} for the parameters.
 */
class FaultSuiteTest {

    private static final int AT_A_TIME = 2;

    private static final Effort EFFORT = Effort.fromProperties();
    private static final Map<String, Score> SCORES = new ConcurrentSkipListMap<>();

    private static TestPostgres postgres;
    private static ExecutorService threads;

    @BeforeAll
    static void begin() {
        System.out.println("FaultSuiteTest " + EFFORT);
        postgres = TestPostgres.start();
        threads = Executors.newFixedThreadPool(AT_A_TIME);
    }

    @AfterAll
    static void end() {
        threads.shutdownNow();
        postgres.close();
        System.out.println(Score.table(SCORES.values()));
    }

    @TestFactory
    Stream<DynamicTest> whatever_happens_to_a_pipeline_it_loses_nothing_in_silence() {
        List<Scenario> wanted = Scenarios.all().stream().filter(EFFORT::wants).toList();
        assertThat(wanted).as("scenarios").isNotEmpty();
        return wanted.stream()
                .map(scenario -> Map.entry(scenario, threads.submit(() -> play(scenario))))
                .toList()
                .stream()
                .map(entry ->
                        DynamicTest.dynamicTest(entry.getKey().name(), () -> check(entry.getKey(), entry.getValue())));
    }

    private static Score play(Scenario scenario) throws Exception {
        long began = System.nanoTime();
        try (Stage stage = Stage.set(EFFORT, postgres, scenario.name())) {
            Score score;
            try {
                Finding finding = scenario.play().run(stage);
                score = Score.of(scenario, stage, finding, began);
                if (!scenario.allowed().contains(finding.verdict()) || Boolean.getBoolean("philotes.faults.keep")) {
                    stage.keep(scenario.name());
                }
            } catch (Exception | Error e) {
                stage.keep(scenario.name());
                throw e;
            }
            SCORES.put(scenario.name(), score);
            System.out.println(score);
            return score;
        }
    }

    private static void check(Scenario scenario, Future<Score> playing) throws Exception {
        Score score = playing.get();
        assertThat(scenario.allowed())
                .as("verdict of %s, seed %s: %s", scenario.name(), EFFORT.seed(), score)
                .contains(score.verdict());
    }
}
