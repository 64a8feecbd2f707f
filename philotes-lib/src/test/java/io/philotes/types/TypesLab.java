// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.Philotes;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.BinaryForms;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;

/** A source with a column for every type, and pipelines that bring it into a lake, each into a namespace of its own. */
final class TypesLab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What the lines' types need. */
    static final String[] TYPES = {
        "CREATE TYPE mood AS ENUM ('happy', 'so so', 'ünhappy, \"really\"')",
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE TYPE nested AS (p pair, n numeric(10,2)[], d date)",
        "CREATE DOMAIN pair_domain AS pair",
        "CREATE DOMAIN inner_domain AS numeric(12,3)",
        "CREATE DOMAIN money_domain AS inner_domain CHECK (VALUE < 1000000)",
        "CREATE DOMAIN ints_domain AS int[]",
        "CREATE EXTENSION hstore",
        "CREATE EXTENSION citext",
        "CREATE EXTENSION ltree",
        "CREATE EXTENSION cube",
        "CREATE TABLE t_outside ()",
    };

    /** A table with an id and one column per line. */
    record LinesTable(String name, List<TypeLine> lines, Map<Integer, List<String>> values) {

        static LinesTable of(String name, List<TypeLine> lines, int version, boolean withRejected) {
            Map<Integer, List<String>> values = new LinkedHashMap<>();
            for (int i = 0; i < lines.size(); i++) {
                List<String> all = new ArrayList<>(lines.get(i).values(version));
                if (withRejected) {
                    all.addAll(lines.get(i).rejected());
                }
                values.put(i, all);
            }
            return new LinesTable(name, lines, values);
        }

        int rows() {
            return 1 + values.values().stream().mapToInt(List::size).max().orElse(0);
        }

        String create() {
            return "CREATE TABLE " + name + " (id int PRIMARY KEY"
                    + IntStream.range(0, lines.size())
                            .mapToObj(i -> ", c" + i + " " + lines.get(i).sql())
                            .collect(Collectors.joining())
                    + ")";
        }

        /** Row {@code r} holds every line's value number {@code r}; the last row is all NULL. */
        List<String> inserts(int firstId) {
            return IntStream.range(0, rows())
                    .mapToObj(row -> "INSERT INTO " + name + " VALUES (" + (firstId + row)
                            + IntStream.range(0, lines.size())
                                    .mapToObj(i -> ", "
                                            + (row < values.get(i).size()
                                                    ? values.get(i).get(row)
                                                    : "NULL"))
                                    .collect(Collectors.joining())
                            + ")")
                    .toList();
        }

        String insertEmpty(int firstId) {
            return "INSERT INTO " + name + " SELECT " + firstId + " + i FROM generate_series(0, " + (rows() - 1)
                    + ") i";
        }

        /** The rows from {@code from} on once more, without writing a value down. */
        String insertCopies(int firstId, int from) {
            return "INSERT INTO public." + name + " SELECT id + " + (firstId - from)
                    + IntStream.range(0, lines.size()).mapToObj(i -> ", c" + i).collect(Collectors.joining())
                    + " FROM public." + name + " WHERE id >= " + from + " AND id < " + (from + rows());
        }

        /** Gives the rows from {@code firstId} on what the rows from {@code from} on have. */
        String update(int firstId, int from) {
            return "UPDATE public." + name + " u SET "
                    + IntStream.range(0, lines.size())
                            .mapToObj(i -> "c" + i + " = s.c" + i)
                            .collect(Collectors.joining(", "))
                    + " FROM public." + name + " s WHERE s.id = u.id - " + (firstId - from) + " AND u.id >= " + firstId
                    + " AND u.id < " + (firstId + rows());
        }

        TableOptions options(boolean allString) {
            TableOptions options = TableOptions.DEFAULTS;
            for (int i = 0; i < lines.size(); i++) {
                String chosen = allString ? "string" : lines.get(i).chosen();
                options = chosen.isEmpty() ? options : options.type("c" + i, chosen);
            }
            return options;
        }
    }

    private final TestPostgres postgres;
    private final JdbcCatalog catalog;
    private final Path directory;

    private TypesLab(TestPostgres postgres, Path directory) {
        this.postgres = postgres;
        this.directory = directory;
        this.catalog = LocalCatalog.open(directory.resolve("lake"));
    }

    static TypesLab start(int version, Path directory) throws Exception {
        TestPostgres postgres = TestPostgres.start(version);
        postgres.execute(TYPES);
        return new TypesLab(postgres, directory);
    }

    static boolean isBinary(TypeLine line) {
        return BinaryForms.known(line.column("c").type());
    }

    TestPostgres postgres() {
        return postgres;
    }

    Table target(String namespace, String table) {
        return catalog.loadTable(TableIdentifier.of(namespace, table));
    }

    IcebergSink sink(String namespace, Consumer<IcebergSinkBuilder> options) {
        IcebergSinkBuilder builder = IcebergSink.builder(catalog).namespace(namespace);
        options.accept(builder);
        return builder.build();
    }

    /** Starts a pipeline named as its namespace, and waits until it runs. */
    Pipeline pipeline(
            String namespace,
            List<String> tables,
            Consumer<PostgresSourceBuilder> source,
            Consumer<IcebergSinkBuilder> options) {
        PostgresSourceBuilder from = PostgresSource.builder(postgres.url())
                .credentials("postgres", "postgres")
                .tables(tables.stream().map(t -> "public." + t).toArray(String[]::new))
                .sslMode(SslMode.DISABLE);
        source.accept(from);
        Pipeline pipeline = Philotes.source(from.build())
                .name(namespace)
                .buffer(DiskBuffer.at(directory.resolve("buffer-" + namespace)))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state-" + namespace)))
                .commitInterval(Duration.ofSeconds(1))
                .sink(sink(namespace, options))
                .start();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.RUNNING
                        || pipeline.status().state().isFinal());
        return pipeline;
    }

    static TableId id(String table) {
        return new TableId("public", table);
    }

    @Override
    public void close() {
        catalog.close();
        postgres.close();
    }
}
