// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.TupleView;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A person alters which columns and rows are published, again and again, while transactions at random are open. Which columns
 * a row comes with is up to the server then, and differs between streamed and whole ones; but each value must be in its column,
 * and each row that every filter lets pass comes once.
 */
class RandomPublicationTest {

    private static final int STEPS = 800;
    private static final int SESSIONS = 4;
    private static final int TABLES = 4;
    private static final List<String> LISTS =
            List.of("", " (id, a)", " (id, b)", " (id, c)", " (id, a, c)", " (id, b, c)", " (id, a, b, c)");

    /** All let pass what is divisible by six. */
    private static final List<String> FILTERS = List.of("", "", " WHERE (id % 2 = 0)", " WHERE (id % 3 = 0)");

    private static final int ALWAYS = 6;

    @TempDir
    Path directory;

    /** A session, what its open transaction inserted, and how much of that before each savepoint. */
    private record Session(Connection connection, Statement statement, List<String> rows, Deque<Integer> savepoints) {}

    private final Set<String> committed = new TreeSet<>();
    private int ids;

    @ParameterizedTest
    @ValueSource(ints = {16, 18})
    void each_value_is_in_its_column_whichever_are_published(int version) throws Exception {
        long seed = Long.getLong("philotes.seed", new Random().nextLong());
        System.out.println("RandomPublicationTest on " + version + ": seed " + seed);
        try (TestPostgres server = TestPostgres.start(version)) {
            SourceLab lab = new SourceLab(server, "lists");
            lab.sql("ALTER DATABASE lists SET logical_decoding_work_mem = '64kB'");
            for (int table = 0; table < TABLES; table++) {
                lab.sql("CREATE TABLE t" + table + " (id int PRIMARY KEY, a text, b text, c text)");
            }
            lab.sql("CREATE PUBLICATION kept FOR TABLE t0, t1, t2, t3 WITH (publish_via_partition_root = true)");
            PostgresSourceBuilder builder =
                    lab.builder("public.t*").existingPublication("kept").forceText();
            AttachedSource whole = attached(builder, "whole");
            AttachedSource streamed = attached(builder.streaming(directory), "streamed");
            change(lab, new Random(seed));
            requireRight(read(lab, whole));
            requireRight(read(lab, streamed));
            assertThat(Integer.parseInt(lab.value("SELECT stream_txns FROM pg_stat_replication_slots"
                            + " WHERE slot_name = 'philotes_streamed'")))
                    .isPositive();
            whole.dropSlot();
            streamed.dropSlot();
            server.execute("CHECKPOINT");
        }
    }

    private static AttachedSource attached(PostgresSourceBuilder builder, String name) {
        AttachedSource source = builder.build().attach(name);
        source.createSlot(Set.of()).close();
        source.tables().forEach(source::remember);
        return source;
    }

    private static List<ChangeBatch> read(SourceLab lab, AttachedSource source) throws Exception {
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            return lab.readAll(stream);
        }
    }

    private void change(SourceLab lab, Random random) throws SQLException {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Connection connection = lab.server.connect(lab.database);
            connection.setAutoCommit(false);
            sessions.add(new Session(connection, connection.createStatement(), new ArrayList<>(), new ArrayDeque<>()));
        }
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(15) == 0) {
                publish(lab, table -> any(LISTS, random) + any(FILTERS, random));
            } else {
                step(sessions.get(random.nextInt(SESSIONS)), random);
            }
        }
        for (Session session : sessions) {
            end(session, true);
            session.connection().close();
        }
        // As at the start, and otherwise meanwhile, is what nobody can tell from a table that was altered.
        publish(lab, table -> " (id, a)");
    }

    private static void publish(SourceLab lab, IntFunction<String> what) throws SQLException {
        lab.sql(IntStream.range(0, TABLES)
                .mapToObj(table -> "t" + table + what.apply(table))
                .collect(Collectors.joining(", ", "ALTER PUBLICATION kept SET TABLE ", "")));
    }

    private static String any(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private void step(Session session, Random random) throws SQLException {
        switch (random.nextInt(12)) {
            case 0 -> end(session, true);
            case 1 -> end(session, random.nextBoolean());
            case 2 -> {
                session.statement().execute("SAVEPOINT s");
                session.savepoints().push(session.rows().size());
            }
            case 3 -> {
                if (!session.savepoints().isEmpty()) {
                    session.statement().execute("ROLLBACK TO s; RELEASE s");
                    int kept = session.savepoints().pop();
                    session.rows().subList(kept, session.rows().size()).clear();
                }
            }
            default -> insert(session, "t" + random.nextInt(TABLES), 1 + random.nextInt(120));
        }
    }

    private void insert(Session session, String table, int rows) throws SQLException {
        int first = ids + 1;
        ids += rows;
        session.statement()
                .execute("INSERT INTO " + table + " SELECT g, 'a' || g, 'b' || g, 'c' || g || repeat('.', 300)"
                        + " FROM generate_series(" + first + ", " + ids + ") g");
        IntStream.rangeClosed(first, ids)
                .filter(id -> id % ALWAYS == 0)
                .forEach(id -> session.rows().add(table + " " + id));
    }

    private void end(Session session, boolean commits) throws SQLException {
        if (commits) {
            session.connection().commit();
            committed.addAll(session.rows());
        } else {
            session.connection().rollback();
        }
        session.rows().clear();
        session.savepoints().clear();
    }

    private void requireRight(List<ChangeBatch> batches) {
        List<String> always = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                assertThat(cursor.kind()).isNotEqualTo(ChangeCursor.Kind.NOTICE);
                if (cursor.kind() == ChangeCursor.Kind.INSERT) {
                    int id = id(cursor);
                    if (id % ALWAYS == 0) {
                        always.add(cursor.relation().table().name() + " " + id);
                    }
                }
            }
        }
        assertThat(always).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(always)).isEqualTo(committed);
    }

    /** Every other value is that of its column in this row. */
    private static int id(ChangeCursor insert) {
        TupleView row = insert.newTuple();
        int id = Integer.parseInt(text(row, 0));
        for (int i = 1; i < row.columnCount(); i++) {
            String column = insert.relation().columns().get(i).name();
            assertThat(text(row, i).replace(".", "")).isEqualTo(column + id);
        }
        return id;
    }

    private static String text(TupleView row, int column) {
        assertThat(row.kind(column)).isEqualTo(TupleView.TEXT);
        return new String(row.bytes(), row.offset(column), row.length(column), StandardCharsets.US_ASCII);
    }
}
