// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.Philotes;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.PostgresCluster;
import io.philotes.testkit.ServerCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to a server that are not plain TCP: each carries a copy, small transactions, and one that comes in parts. */
class ConnectionsTest {

    private static final TableId TABLE = new TableId("public", "t");

    @TempDir
    Path directory;

    @Test
    void a_pipeline_runs_through_a_unix_socket_alone() throws Exception {
        Path sockets = Files.createDirectory(directory.resolve("sockets"));
        try (PostgresCluster server =
                PostgresCluster.start(directory.resolve("server"), "unix_socket_directories = '" + sockets + "'")) {
            prepare(server);
            server.authenticate("host all philotes all reject\nlocal all all trust");
            server.reload();
            mirrors(server, source(server).socket(sockets));
        }
    }

    @Test
    void a_pipeline_runs_over_tls() throws Exception {
        ServerCertificate certificate = ServerCertificate.createIn(Files.createDirectory(directory.resolve("tls")));
        try (PostgresCluster server = PostgresCluster.start(directory.resolve("server"), certificate.settings())) {
            prepare(server);
            server.authenticate("hostnossl all philotes all reject");
            server.reload();
            PostgresSourceBuilder source =
                    source(server).sslMode(SslMode.VERIFY_CA).sslRootCert(certificate.file());
            mirrors(server, source);
        }
    }

    @Test
    void a_directory_without_a_socket_is_named_with_what_to_do() {
        PostgresSource source = PostgresSource.builder("jdbc:postgresql://localhost:5433/shop")
                .credentials("philotes", "")
                .tables("public.t")
                .socket(directory)
                .build();
        assertThatThrownBy(() -> source.attach("p").tables()).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
            assertThat(e.getMessage())
                    .contains(directory.resolve(".s.PGSQL.5433").toString())
                    .contains("no such socket");
            assertThat(e.hint()).contains("unix_socket_directories").contains("port");
        });
    }

    private static void prepare(PostgresCluster server) throws Exception {
        server.execute(
                "CREATE ROLE philotes SUPERUSER REPLICATION LOGIN",
                "CREATE TABLE t (id bigint PRIMARY KEY, v text, n numeric)",
                "INSERT INTO t SELECT i, 'value ' || i, i / 7.0 FROM generate_series(1, 20000) i");
    }

    private static PostgresSourceBuilder source(PostgresCluster server) {
        return PostgresSource.builder(server.url()).credentials("philotes", "").tables("public.t");
    }

    private void mirrors(PostgresCluster server, PostgresSourceBuilder source) throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"));
                Connection connection = server.connect();
                Pipeline pipeline = Philotes.source(source.build())
                        .name("ways")
                        .buffer(MemoryBuffer.bounded(64 << 20))
                        .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                        .commitInterval(Duration.ofMillis(300))
                        .sink(IcebergSink.builder(catalog).namespace("lab").build())
                        .start()) {
            MirrorLab.settle(pipeline);
            Mirror.assertEqual(connection, TABLE, catalog.loadTable(TableIdentifier.of("lab", "t")));
            server.execute(
                    "DO $$ BEGIN FOR i IN 1..500 LOOP UPDATE t SET v = 'again ' || i WHERE id = i; COMMIT; END LOOP; END $$",
                    "INSERT INTO t SELECT i, repeat('x', 100), i FROM generate_series(100000, 130000) i",
                    "DELETE FROM t WHERE id % 5 = 0");
            MirrorLab.settle(pipeline);
            Mirror.assertEqual(connection, TABLE, catalog.loadTable(TableIdentifier.of("lab", "t")));
            assertThat(pipeline.status().tables()).hasSize(1);
        }
    }

    @Test
    void a_socket_leads_to_one_server() {
        assertThatThrownBy(() -> PostgresSource.builder("jdbc:postgresql://one,two/shop")
                        .credentials("philotes", "")
                        .tables("public.t")
                        .socket(Path.of("/" + "long/".repeat(30)))
                        .build())
                .hasMessageContaining("several")
                .hasMessageContaining("longer");
    }
}
