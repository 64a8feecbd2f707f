// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.source.postgres.internal.pgoutput.WireWriter;
import io.philotes.testkit.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which Relation message decodes what, when a publication's columns are altered while transactions come that are open: nothing
 * keeps writers out meanwhile, as an ALTER TABLE does. The messages are those of servers up to the minor versions of May 2025,
 * which do not announce a relation again behind a transaction that was open then. Each value tells which column it is of.
 */
class StreamedPublicationTest {

    private static final int TEXT = 25;
    private static final int INT4 = 23;

    private static TestPostgres server;
    private static SourceLab lab;
    private static int oid;

    /** Ids of transactions that everybody sees. */
    private static int early;

    private static int earlySub;
    private static int late;
    private static int whole;

    @TempDir
    Path directory;

    private final List<ChangeBatch> batches = new ArrayList<>();
    private CatalogSession session;
    private TransactionAssembler assembler;
    private StreamedTransactions streamed;
    private long lsn = 0x1000;

    @BeforeAll
    static void start() throws SQLException {
        server = TestPostgres.start(18);
        lab = new SourceLab(server, "lists");
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text, b text)", "CREATE PUBLICATION kept FOR TABLE t");
        oid = Integer.parseInt(lab.value("SELECT 't'::regclass::oid"));
        whole = Integer.parseInt(lab.value("SELECT xmin FROM pg_class WHERE oid = 't'::regclass"));
        early = whole - 3;
        earlySub = whole - 2;
        late = whole - 1;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        lab.sql("ALTER PUBLICATION kept SET TABLE t (id, a)");
        SourceSettings settings = settings();
        ColumnRules rules = new ColumnRules(Map.of());
        SourceTables tables = new SourceTables(settings, new Publication("kept", false, rules), rules);
        Sessions sessions = new Sessions(settings.server(), "test");
        session = new CatalogSession(sessions);
        KnownRelations known = new KnownRelations();
        sessions.call("read the catalog", tables::pictures)
                .forEach(picture -> known.remember(Lsn.ZERO, picture.wire()));
        lab.sql("ALTER PUBLICATION kept SET TABLE t (id, b)");
        StreamRelations relations = new StreamRelations(tables, known, Set.of(oid), Optional.empty(), session);
        assembler = new TransactionAssembler(relations, settings.limits(), Lsn.ZERO, "slot");
        streamed = new StreamedTransactions(assembler, relations, new StreamMode(true, settings.streaming()));
    }

    private SourceSettings settings() {
        SourceSettings.Server address = new SourceSettings.Server(
                JdbcUrl.parse(server.url(lab.database)),
                Optional.empty(),
                "postgres",
                () -> "postgres",
                SslMode.DISABLE,
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
        return new SourceSettings(
                address,
                new TableSelection(List.of(TablePattern.parse("public.t")), List.of()),
                Map.of(),
                new SourceSettings.Names(Optional.empty(), Optional.of("kept"), false, false),
                new SourceSettings.Limits(1 << 20, 1 << 20, true),
                Optional.of(new SourceSettings.Streaming(Optional.of(directory))));
    }

    @AfterEach
    void close() {
        streamed.close();
        session.close();
    }

    private void take(WireWriter message) {
        byte[] bytes = message.bytes();
        if (!streamed.take(bytes, 0, bytes.length)) {
            assembler.accept(bytes, 0, bytes.length);
        }
        while (streamed.isGivingOn()) {
            streamed.giveOn();
        }
        if (assembler.hasWhole()) {
            batches.add(assembler.cut());
        }
    }

    private static WireWriter message(char kind, int... streamedXid) {
        WireWriter message = new WireWriter().int8(kind);
        for (int each : streamedXid) {
            message.int32(each);
        }
        return message;
    }

    private static WireWriter relation(WireWriter to, String column) {
        return to.int32(oid)
                .string("public")
                .string("t")
                .int8('d')
                .int16(2)
                .int8(1)
                .string("id")
                .int32(INT4)
                .int32(-1)
                .int8(0)
                .string(column)
                .int32(TEXT)
                .int32(-1);
    }

    private static WireWriter insert(WireWriter to, int id, String column) {
        return to.int32(oid).int8('N').tuple(List.of(ascii(Integer.toString(id)), ascii(column + id)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A piece of a transaction that is open, from a Relation message on. */
    private void piece(int open, boolean first, int by, int id, String column) {
        take(message('S', open).int8(first ? 1 : 0));
        take(relation(message('R', by), column));
        take(insert(message('I', by), id, column));
        take(message('E'));
    }

    private void commit(int open) {
        lsn += 0x100;
        take(message('c', open).int8(0).int64(lsn).int64(lsn + 0x10).int64(1));
    }

    /** A transaction that came after its commit; announced, or not because the server believes that it is known. */
    private void whole(boolean announced, int id, String column) {
        lsn += 0x100;
        take(message('B').int64(lsn).int64(1).int32(whole));
        if (announced) {
            take(relation(message('R'), column));
        }
        take(insert(message('I'), id, column));
        take(message('C').int8(0).int64(lsn).int64(lsn + 0x10).int64(1));
    }

    private List<String> lines() {
        return ChangeLines.numbered(batches);
    }

    @Test
    void columns_that_came_with_an_open_transaction_do_not_outlive_it_when_others_came_since() {
        piece(early, true, early, 1, "a");
        whole(true, 2, "b");
        commit(early);
        whole(false, 3, "b");
        assertThat(lines())
                .containsExactly(
                        "INSERT t (2,b2) (id=1,b=3)", "INSERT t (1,a1) (id=1,a=2)", "INSERT t (3,b3) (id=1,b=3)");
    }

    @Test
    void columns_that_came_last_stand_though_they_came_while_the_transaction_was_open() {
        whole(true, 1, "a");
        piece(early, true, early, 2, "b");
        whole(false, 3, "a");
        commit(early);
        whole(false, 4, "b");
        assertThat(lines())
                .containsExactly(
                        "INSERT t (1,a1) (id=1,a=2)",
                        "INSERT t (3,a3) (id=1,a=2)",
                        "INSERT t (2,b2) (id=1,b=3)",
                        "INSERT t (4,b4) (id=1,b=3)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void of_two_open_transactions_the_columns_stand_that_came_last_whoever_commits_first(boolean inOrder) {
        piece(early, true, early, 1, "a");
        piece(late, true, late, 2, "b");
        commit(inOrder ? early : late);
        commit(inOrder ? late : early);
        whole(false, 3, "b");
        assertThat(lines())
                .contains("INSERT t (1,a1) (id=1,a=2)", "INSERT t (2,b2) (id=1,b=3)")
                .endsWith("INSERT t (3,b3) (id=1,b=3)");
    }

    @Test
    void columns_that_a_subtransaction_brought_which_was_rolled_back_do_not_count() {
        piece(early, true, early, 1, "a");
        whole(true, 2, "b");
        piece(early, false, earlySub, 9, "b");
        take(message('A', early, earlySub));
        commit(early);
        whole(false, 3, "b");
        assertThat(lines())
                .containsExactly(
                        "INSERT t (2,b2) (id=1,b=3)", "INSERT t (1,a1) (id=1,a=2)", "INSERT t (3,b3) (id=1,b=3)");
    }
}
