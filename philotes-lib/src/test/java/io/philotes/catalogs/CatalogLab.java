// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.BufferConfig;
import io.philotes.config.BufferType;
import io.philotes.config.CatalogConfig;
import io.philotes.config.CommitConfig;
import io.philotes.config.DestinationConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.config.Ref;
import io.philotes.config.Secret;
import io.philotes.config.SourceConfig;
import io.philotes.config.SslConfig;
import io.philotes.config.StateConfig;
import io.philotes.config.TableConfig;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Lake;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.awaitility.Awaitility;

/** Two tables in a database of their own, and the pipeline that a configuration value makes of them. */
final class CatalogLab {

    static final Duration PATIENCE = Duration.ofMinutes(1);
    static final String TABLE_OF_CATALOG = "iceberg_tables";
    private static final List<String> TABLES = List.of("orders", "tags");

    private final TestPostgres postgres;
    private final String database;
    private final Path directory;
    private int round;

    CatalogLab(TestPostgres postgres, String database, Path directory) throws Exception {
        this.postgres = postgres;
        this.database = database;
        this.directory = directory;
        postgres.createDatabase(database);
        sql(
                "CREATE TABLE orders (id int PRIMARY KEY, name text, amount numeric(10,2))",
                "CREATE TABLE tags (tag text, weight int)",
                "ALTER TABLE tags REPLICA IDENTITY FULL",
                "INSERT INTO orders SELECT i, 'order ' || i, i / 4.0 FROM generate_series(1, 100) i",
                "INSERT INTO tags SELECT 'tag ' || i % 7, i % 3 FROM generate_series(1, 50) i");
    }

    void sql(String... statements) throws Exception {
        postgres.executeIn(database, statements);
    }

    /** The pipeline's name, its target namespace too. */
    String pipeline() {
        return database;
    }

    Connection connect() throws Exception {
        return postgres.connect(database);
    }

    PipelineFactory factory(CatalogConfig catalog, BufferType buffer) {
        return factory(new DestinationConfig(null, catalog, null), buffer);
    }

    PipelineFactory factory(DestinationConfig destination, BufferType buffer) {
        return factory(destination, buffer, false);
    }

    /** With all tables in one commit. */
    PipelineFactory atomicFactory(CatalogConfig catalog, BufferType buffer) {
        return factory(new DestinationConfig(null, catalog, null), buffer, true);
    }

    private PipelineFactory factory(DestinationConfig destination, BufferType buffer, boolean atomic) {
        SourceConfig source = new SourceConfig(
                null,
                postgres.url(database),
                null,
                "postgres",
                Optional.of(Secret.of("postgres")),
                new SslConfig(SslMode.DISABLE, null),
                null,
                null,
                null,
                null,
                null,
                null);
        PipelineConfig pipeline = new PipelineConfig(
                null,
                Ref.inline(source),
                Ref.inline(destination),
                new BufferConfig(buffer, null),
                null,
                null,
                new CommitConfig(Duration.ofMillis(500), null, null, null, atomic),
                List.of(TableConfig.of("public.orders"), TableConfig.of("public.tags")),
                null,
                null,
                null,
                null);
        StateConfig state = new StateConfig(null, directory.resolve("state"));
        return new PipelineFactory(new PhilotesConfig(1, null, null, Map.of(database, pipeline), state, null, null));
    }

    /** Some of every kind of change to both tables, different each time. */
    void change() throws Exception {
        round++;
        sql(
                "INSERT INTO orders (id, amount) SELECT " + round * 1000 + " + i, i FROM generate_series(1, 20) i",
                "BEGIN; UPDATE orders SET amount = amount + 1 WHERE id % 5 = " + round % 5
                        + "; DELETE FROM orders WHERE id % 17 = " + round % 17
                        + "; UPDATE orders SET id = -id WHERE id % 1000 = " + round + "; COMMIT",
                "INSERT INTO tags (tag, weight) SELECT 'round " + round + "', i % 2 FROM generate_series(1, 6) i",
                "BEGIN; UPDATE tags SET weight = weight + 1 WHERE weight = 1;"
                        + " DELETE FROM tags WHERE ctid = (SELECT ctid FROM tags WHERE weight = 2 LIMIT 1); COMMIT");
    }

    /** Both tables in one transaction. */
    void changeBoth() throws Exception {
        round++;
        sql("BEGIN; INSERT INTO orders (id, amount) VALUES (" + round * 1000 + ", " + round
                + "); INSERT INTO tags VALUES ('both', " + round + "); DELETE FROM orders WHERE id = " + round
                + "; COMMIT");
    }

    void changeSchema() throws Exception {
        sql("ALTER TABLE orders ADD note text", "ALTER TABLE tags ADD more bigint", "ALTER TABLE orders DROP name");
        change();
        sql("ALTER TABLE orders RENAME note TO remark", "UPDATE orders SET remark = 'x' WHERE id % 2 = 0");
    }

    static void settle(Pipeline pipeline) throws InterruptedException {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.RUNNING
                        || pipeline.status().state().isFinal());
        pipeline.runUntilCaughtUp(PATIENCE);
    }

    /** Both tables hold exactly the source's rows, and no commit is in their history twice. */
    void assertMirrored(Catalog catalog) throws Exception {
        try (Connection source = connect()) {
            for (String name : TABLES) {
                Table table = table(catalog, name);
                Mirror.assertEqual(source, new TableId("public", name), table);
                List<String> batches = Lake.history(table).stream()
                        .map(id -> table.snapshot(id).summary().get("philotes.batch-id"))
                        .filter(Objects::nonNull)
                        .toList();
                assertThat(batches).as("commits of %s", name).isNotEmpty().doesNotHaveDuplicates();
            }
        }
    }

    Table table(Catalog catalog, String name) {
        return catalog.loadTable(TableIdentifier.of(database, name));
    }
}
