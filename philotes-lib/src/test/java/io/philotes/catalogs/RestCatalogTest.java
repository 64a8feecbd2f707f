// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.config.BufferType;
import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.DestinationConfig;
import io.philotes.config.MaintenanceConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.config.SnapshotsConfig;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.testkit.Meters;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.RestFixture;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way into Iceberg's REST catalog server, as the runner configures it, with the server dying and lying. */
class RestCatalogTest {

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    private RestFixture server;

    @BeforeAll
    static void startPostgres() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void startServer() throws Exception {
        server = RestFixture.start(directory);
    }

    @AfterEach
    void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private CatalogConfig config(String uri) {
        return new CatalogConfig(CatalogType.REST, Optional.of(uri), server.warehouse(), null, null, null, null, null);
    }

    @Test
    void two_tables_are_mirrored_over_a_restart_and_a_changed_schema() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "rest_source", directory);
        Meters meters = new Meters();
        CatalogConfig config = config(server.uri());
        try (RESTCatalog reader = server.client()) {
            try (PipelineFactory factory = lab.factory(config, BufferType.DISK);
                    Pipeline pipeline = factory.builder(lab.pipeline())
                            .metrics(meters.metrics())
                            .start()) {
                CatalogLab.settle(pipeline);
                lab.change();
                CatalogLab.settle(pipeline);
                lab.assertMirrored(reader);
                assertThat(meters.value("philotes.catalog.requests", "op", "commit", "outcome", "success"))
                        .as("two tables, copied and changed")
                        .isGreaterThanOrEqualTo(4);
                assertThat(meters.value("philotes.catalog.requests", "op", "load-table"))
                        .isPositive();
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
    void older_table_snapshots_go_and_what_is_tagged_stays() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "rest_expiry", directory);
        MaintenanceConfig maintenance = new MaintenanceConfig(new SnapshotsConfig(null, null, 10, null), null, null);
        DestinationConfig destination = new DestinationConfig(null, config(server.uri()), null, null, maintenance);
        try (RESTCatalog reader = server.client();
                PipelineFactory factory = lab.factory(destination, BufferType.DISK);
                Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
            CatalogLab.settle(pipeline);
            Table orders = lab.table(reader, "orders");
            long first = orders.currentSnapshot().snapshotId();
            orders.manageSnapshots().createTag("first", first).commit();
            for (int round = 0; round < 12; round++) {
                lab.change();
                CatalogLab.settle(pipeline);
            }
            lab.assertMirrored(reader);
            orders.refresh();
            assertThat(orders.snapshots()).hasSize(11).anyMatch(snapshot -> snapshot.snapshotId() == first);
            assertThat(orders.refs()).containsKeys("main", "first");
        }
    }

    @Test
    void a_server_that_is_killed_while_changes_stream_is_waited_for() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "killed_source", directory);
        Set<PipelineState> seen = ConcurrentHashMap.newKeySet();
        PipelineListener states = new PipelineListener() {
            @Override
            public void stateChanged(String pipeline, PipelineState from, PipelineState to) {
                seen.add(to);
            }
        };
        try (PipelineFactory factory = lab.factory(config(server.uri()), BufferType.MEMORY);
                Pipeline pipeline =
                        factory.builder(lab.pipeline()).listener(states).start()) {
            CatalogLab.settle(pipeline);
            lab.change();
            server.kill();
            lab.change();
            Lsn written = walEnd(lab);
            Awaitility.await()
                    .atMost(CatalogLab.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(pipeline.status().positions().received()).isGreaterThanOrEqualTo(written));
            assertThat(confirmed(lab)).as("slot").isLessThan(written);
            server.start();
            lab.change();
            CatalogLab.settle(pipeline);
            Lsn end = walEnd(lab);
            lab.change();
            CatalogLab.settle(pipeline);
            Awaitility.await()
                    .atMost(CatalogLab.PATIENCE)
                    .untilAsserted(() -> assertThat(confirmed(lab)).as("slot").isGreaterThanOrEqualTo(end));
            assertThat(confirmed(lab)).isLessThanOrEqualTo(covered(pipeline));
            assertThat(seen).doesNotContain(PipelineState.FAILED);
        }
        try (RESTCatalog reader = server.client()) {
            lab.assertMirrored(reader);
        }
    }

    @Test
    void commits_whose_requests_or_replies_are_lost_are_made_once() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "lost_source", directory);
        try (RestProxy proxy = new RestProxy(server.uri());
                RESTCatalog reader = server.client();
                PipelineFactory factory = lab.factory(config(proxy.uri()), BufferType.DISK);
                Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
            CatalogLab.settle(pipeline);
            for (CommitFault fault : CommitFault.values()) {
                proxy.spoilNext(fault);
                lab.change();
                CatalogLab.settle(pipeline);
                assertThat(proxy.isSpoilt()).as(fault.name()).isTrue();
                lab.assertMirrored(reader);
            }
        }
    }

    @Test
    void tables_that_commit_at_once_stand_at_one_position_whatever_is_lost() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "atomic_source", directory);
        try (RestProxy proxy = new RestProxy(server.uri());
                RESTCatalog reader = server.client();
                PipelineFactory factory = lab.atomicFactory(config(proxy.uri()), BufferType.DISK);
                Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
            CatalogLab.settle(pipeline);
            int alone = proxy.commitsAlone();
            for (CommitFault fault : CommitFault.values()) {
                int before = proxy.commonCommits();
                proxy.spoilNext(fault);
                lab.changeBoth();
                CatalogLab.settle(pipeline);
                assertThat(proxy.isSpoilt()).as(fault.name()).isTrue();
                assertThat(proxy.commonCommits()).as(fault.name()).isGreaterThan(before);
                lab.assertMirrored(reader);
                assertThat(position(lab, reader, "orders"))
                        .as(fault.name())
                        .isNotNull()
                        .isEqualTo(position(lab, reader, "tags"));
            }
            assertThat(proxy.commitsAlone()).isEqualTo(alone);
        }
    }

    private static String position(CatalogLab lab, RESTCatalog reader, String table) {
        return lab.table(reader, table).currentSnapshot().summary().get("philotes.end-lsn");
    }

    @Test
    void a_table_that_is_dropped_leaves_the_common_commit_and_is_told() throws Exception {
        CatalogLab lab = new CatalogLab(postgres, "atomic_dropped", directory);
        try (RESTCatalog reader = server.client();
                PipelineFactory factory = lab.atomicFactory(config(server.uri()), BufferType.MEMORY);
                Pipeline pipeline = factory.builder(lab.pipeline()).start()) {
            CatalogLab.settle(pipeline);
            reader.dropTable(TableIdentifier.of(lab.pipeline(), "tags"), false);
            lab.changeBoth();
            Awaitility.await()
                    .atMost(CatalogLab.PATIENCE)
                    .untilAsserted(() -> assertThat(pipeline.status().tables())
                            .filteredOn(table -> table.table().name().equals("tags"))
                            .singleElement()
                            .extracting(TableStatus::state)
                            .isIn(TableState.HELD, TableState.NEEDS_RESYNC));
            try (Connection source = lab.connect()) {
                Awaitility.await()
                        .atMost(CatalogLab.PATIENCE)
                        .untilAsserted(() -> Mirror.assertEqual(
                                source, new TableId("public", "orders"), lab.table(reader, "orders")));
            }
        }
    }

    private static Lsn covered(Pipeline pipeline) {
        PipelineStatus status = pipeline.status();
        return status.positions().covered();
    }

    private static Lsn walEnd(CatalogLab lab) throws Exception {
        return lsn(lab, "SELECT pg_current_wal_insert_lsn()");
    }

    private static Lsn confirmed(CatalogLab lab) throws Exception {
        return lsn(lab, "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE database = current_database()");
    }

    private static Lsn lsn(CatalogLab lab, String query) throws Exception {
        try (Connection connection = lab.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }
}
