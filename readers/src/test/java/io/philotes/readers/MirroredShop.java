// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import io.philotes.Philotes;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;

/**
 * The {@link Shop}, mirrored after each of its chapters into the namespaces {@code v2} and {@code v3} of one local lake,
 * with tables of those format versions. No pipeline runs any more.
 */
final class MirroredShop implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final TestPostgres postgres = TestPostgres.start();

    private MirroredShop(Path directory) {
        this.directory = directory;
    }

    static MirroredShop in(Path directory) throws Exception {
        MirroredShop shop = new MirroredShop(directory);
        try (JdbcCatalog catalog = LocalCatalog.open(shop.lake())) {
            shop.write(catalog);
            return shop;
        } catch (Exception | Error e) {
            shop.close();
            throw e;
        }
    }

    private void write(JdbcCatalog catalog) throws Exception {
        postgres.execute(Shop.SCHEMA);
        postgres.execute(Shop.FIRST_ROWS);
        try (Pipeline two = start(catalog, 2);
                Pipeline three = start(catalog, 3)) {
            settle(two, three);
            postgres.execute(Shop.CHANGES);
            settle(two, three);
        }
        postgres.execute(Shop.CHANGED_SCHEMA);
        try (Pipeline two = start(catalog, 2);
                Pipeline three = start(catalog, 3)) {
            settle(two, three);
        }
    }

    private Pipeline start(JdbcCatalog catalog, int formatVersion) {
        String name = "v" + formatVersion;
        PostgresSource source = PostgresSource.builder(postgres.url())
                .credentials("postgres", "postgres")
                .tables(Stream.concat(Shop.MIRRORED.stream(), Stream.of(Shop.HISTORY, Shop.CLOCKS, Shop.GROWN))
                        .map(t -> "public." + t)
                        .toArray(String[]::new))
                .sslMode(SslMode.DISABLE)
                .build();
        IcebergSink sink = IcebergSink.builder(catalog)
                .namespace(name)
                .formatVersion(formatVersion)
                .table(table("visits"), TableOptions.DEFAULTS.partitionBy("day(at)", "bucket(4, id)"))
                .table(table("places"), TableOptions.DEFAULTS.partitionBy("truncate(7, name)"))
                .table(table(Shop.HISTORY), TableOptions.DEFAULTS.mode(WriteMode.APPEND))
                .build();
        return Philotes.source(source)
                .name(name)
                .buffer(DiskBuffer.at(directory.resolve("buffer-" + name)))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state-" + name)))
                .commitInterval(Duration.ofMillis(200))
                .sink(sink)
                .start();
    }

    private static TableId table(String name) {
        return new TableId("public", name);
    }

    private static void settle(Pipeline... pipelines) throws InterruptedException {
        for (Pipeline pipeline : pipelines) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> pipeline.status().state() == PipelineState.RUNNING
                            || pipeline.status().state().isFinal());
            pipeline.runUntilCaughtUp(PATIENCE);
        }
    }

    /** What the source holds now. */
    Rows source(String table) throws Exception {
        return Rows.of(postgres, table);
    }

    Path lake() {
        return directory.resolve("lake");
    }

    Path warehouse() {
        return lake().resolve("warehouse");
    }

    String catalogUri() {
        return "jdbc:sqlite:" + lake().resolve("catalog.db");
    }

    @Override
    public void close() {
        postgres.close();
    }
}
