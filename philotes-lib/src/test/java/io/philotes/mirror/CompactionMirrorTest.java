// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.MirrorLab.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.CompactionOptions;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.testkit.LakeAudit;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of every kind are compacted as often as can be, while their source changes in every way. */
class CompactionMirrorTest {

    private static final TableId WIDE = new TableId("public", "wide");
    private static final TableId PARTED = new TableId("public", "parted");
    private static final TableId KEYLESS = new TableId("public", "keyless");
    private static final TableId KEPT = new TableId("public", "kept");
    private static final List<TableId> MIRRORS = List.of(WIDE, PARTED, KEYLESS);
    private static final List<TableId> ALL = List.of(WIDE, PARTED, KEYLESS, KEPT);

    private static TestPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private static IcebergSinkBuilder eager(IcebergSinkBuilder sink, int formatVersion) {
        return sink.formatVersion(formatVersion)
                .targetFileSizeBytes(40_000)
                .table(PARTED, TableOptions.DEFAULTS.partitionBy("bucket(3, id)"))
                .table(KEPT, TableOptions.DEFAULTS.withSoftDelete())
                .compaction(CompactionOptions.DEFAULT
                        .withMinFiles(2)
                        .withMinDeletedRows(1)
                        .withDeletedFraction(0.02)
                        .withCpuShare(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void every_table_equals_its_source_whenever_it_was_compacted(int formatVersion) throws Exception {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        // In format 2 older rows cannot show a default.
        String defaults = formatVersion == 2 ? "" : " DEFAULT 'given'";
        try (MirrorLab lab = new MirrorLab(postgres, "compacted" + formatVersion, directory)) {
            lab.sql(
                    "CREATE TABLE wide (id uuid PRIMARY KEY, big text, doc jsonb, amount numeric(12,3),"
                            + " at timestamptz, f float8, tags int4[])",
                    "ALTER TABLE wide ALTER big SET STORAGE EXTERNAL",
                    "CREATE TABLE parted (id int8 PRIMARY KEY, name text, day date)",
                    "CREATE TABLE keyless (a int4, b text)",
                    "ALTER TABLE keyless REPLICA IDENTITY FULL",
                    "CREATE TABLE kept (id int8 PRIMARY KEY, name text)",
                    "INSERT INTO wide SELECT md5(i::text)::uuid, repeat(i::text, 2000), '{\"a\": 1}', i / 7.0,"
                            + " '2020-01-01'::timestamptz + i * interval '1 second', 'NaN', ARRAY[7, NULL]"
                            + " FROM generate_series(1, 60) i",
                    "INSERT INTO parted SELECT i, 'loaded', '1999-12-31'::date + i FROM generate_series(1, 60) i",
                    "INSERT INTO keyless SELECT i % 20, 'loaded' FROM generate_series(1, 60) i",
                    "INSERT INTO kept SELECT i, 'loaded' FROM generate_series(1, 60) i");
            for (int session = 0; session < 2; session++) {
                try (Pipeline pipeline = lab.pipeline(lab.source("public.*"), sink -> eager(sink, formatVersion))
                        .start()) {
                    MirrorLab.awaitRunning(pipeline);
                    for (int round = 0; round < 9; round++) {
                        change(lab, random, 100 * session + round, defaults);
                        if (round % 2 == 0) {
                            settle(pipeline);
                            assertMirrored(lab, seed);
                        }
                    }
                    settle(pipeline);
                    assertMirrored(lab, seed);
                }
            }
            for (TableId table : ALL) {
                Table target = lab.target(table).orElseThrow();
                assertThat(target.snapshots())
                        .as("compactions of %s, seed %s", table, seed)
                        .anyMatch(snapshot -> snapshot.operation().equals(DataOperations.REPLACE));
                LakeAudit.assertComplete(target);
            }
        }
    }

    private static void assertMirrored(MirrorLab lab, long seed) throws Exception {
        try {
            for (TableId table : MIRRORS) {
                lab.assertMirrored(table);
            }
            assertThat(lab.rows(KEPT, List.of("id", "name", "_cdc_deleted")).stream()
                            .filter(row -> !Boolean.parseBoolean(row.get(2)))
                            .map(row -> row.subList(0, 2))
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(lab.sourceRows("SELECT id, name FROM kept"));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void change(MirrorLab lab, Random random, int round, String defaults) throws Exception {
        if (round % 5 == 4) {
            lab.sql(
                    "ALTER TABLE wide ADD COLUMN more" + round + " text" + defaults,
                    "ALTER TABLE keyless ADD COLUMN more" + round + " int4");
        }
        if (round == 5) {
            lab.sql("ALTER TABLE wide DROP COLUMN f", "ALTER TABLE keyless ALTER a TYPE int8");
        }
        int from = random.nextInt(60);
        lab.sql(
                "UPDATE wide SET amount = amount + 1 WHERE id IN (SELECT md5(i::text)::uuid FROM generate_series("
                        + from + ", " + (from + 9) + ") i)",
                "UPDATE wide SET big = repeat('" + round + "', 3000) WHERE id = md5('" + random.nextInt(60)
                        + "')::uuid",
                "DELETE FROM wide WHERE id = md5('" + random.nextInt(60) + "')::uuid",
                "INSERT INTO wide (id, big) VALUES (md5('new" + round + "')::uuid, repeat('n', 2500))",
                "UPDATE parted SET name = 'r" + round + "' WHERE id % 7 = " + random.nextInt(7),
                "UPDATE parted SET id = id + 1000 WHERE id = " + random.nextInt(60),
                "DELETE FROM parted WHERE id % 19 = " + random.nextInt(19),
                "INSERT INTO parted VALUES (" + (5000 + round) + ", 'new', now())",
                "DELETE FROM keyless WHERE ctid IN (SELECT ctid FROM keyless WHERE a = " + random.nextInt(20)
                        + " LIMIT 1)",
                "INSERT INTO keyless VALUES (" + random.nextInt(20) + ", 'loaded'), (" + random.nextInt(20) + ", NULL)",
                "UPDATE keyless SET b = 'r" + round + "' WHERE a = " + random.nextInt(20),
                "DELETE FROM kept WHERE id % 11 = " + random.nextInt(11),
                "INSERT INTO kept SELECT i, 'again' FROM generate_series(1, 60, 5) i ON CONFLICT (id) DO UPDATE"
                        + " SET name = 'r" + round + "'");
        if (round % 9 == 8) {
            lab.sql("TRUNCATE parted", "TRUNCATE kept");
        }
    }
}
