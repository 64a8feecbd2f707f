// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.BufferType;
import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.DestinationConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.config.Secret;
import io.philotes.config.StorageConfig;
import io.philotes.config.StoragePreset;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.testkit.S3Gate;
import io.philotes.testkit.S3Gate.Refusal;
import io.philotes.testkit.S3Server;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake in S3 whose catalog is in PostgreSQL: the storage says no, breaks connections, dies, and comes back. */
class ObjectStorageTest {

    @TempDir
    static Path directory;

    private static TestPostgres postgres;
    private static S3Server storage;
    private static S3Gate gate;

    private final Set<String> failures = ConcurrentHashMap.newKeySet();
    private Pipeline pipeline;
    private CatalogLab lab;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        postgres.createDatabase("s3_catalog");
        storage = S3Server.start(directory);
        gate = new S3Gate(storage);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : Arrays.asList(gate, storage, postgres)) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static DestinationConfig destination() {
        CatalogConfig catalog = new CatalogConfig(
                CatalogType.JDBC,
                Optional.of(postgres.url("s3_catalog")),
                S3Server.WAREHOUSE,
                null,
                Optional.of("postgres"),
                Optional.of(Secret.of("postgres")),
                null,
                Map.of(
                        "s3.multipart.part-size-bytes", Secret.of("5242880"),
                        "s3.retry.num-retries", Secret.of("1"),
                        "s3.retry.min-wait-ms", Secret.of("20"),
                        "s3.retry.max-wait-ms", Secret.of("50")));
        StorageConfig s3 = new StorageConfig(
                StoragePreset.MINIO,
                null,
                Optional.of(gate.uri()),
                null,
                Optional.of(S3Server.ACCESS_KEY),
                Optional.of(Secret.of(S3Server.SECRET_KEY)));
        return new DestinationConfig(null, catalog, Optional.of(s3), null, null);
    }

    private static JdbcCatalog reader() {
        Map<String, String> properties = new TreeMap<>(Map.of(
                "uri",
                postgres.url("s3_catalog"),
                "jdbc.user",
                "postgres",
                "jdbc.password",
                "postgres",
                "jdbc.schema-version",
                "V1",
                "warehouse",
                S3Server.WAREHOUSE,
                "io-impl",
                "org.apache.iceberg.aws.s3.S3FileIO",
                "s3.endpoint",
                storage.uri(),
                "s3.path-style-access",
                "true",
                "s3.access-key-id",
                S3Server.ACCESS_KEY,
                "s3.secret-access-key",
                S3Server.SECRET_KEY));
        properties.put("client.region", S3Server.REGION);
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize(CatalogConfig.DEFAULT_NAME, properties);
        return catalog;
    }

    @Test
    void a_storage_that_goes_away_and_comes_back_costs_no_row() throws Exception {
        lab = new CatalogLab(postgres, "s3_source", directory);
        PipelineListener listener = new PipelineListener() {
            @Override
            public void retrying(String name, PhilotesException failure) {
                failures.add(failure.getMessage());
            }
        };
        try (PipelineFactory factory = lab.factory(destination(), BufferType.DISK);
                JdbcCatalog reader = reader()) {
            pipeline = factory.builder(lab.pipeline()).listener(listener).start();
            CatalogLab.settle(pipeline);
            lab.assertMirrored(reader);
            goAway(request -> Optional.of(Refusal.UNAVAILABLE), reader);
            goAway(request -> Optional.of(Refusal.BROKEN), reader);
            goAwayInTheMiddleOfAFile(reader);
            die(reader);
        } finally {
            if (pipeline != null) {
                pipeline.close();
            }
        }
    }

    private void goAway(S3Gate.Rule rule, JdbcCatalog reader) throws Exception {
        gate.rule(rule);
        lab.change();
        comeBack(reader);
    }

    private void comeBack(JdbcCatalog reader) throws Exception {
        Awaitility.await().atMost(CatalogLab.PATIENCE).until(() -> !failures.isEmpty());
        gate.rule(request -> Optional.empty());
        CatalogLab.settle(pipeline);
        lab.assertMirrored(reader);
        failures.clear();
    }

    /** The first part of the file is there, and the second is not taken. */
    private void goAwayInTheMiddleOfAFile(JdbcCatalog reader) throws Exception {
        int before = gate.refused().size();
        gate.rule(
                request -> request.target().contains("partNumber=2") ? Optional.of(Refusal.BROKEN) : Optional.empty());
        lab.sql("INSERT INTO orders (id, name) SELECT 500000 + i,"
                + " (SELECT string_agg(md5(i || ' ' || j), '') FROM generate_series(1, 100) j)"
                + " FROM generate_series(1, 8000) i");
        comeBack(reader);
        assertThat(gate.refused().subList(before, gate.refused().size())).isNotEmpty();
    }

    private void die(JdbcCatalog reader) throws Exception {
        storage.kill();
        lab.change();
        Awaitility.await().atMost(CatalogLab.PATIENCE).until(() -> !failures.isEmpty());
        storage.start();
        comeBack(reader);
    }
}
