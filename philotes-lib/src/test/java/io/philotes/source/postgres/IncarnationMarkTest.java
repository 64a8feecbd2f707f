// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Incarnation;
import io.philotes.model.SourceMark;
import io.philotes.source.AttachedSource;
import io.philotes.testkit.TestPostgres;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IncarnationMarkTest {

    private static final String COMMENT = "SELECT obj_description(oid, 'pg_publication') FROM pg_publication";

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static SourceLab lab(String database) throws Exception {
        SourceLab lab = new SourceLab(server, database);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        return lab;
    }

    private static SourceMark mark(AttachedSource source) {
        return source.identify().mark();
    }

    private static Optional<Finding> finding(AttachedSource source) {
        return source.check().stream()
                .filter(finding -> finding.subject().equals("incarnation"))
                .findFirst();
    }

    @Test
    void it_is_the_publications_comment_and_only_rises() throws Exception {
        SourceLab lab = lab("mark_comment");
        AttachedSource source = lab.builder("t").build().attach("mark");
        assertThat(finding(source).orElseThrow().severity()).isEqualTo(Finding.Severity.OK);
        source.preparePublication();
        SourceMark first = mark(source);
        assertThat(first.incarnation().orElseThrow().counter()).isEqualTo(1);

        source.preparePublication();
        assertThat(mark(source)).isEqualTo(first);
        SourceMark second = source.renewMark(first).orElseThrow().mark();
        assertThat(mark(source)).isEqualTo(second);
        // An instance that slept knows an older one, and raises what is there.
        SourceMark third = source.renewMark(first).orElseThrow().mark();
        assertThat(third.incarnation().orElseThrow().counter()).isEqualTo(3);
        assertThat(lab.value(COMMENT))
                .isEqualTo("philotes:" + third.incarnation().orElseThrow().id() + ":3");
    }

    @Test
    void one_that_was_put_back_is_not_raised_again() throws Exception {
        SourceLab lab = lab("mark_rewound");
        AttachedSource source = lab.builder("t").build().attach("mark");
        source.preparePublication();
        SourceMark before = mark(source);
        SourceMark later =
                before.with(new Incarnation(before.incarnation().orElseThrow().id(), 9));

        assertThatThrownBy(() -> source.renewMark(later))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REWOUND));
        assertThat(mark(source)).isEqualTo(before);
    }

    @Test
    void a_comment_of_somebody_else_is_left_alone_and_the_table_is_taken() throws Exception {
        SourceLab lab = lab("mark_table");
        lab.sql(
                "CREATE PUBLICATION kept FOR TABLE t WITH (publish_via_partition_root = true)",
                "COMMENT ON PUBLICATION kept IS 'made by hand'");
        AttachedSource source =
                lab.builder("t").existingPublication("kept").build().attach("mark");
        source.preparePublication();
        assertThat(mark(source).incarnation()).isEmpty();
        assertThat(source.renewMark(mark(source))).isEmpty();
        assertThat(finding(source).orElseThrow().severity()).isEqualTo(Finding.Severity.WARN);

        lab.sql(
                "CREATE SCHEMA philotes",
                "CREATE TABLE philotes.incarnation (slot text PRIMARY KEY, id uuid NOT NULL, counter bigint NOT NULL)");
        source.preparePublication();
        SourceMark first = mark(source);
        assertThat(source.renewMark(first).orElseThrow().mark()).isEqualTo(mark(source));
        assertThat(lab.value("SELECT counter FROM philotes.incarnation")).isEqualTo("2");
        assertThat(lab.value(COMMENT)).isEqualTo("made by hand");
        assertThat(finding(source).orElseThrow().severity()).isEqualTo(Finding.Severity.OK);
    }

    @Test
    void the_decoder_sends_nothing_for_it() throws Exception {
        SourceLab lab = lab("mark_silent");
        AttachedSource source = lab.started(lab.builder("t"));
        lab.sql("INSERT INTO t VALUES (1)");
        source.renewMark(mark(source));
        lab.sql("INSERT INTO t VALUES (2)");
        assertThat(lab.value("SELECT string_agg(chr(get_byte(data, 0)), '' ORDER BY n) FROM"
                        + " pg_logical_slot_peek_binary_changes('philotes_mark_silent', NULL, NULL, 'proto_version', '1',"
                        + " 'publication_names', 'philotes_mark_silent', 'messages', 'true')"
                        + " WITH ORDINALITY AS m (lsn, xid, data, n)"))
                .isEqualTo("BRICBIC");
    }
}
