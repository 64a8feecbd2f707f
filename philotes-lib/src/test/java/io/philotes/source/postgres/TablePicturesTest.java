// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.SchemaTracking;
import io.philotes.source.SourceLook;
import io.philotes.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What looks write into the WAL, and how it comes back, without the event trigger. */
class TablePicturesTest {

    private static TestPostgres server;
    private static int databases;
    private SourceLab lab;

    @org.junit.jupiter.api.BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @org.junit.jupiter.api.AfterAll
    static void stop() throws SQLException {
        server.execute("CHECKPOINT");
        server.close();
    }

    @BeforeEach
    void freshDatabase() throws SQLException {
        lab = new SourceLab(server, "pictures" + ++databases);
    }

    private static TablePicture picture(List<TablePicture> pictures, String table) {
        return pictures.stream()
                .filter(picture -> picture.relation().table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_look_tells_every_table_once_and_then_only_what_changed() throws Exception {
        lab.sql("CREATE TABLE a (id int PRIMARY KEY, note text)", "CREATE TABLE b (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            SourceLook first = source.look();
            assertThat(first.tracking()).isEqualTo(SchemaTracking.INFERRED);
            assertThat(first.present()).containsExactlyInAnyOrder(TableId.parse("a"), TableId.parse("b"));
            assertThat(first.untold()).isEmpty();
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches))
                    .containsExactlyInAnyOrder("PICTURE a(id=1,note=2)", "PICTURE b(id=1)");
            assertThat(source.tables())
                    .extracting(TablePicture::facts)
                    .containsExactly(ChangeLines.facts(batches, "a"), ChangeLines.facts(batches, "b"));
            source.look();
            lab.sql("ALTER TABLE a DROP note", "ALTER TABLE a ADD note text DEFAULT 'x'");
            source.look();
            source.look();
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("PICTURE a(id=1,note=3)");
        }
    }
}
