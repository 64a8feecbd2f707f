// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.samples.support.Output;
import io.philotes.samples.support.Readme;
import io.philotes.samples.support.SampleDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the README says, and sees what it shows. */
class CustomSinkTest {

    @Test
    void the_readme_is_true(@TempDir Path directory) throws Exception {
        List<String> sql = Readme.here().blocks("sql");
        List<String> shown = Readme.here().blocks("text");
        try (SampleDatabase database = SampleDatabase.start()) {
            String[] args = {database.url(), SampleDatabase.USER, SampleDatabase.USER, directory.toString()};
            for (int i = 0; i < 2; i++) {
                database.execute(sql.get(i));
                assertThat(Output.of(() -> CustomSink.main(args))).isEqualToNormalizingNewlines(shown.get(i));
            }
        }
    }
}
