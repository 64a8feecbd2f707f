// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.samples.support.Output;
import io.philotes.samples.support.Readme;
import io.philotes.samples.support.SampleDatabase;
import io.philotes.testkit.RestFixture;
import io.philotes.testkit.S3Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the README says, with Iceberg's own REST server and an S3 server, and sees what it shows. */
class RestCatalogS3Test {

    @Test
    void the_readme_is_true(@TempDir Path directory) throws Exception {
        List<String> sql = Readme.here().blocks("sql");
        List<String> shown = Readme.here().blocks("text");
        try (SampleDatabase database = SampleDatabase.start();
                S3Server storage = S3Server.start(directory);
                RestFixture server = RestFixture.start(directory, storage)) {
            String[] args = {
                database.url(),
                SampleDatabase.USER,
                SampleDatabase.USER,
                server.uri(),
                storage.uri(),
                S3Server.ACCESS_KEY,
                S3Server.SECRET_KEY
            };
            for (int i = 0; i < 2; i++) {
                database.execute(sql.get(i));
                assertThat(Output.of(() -> RestCatalogS3.main(args))).isEqualToNormalizingNewlines(shown.get(i));
            }
        }
    }
}
