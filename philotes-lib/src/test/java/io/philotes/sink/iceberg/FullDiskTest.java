// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.CommitResult;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a storage that refuses to finish a file leaves behind. */
class FullDiskTest {

    private static final RelationSchema NOTED =
            Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), Column.of("id", 1, INT8), Column.of("note", 2, TEXT));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void a_commit_that_was_never_sent_leaves_no_files(@TempDir Path directory) throws Exception {
        try (var catalog = LocalCatalog.open(directory)) {
            TestLake lake = new TestLake(
                            catalog, options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy("note")))
                    .loaded(NOTED);
            feed.begin();
            for (int i = 0; i < 8; i++) {
                feed.insert(NOTED, i, "n" + i);
            }
            lake.write(feed.commit().batch());
            Path data = Path.of(lake.table("orders").location(), "data");
            Files.createDirectories(data);
            Files.createFile(data.resolve("note=n5"));
            assertThat(lake.commitResult(feed.end()).outcomes().get(ORDERS).kind())
                    .isEqualTo(CommitResult.Kind.UNKNOWN);
            assertThat(parquet(directory)).isEmpty();
        }
    }

    private static List<Path> parquet(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }
}
