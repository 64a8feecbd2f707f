// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.samples.support.Output;
import io.philotes.samples.support.Readme;
import io.philotes.samples.support.SampleDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the README says, and sees what it shows. */
class PlainJavaTest {

    @Test
    void the_sample_copies_and_then_follows(@TempDir Path lake) throws Exception {
        List<String> sql = Readme.here().blocks("sql");
        List<String> shown = Readme.here().blocks("text");
        try (SampleDatabase database = SampleDatabase.start()) {
            String[] args = {database.url(), SampleDatabase.USER, SampleDatabase.USER, lake.toString()};
            for (int i = 0; i < 2; i++) {
                database.execute(sql.get(i));
                assertThat(Output.of(() -> PlainJava.main(args))).isEqualToNormalizingNewlines(shown.get(i));
            }
        }
    }
}
