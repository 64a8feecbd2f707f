// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.philotes.samples.PlainJava;
import io.philotes.samples.support.Output;
import io.philotes.samples.support.Readme;
import io.philotes.samples.support.SampleDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the README says, and Spark answers what it shows. */
class QueryTest {

    /** From here on the JVM has lost what Spark's Hadoop calls at its start. */
    private static final int FIRST_UNUSABLE_JAVA = 24;

    private static final String LAKE_IN_README = "/tmp/lake";

    @Test
    void spark_answers_what_the_readme_shows(@TempDir Path lake, @TempDir Path scratch) throws Exception {
        int java = Runtime.version().feature();
        assumeTrue(java < FIRST_UNUSABLE_JAVA, "skipped: Spark 4.1 does not start on Java " + java);
        List<String> sql = Readme.here().blocks("sql");
        try (SampleDatabase database = SampleDatabase.start()) {
            database.execute(sql.get(0));
            String[] args = {database.url(), SampleDatabase.USER, SampleDatabase.USER, lake.toString()};
            Output.of(() -> PlainJava.main(args));
        }
        String command = Readme.here().blocks("sh").get(1);
        String query = sql.get(1).strip().replaceFirst(";$", "");
        assertThat(SparkSql.of(command, LAKE_IN_README, lake).run(query, scratch))
                .isEqualToNormalizingNewlines(Readme.here().blocks("text").get(0));
    }
}
