// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static io.philotes.mirror.MirrorLab.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TableStatus;
import io.philotes.testkit.LakeAudit;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Another engine works on a target, while the pipeline runs and while it is down: the target ends equal to the source, or its
 * table says what is the matter, the other table goes on, and a resync makes it equal again.
 */
class OtherWritersInRunTest {

    private static final TableId HIT = new TableId("public", "hit");
    private static final TableId OTHER = new TableId("public", "other");

    private static TestPostgres postgres;
    private static int databases;

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

    /** What somebody else does to the target; what becomes of the table. */
    enum Deed {
        COMPACTION(TableState.STREAMING) {
            @Override
            void to(MirrorLab lab, Table table) {
                OtherWriter.compact(table);
            }
        },
        EXPIRY(TableState.STREAMING) {
            @Override
            void to(MirrorLab lab, Table table) {
                OtherWriter.compact(table);
                table.expireSnapshots()
                        .expireOlderThan(Long.MAX_VALUE)
                        .retainLast(1)
                        .commit();
            }
        },
        NEW_COLUMN(TableState.STREAMING) {
            @Override
            void to(MirrorLab lab, Table table) {
                table.updateSchema().addColumn("theirs", Types.StringType.get()).commit();
            }
        },
        PROPERTY(TableState.STREAMING) {
            @Override
            void to(MirrorLab lab, Table table) {
                table.updateProperties().set("owner", "them").commit();
            }
        },
        UPGRADE(TableState.STREAMING) {
            @Override
            void to(MirrorLab lab, Table table) {
                table.updateProperties().set("format-version", "3").commit();
            }
        },
        APPEND(TableState.DIVERGED) {
            @Override
            void to(MirrorLab lab, Table table) {
                OtherWriter.append(table, 99, "theirs");
            }
        },
        DELETE(TableState.DIVERGED) {
            @Override
            void to(MirrorLab lab, Table table) {
                OtherWriter.deleteEverything(table);
            }
        },
        ROLLBACK(TableState.HELD, TableState.NEEDS_RESYNC) {
            @Override
            void to(MirrorLab lab, Table table) {
                table.manageSnapshots()
                        .rollbackTo(table.currentSnapshot().parentId())
                        .commit();
            }
        },
        EXPIRED_ROLLBACK(TableState.HELD, TableState.NEEDS_RESYNC) {
            @Override
            void to(MirrorLab lab, Table table) {
                ROLLBACK.to(lab, table);
                OtherWriter.compact(table);
                table.expireSnapshots()
                        .expireOlderThan(Long.MAX_VALUE)
                        .retainLast(1)
                        .commit();
            }
        },
        DROPPED_COLUMN(TableState.HELD, TableState.NEEDS_RESYNC) {
            @Override
            void to(MirrorLab lab, Table table) {
                table.updateSchema().deleteColumn("name").commit();
            }
        },
        DROP(TableState.HELD, TableState.NEEDS_RESYNC) {
            @Override
            void to(MirrorLab lab, Table table) {
                lab.catalog().dropTable(target(), true);
            }
        },
        MADE_ANEW(TableState.HELD, TableState.NEEDS_RESYNC) {
            @Override
            void to(MirrorLab lab, Table table) {
                Map<String, String> properties = table.properties();
                lab.catalog().dropTable(target(), true);
                lab.catalog()
                        .buildTable(target(), table.schema())
                        .withProperties(properties)
                        .create();
                OtherWriter.append(lab.catalog().loadTable(target()), 99, "theirs");
            }
        };

        private final Set<TableState> ends;

        Deed(TableState... ends) {
            this.ends = Set.of(ends);
        }

        abstract void to(MirrorLab lab, Table table);
    }

    private static TableIdentifier target() {
        return TableIdentifier.of(MirrorLab.NAMESPACE, "hit");
    }

    private MirrorLab lab() throws Exception {
        MirrorLab lab = new MirrorLab(postgres, "deeds" + ++databases, directory);
        lab.sql(
                "CREATE TABLE hit (id int PRIMARY KEY, name text)",
                "CREATE TABLE other (id int PRIMARY KEY, name text)",
                "INSERT INTO hit SELECT i, 'n' || i FROM generate_series(1, 20) i");
        return lab;
    }

    private static Pipeline start(MirrorLab lab) throws Exception {
        Pipeline pipeline = lab.pipeline(lab.source("public.hit", "public.other"), sink -> sink.formatVersion(2))
                .start();
        MirrorLab.awaitRunning(pipeline);
        return pipeline;
    }

    private static void change(MirrorLab lab) throws Exception {
        lab.sql(
                "INSERT INTO other SELECT count(*) + 1, 'o' FROM other",
                "BEGIN; UPDATE hit SET name = name || 'x' WHERE id % 3 = 0; DELETE FROM hit WHERE id = (SELECT min(id) FROM hit);"
                        + " INSERT INTO hit SELECT max(id) + 1, 'new' FROM hit; COMMIT");
    }

    private static void assertEnds(MirrorLab lab, Pipeline pipeline, Deed deed) throws Exception {
        Awaitility.await().atMost(MirrorLab.PATIENCE).untilAsserted(() -> {
            TableStatus hit = MirrorLab.status(pipeline, HIT);
            assertThat(hit.state()).as(hit.reason()).isIn(deed.ends);
            lab.assertMirrored(OTHER);
            if (deed.ends.contains(TableState.STREAMING)) {
                lab.assertMirrored(HIT);
            } else {
                assertThat(hit.reason()).isNotBlank();
            }
        });
        assertThat(MirrorLab.status(pipeline, OTHER).state()).isEqualTo(TableState.STREAMING);
        if (!deed.ends.contains(TableState.STREAMING)) {
            pipeline.resync(List.of(HIT));
            change(lab);
            settle(pipeline);
        }
        lab.assertMirrored(HIT);
        change(lab);
        settle(pipeline);
        lab.assertMirrored(HIT);
        LakeAudit.assertComplete(lab.catalog().loadTable(target()));
    }

    @AfterEach
    void dropSlots() throws Exception {
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
    }

    @ParameterizedTest
    @EnumSource
    void while_the_pipeline_runs(Deed deed) throws Exception {
        try (MirrorLab lab = lab();
                Pipeline pipeline = start(lab)) {
            change(lab);
            settle(pipeline);
            deed.to(lab, lab.catalog().loadTable(target()));
            change(lab);
            assertEnds(lab, pipeline, deed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void while_the_pipeline_is_down(Deed deed) throws Exception {
        try (MirrorLab lab = lab()) {
            try (Pipeline pipeline = start(lab)) {
                change(lab);
                settle(pipeline);
            }
            deed.to(lab, lab.catalog().loadTable(target()));
            change(lab);
            try (Pipeline pipeline = start(lab)) {
                assertEnds(lab, pipeline, deed);
            }
        }
    }
}
