// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.part;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.philotes.Philotes;
import io.philotes.PipelineDraft;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.postgres.PostgresBuffer;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Philotes as a user of the runner has it, with its defaults: local catalog, upsert, format version 3, an index directory. */
final class PhilotesPart implements Part {

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final JdbcCatalog catalog;
    private final Pipeline pipeline;

    private PhilotesPart(JdbcCatalog catalog, Pipeline pipeline) {
        this.catalog = catalog;
        this.pipeline = pipeline;
    }

    static PhilotesPart start(PartSpec spec) {
        JdbcCatalog catalog = LocalCatalog.open(Path.of(spec.lake()));
        PipelineDraft draft = Philotes.source(source(spec)).name(spec.slot()).buffer(buffer(spec));
        if (spec.commitIntervalMillis() > 0) {
            draft.commitInterval(Duration.ofMillis(spec.commitIntervalMillis()));
        }
        IcebergSink sink = IcebergSink.builder(catalog)
                .namespace(spec.namespace())
                .indexDirectory(Path.of(spec.state()).resolve("index"))
                .build();
        return new PhilotesPart(catalog, draft.sink(sink).start());
    }

    private static PostgresSource source(PartSpec spec) {
        PostgresSourceBuilder source = PostgresSource.builder(spec.url())
                .credentials(spec.user(), spec.password())
                .sslMode(SslMode.PREFER)
                .tables(spec.tables().toArray(String[]::new))
                .slot(spec.slot())
                .publication(spec.publication());
        if (!spec.socket().isEmpty()) {
            source.socket(Path.of(spec.socket()));
        }
        if (spec.streams()) {
            source.streaming(Path.of(spec.state()).resolve("spool"));
        }
        return source.build();
    }

    private static ChangeBuffer buffer(PartSpec spec) {
        return switch (spec.buffer()) {
            case MEMORY -> MemoryBuffer.bounded(MemoryBuffer.DEFAULT_LIMIT_BYTES);
            case DISK ->
                DiskBuffer.builder(Path.of(spec.state()).resolve("buffer")).build();
            case POSTGRES -> PostgresBuffer.of(pool(spec.bufferUrl()));
        };
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(12);
        return new HikariDataSource(config);
    }

    /** Up to the last change in a table snapshot that readers see. */
    @Override
    public void drain() throws InterruptedException {
        pipeline.runUntilCaughtUp(PATIENCE);
    }

    @Override
    public void close() {
        pipeline.close();
        catalog.close();
    }
}
