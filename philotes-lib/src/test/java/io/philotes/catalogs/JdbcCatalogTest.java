// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.BufferType;
import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.PipelineFactory;
import io.philotes.config.Secret;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.local.LocalFileIO;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way into Iceberg's JDBC catalog in a PostgreSQL database, as the runner configures it. */
class JdbcCatalogTest {

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void startPostgres() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    private CatalogConfig config(String url) {
        return new CatalogConfig(
                CatalogType.JDBC,
                Optional.of(url),
                warehouse(),
                null,
                Optional.of("postgres"),
                Optional.of(Secret.of("postgres")),
                null,
                null);
    }

    private String warehouse() {
        return directory.resolve("lake").toString();
    }

    /** Opened without anything of ours but the files' reader, as anybody else would. */
    private JdbcCatalog reader(String database) {
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize(
                CatalogConfig.DEFAULT_NAME,
                Map.of(
                        "uri",
                        postgres.url(database),
                        "jdbc.user",
                        "postgres",
                        "jdbc.password",
                        "postgres",
                        "jdbc.schema-version",
                        "V1",
                        "warehouse",
                        warehouse(),
                        "io-impl",
                        LocalFileIO.class.getName()));
        return catalog;
    }

    @Test
    void two_tables_are_mirrored_over_a_restart_and_a_changed_schema() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "jdbc_source", directory);
        postgres.createDatabase("jdbc_catalog");
        CatalogConfig config = config(postgres.url("jdbc_catalog"));
        try (JdbcCatalog reader = reader("jdbc_catalog")) {
            try (PipelineFactory factory = lab.factory(config, BufferType.DISK);
                    Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
                CatalogLab.settle(pipeline);
                lab.change();
                CatalogLab.settle(pipeline);
                lab.assertMirrored(reader);
            }
            lab.changeSchema();
            try (PipelineFactory factory = lab.factory(config, BufferType.DISK);
                    Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
                CatalogLab.settle(pipeline);
                lab.assertMirrored(reader);
                lab.change();
                CatalogLab.settle(pipeline);
                lab.assertMirrored(reader);
            }
        }
    }

    @Test
    void connections_and_replies_that_are_lost_lose_and_repeat_nothing() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "lost_source", directory);
        postgres.createDatabase("lost_catalog");
        try (TcpProxy proxy = new TcpProxy(postgres.port());
                JdbcCatalog reader = reader("lost_catalog");
                PipelineFactory factory = lab.factory(
                        config("jdbc:postgresql://localhost:" + proxy.port() + "/lost_catalog?prepareThreshold=0"),
                        BufferType.DISK);
                Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
            CatalogLab.settle(pipeline);
            for (int time = 0; time < 2; time++) {
                proxy.loseReplyTo("UPDATE " + CatalogLab.TABLE_OF_CATALOG);
                lab.change();
                CatalogLab.settle(pipeline);
                assertThat(proxy.isLost()).isTrue();
                lab.assertMirrored(reader);
            }
            postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lost_catalog'");
            lab.change();
            CatalogLab.settle(pipeline);
        }
        try (JdbcCatalog reader = reader("lost_catalog")) {
            lab.assertMirrored(reader);
        }
    }
}
