// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A table whose definition changes at random between its rows, read behind their backs and with looks at random moments:
 * each row comes with the attribute numbers that its columns had, or its transaction says that it cannot be read. Where the
 * event trigger is, every row comes.
 */
class RandomDefinitionsTest {

    private static final int LIVES = Boolean.getBoolean("philotes.long") ? 20 : 4;
    private static final int STEPS = 40;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    private final Map<Integer, String> truth = new LinkedHashMap<>();
    private int rows;

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void rows_come_with_their_numbers_or_not_at_all(int version) throws Exception {
        long seed = Long.getLong("philotes.seed", new Random().nextLong());
        System.out.println("RandomDefinitionsTest on " + version + ": seed " + seed);
        Random random = new Random(seed);
        try (TestPostgres server = TestPostgres.start(version)) {
            for (int life = 0; life < LIVES; life++) {
                live(new SourceLab(server, "life" + life), random, life % 2 == 0);
            }
            server.execute("CHECKPOINT");
        }
    }

    private void live(SourceLab lab, Random random, boolean exact) throws Exception {
        truth.clear();
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text, b text)");
        if (exact) {
            lab.sql(PostgresSource.schemaTrackingSql());
        }
        AttachedSource source = lab.started(lab.builder("t"));
        List<ChangeBatch> batches = new ArrayList<>();
        for (int session = 0; session < 3; session++) {
            alter(lab, random, source);
            try (ChangeStream stream = source.open(lab.confirmed(source))) {
                batches.addAll(lab.readAll(stream));
                alter(lab, random, source);
                List<ChangeBatch> more = lab.readAll(stream);
                batches.addAll(more);
                stream.acknowledge(batches.get(batches.size() - 1).endLsn());
            }
            lab.awaitConfirmed(source, batches.get(batches.size() - 1).endLsn());
        }
        compare(ChangeLines.numbered(batches), exact);
        source.dropSlot();
    }

    private void alter(SourceLab lab, Random random, AttachedSource source) throws SQLException {
        try (Connection connection = lab.server.connect(lab.database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < STEPS; i++) {
                step(statement, random);
                if (random.nextInt(3) == 0) {
                    connection.commit();
                    if (random.nextInt(4) == 0) {
                        source.look();
                    }
                }
            }
            connection.commit();
        }
    }

    private void step(Statement statement, Random random) throws SQLException {
        Map<String, Integer> columns = columns(statement);
        List<String> used =
                columns.keySet().stream().filter(name -> !name.equals("id")).toList();
        List<String> free = NAMES.stream().filter(name -> !used.contains(name)).toList();
        String one = used.isEmpty() ? null : used.get(random.nextInt(used.size()));
        String other = free.isEmpty() ? null : free.get(random.nextInt(free.size()));
        switch (random.nextInt(8)) {
            case 0 -> alter(statement, other != null, "ADD " + other + " text DEFAULT 'x'");
            case 1 -> alter(statement, one != null, "DROP " + one);
            case 2 -> alter(statement, one != null && other != null, "RENAME " + one + " TO " + other);
            case 3 -> alter(statement, one != null, "ALTER " + one + " TYPE varchar(" + (5 + random.nextInt(9)) + ")");
            default -> insert(statement);
        }
    }

    private static void alter(Statement statement, boolean possible, String what) throws SQLException {
        if (possible) {
            statement.execute("ALTER TABLE t " + what);
        }
    }

    private void insert(Statement statement) throws SQLException {
        int id = ++rows;
        statement.execute("INSERT INTO t (id) VALUES (" + id + ")");
        List<String> numbers = new ArrayList<>();
        columns(statement).forEach((name, attnum) -> numbers.add(name + "=" + attnum));
        truth.put(id, "(" + String.join(",", numbers) + ")");
    }

    private static Map<String, Integer> columns(Statement statement) throws SQLException {
        Map<String, Integer> columns = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT attname, attnum FROM pg_attribute"
                + " WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            while (row.next()) {
                columns.put(row.getString(1), row.getInt(2));
            }
        }
        return columns;
    }

    private void compare(List<String> lines, boolean exact) {
        boolean undecodable = lines.stream().anyMatch(line -> line.startsWith("UNDECODABLE"));
        Map<Integer, String> seen = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.startsWith("INSERT")) {
                String id = line.substring(line.indexOf('(') + 1).split("[,)]")[0];
                seen.put(Integer.valueOf(id), line.substring(line.lastIndexOf('(')));
            }
        }
        seen.forEach((id, numbers) -> assertThat(numbers).as("row %d", id).isEqualTo(truth.get(id)));
        assertThat(undecodable).isEqualTo(seen.size() < truth.size());
        if (exact) {
            assertThat(lines).noneMatch(line -> line.startsWith("UNDECODABLE"));
            assertThat(truth.keySet()).allMatch(seen::containsKey);
        }
    }
}
