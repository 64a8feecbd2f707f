// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.pipeline.Pipeline;
import io.philotes.samples.support.Readme;
import io.philotes.samples.support.SampleDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the README says, and sees what it shows. */
class ReactionsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void the_readme_is_true(@TempDir Path directory) throws Exception {
        List<String> sql = Readme.here().blocks("sql");
        List<String> shown = Readme.here().blocks("text");
        try (SampleDatabase database = SampleDatabase.start()) {
            database.execute(sql.get(0));
            try (Pipeline pipeline = follow(database, directory)) {
                pipeline.runUntilCaughtUp(PATIENCE);
                assertThat(told).as("what was there before").isEmpty();
                database.execute(sql.get(1));
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            assertThat(told).isEqualTo(shown.get(0).lines().toList());
            database.execute(sql.get(2));
            try (Pipeline pipeline = follow(database, directory)) {
                pipeline.runUntilCaughtUp(PATIENCE);
            }
            assertThat(told.subList((int) shown.get(0).lines().count(), told.size()))
                    .as("what happened while nobody listened")
                    .isEqualTo(shown.get(1).lines().toList());
        }
    }

    private Pipeline follow(SampleDatabase database, Path directory) {
        return Reactions.follow(database.url(), SampleDatabase.USER, SampleDatabase.USER, directory, told::add);
    }
}
