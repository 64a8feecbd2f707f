// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.io.StringReader;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** A partition that is attached while its root is copied ends the copy when the copy has its rows, and only then. */
class AttachedPartitionTest {

    private static final Map<Integer, TestPostgres> SERVERS = new HashMap<>();
    private static final TableId ROOT = TableId.parse("root");
    private static int databases;

    @AfterAll
    static void stop() throws Exception {
        for (TestPostgres server : SERVERS.values()) {
            server.execute("CHECKPOINT");
            server.close();
        }
    }

    /** A leaf, and behind it another partitioned table: a plan of the root looks at them in this order. */
    private static SourceLab lab(int version) throws Exception {
        SourceLab lab = new SourceLab(SERVERS.computeIfAbsent(version, TestPostgres::start), "attached" + ++databases);
        lab.sql(
                "CREATE TABLE root (id int PRIMARY KEY) PARTITION BY LIST (id)",
                "CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1)",
                "CREATE TABLE rest PARTITION OF root FOR VALUES IN (2, 3) PARTITION BY LIST (id)",
                "CREATE TABLE rest_leaf PARTITION OF rest FOR VALUES IN (2)",
                "INSERT INTO root VALUES (1), (2)");
        return lab;
    }

    /** With a row that every snapshot sees. */
    private static void attach(SourceLab lab) throws Exception {
        try (Connection connection = lab.server.connect(lab.database)) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "CREATE TABLE late (id int PRIMARY KEY)");
            Sql.execute(connection, "ALTER TABLE rest ATTACH PARTITION late FOR VALUES IN (3)");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY late FROM STDIN (FREEZE)", new StringReader("3\n"));
            connection.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void rows_of_a_partition_that_nobody_compared_are_not_taken(int version) throws Exception {
        SourceLab lab = lab(version);
        AttachedSource source = lab.started(lab.builder("root"));
        try (TableCopy copy = source.copy(Set.of(ROOT));
                Connection blocking = lab.server.connect(lab.database)) {
            blocking.setAutoCommit(false);
            Sql.execute(blocking, "REINDEX INDEX leaf_pkey");
            FutureTask<List<String>> reading = new FutureTask<>(() -> SourceLab.copyAll(copy, ROOT, 1));
            Thread reader = new Thread(reading);
            reader.start();
            String planning = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'leaf_pkey'::regclass";
            await().until(() -> lab.value(planning).equals("1"));
            attach(lab);
            blocking.rollback();
            assertThatThrownBy(reading::get)
                    .hasCauseInstanceOf(PhilotesException.class)
                    .hasMessageContaining("a partition was attached");
        }
        try (TableCopy copy = source.copy(Set.of(ROOT))) {
            assertThat(SourceLab.copyAll(copy, ROOT, 1)).containsExactlyInAnyOrder("(1)", "(2)", "(3)");
        }
        source.dropSlot();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_partition_that_comes_while_rows_are_read_disturbs_nobody(int version) throws Exception {
        SourceLab lab = lab(version);
        AttachedSource source = lab.started(lab.builder("root"));
        try (TableCopy copy = source.copy(Set.of(ROOT))) {
            RelationSchema root = copy.tables().get(0).relation();
            List<String> rows = new ArrayList<>();
            copy.read(copy.ranges(root, 1).get(0), row -> {
                if (rows.isEmpty()) {
                    attachUnchecked(lab);
                }
                rows.add(ChangeLines.row(root, row));
            });
            assertThat(rows).containsExactlyInAnyOrder("(1)", "(2)");
        }
        source.dropSlot();
    }

    private static void attachUnchecked(SourceLab lab) {
        try {
            attach(lab);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
