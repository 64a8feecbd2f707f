// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random changes of rows whose values, and whose key, lie out of line, under every replica identity. */
class ToastTest {

    private static final TableId WIDE = new TableId("public", "wide");
    private static final int TRANSACTIONS = 60;

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("philotes.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int lastId = 20;

    @BeforeAll
    static void startPostgres() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DEFAULT, UPSERT, false",
        "DEFAULT, APPEND, true",
        "FULL, UPSERT, true",
        "FULL, APPEND, false",
        "USING INDEX by_id, UPSERT, false",
        "USING INDEX by_id, APPEND, true"
    })
    void values_that_are_not_sent_are_what_they_were(String identity, WriteMode mode, boolean inText) throws Exception {
        System.out.println("ToastTest: -Dphilotes.seed=" + seed);
        String database = ("toast_" + identity + mode).replaceAll("\\W", "").toLowerCase(java.util.Locale.ROOT);
        try (MirrorLab lab = new MirrorLab(postgres, database, directory)) {
            lab.sql(
                    "CREATE TABLE wide (id int NOT NULL, k text, big text, doc jsonb, n int, PRIMARY KEY (id, k))",
                    "CREATE UNIQUE INDEX by_id ON wide (id)",
                    "ALTER TABLE wide ALTER k SET STORAGE EXTERNAL, ALTER big SET STORAGE EXTERNAL,"
                            + " ALTER doc SET STORAGE EXTERNAL",
                    "ALTER TABLE wide REPLICA IDENTITY " + identity,
                    "INSERT INTO wide SELECT i, " + value(2300) + " || i, " + value(3000)
                            + ", '{\"a\": 1}', i FROM generate_series(1, 20) i");
            PostgresSourceBuilder source = lab.source("public.wide");
            try (Pipeline pipeline = lab.pipeline(inText ? source.forceText() : source, sink -> sink.mode(mode))
                    .start()) {
                MirrorLab.settle(pipeline);
                for (int i = 0; i < TRANSACTIONS; i++) {
                    lab.sql(transaction());
                    if (random.nextInt(10) == 0) {
                        MirrorLab.settle(pipeline);
                    }
                }
                MirrorLab.settle(pipeline);
            }
            if (mode == WriteMode.UPSERT) {
                lab.assertMirrored(WIDE);
            } else {
                assertReplayed(lab, identity.contains("INDEX") ? List.of(0) : List.of(0, 1));
            }
        }
    }

    private String transaction() {
        StringBuilder sql = new StringBuilder("BEGIN");
        for (int i = random.nextInt(4); i >= 0; i--) {
            sql.append("; ").append(change());
        }
        return sql.append("; COMMIT").toString();
    }

    private String change() {
        String one = " WHERE id = (SELECT id FROM wide ORDER BY md5(id::text || '" + random.nextInt() + "') LIMIT 1)";
        return switch (random.nextInt(10)) {
            case 0 -> "INSERT INTO wide VALUES (" + ++lastId + ", " + value(2300) + ", " + value(3000) + ", NULL, 0)";
            case 1 -> "DELETE FROM wide" + one;
            case 2 -> "UPDATE wide SET id = " + ++lastId + one;
            case 3 -> "UPDATE wide SET k = " + value(2300) + one;
            case 4 -> "UPDATE wide SET k = " + value(10) + ", n = n + 1" + one;
            case 5 -> "UPDATE wide SET big = " + value(3000) + one;
            case 6 -> "UPDATE wide SET big = NULL, doc = jsonb_build_object('d', " + value(4000) + ")" + one;
            case 7 -> "UPDATE wide SET id = " + ++lastId + ", doc = NULL" + one;
            default -> "UPDATE wide SET n = n + 1" + one;
        };
    }

    private String value(int length) {
        return "rpad('" + random.nextInt() + "', " + length + ", md5('" + random.nextInt() + "'))";
    }

    /** By what the guide says; a row's key are the first columns of these numbers. */
    private void assertReplayed(MirrorLab lab, List<Integer> key) throws Exception {
        List<List<String>> changes = lab.rows(
                WIDE,
                List.of("id", "k", "big", "doc", "n", "_cdc_unchanged", "_cdc_operation", "_cdc_lsn", "_cdc_ordinal"));
        List<String> names = List.of("id", "k", "big", "doc", "n");
        Map<List<String>, List<String>> rows = new HashMap<>();
        List<String> left = null;
        for (List<String> change : changes.stream().sorted(inOrder()).toList()) {
            List<String> at = key.stream().map(change::get).toList();
            if (change.get(6).equals("delete")) {
                left = rows.remove(at);
                continue;
            }
            List<String> row = new ArrayList<>(change.subList(0, names.size()));
            List<String> before = rows.getOrDefault(at, left);
            for (int i = 0; change.get(5) != null && i < names.size(); i++) {
                if (List.of(change.get(5).split("[^a-z]+")).contains(names.get(i))) {
                    row.set(i, before.get(i));
                }
            }
            rows.put(at, row);
        }
        assertThat(rows.values())
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(lab.sourceRows("SELECT id, k, big, doc, n FROM wide"));
    }

    private static Comparator<List<String>> inOrder() {
        return Comparator.comparing((List<String> change) -> change.get(7))
                .thenComparingLong(change -> change.get(8) == null ? -1 : Long.parseLong(change.get(8)))
                .thenComparing(change -> change.get(6));
    }
}
