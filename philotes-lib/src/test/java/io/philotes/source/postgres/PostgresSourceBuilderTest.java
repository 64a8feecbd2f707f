// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSourceBuilderTest {

    @Test
    void the_shortest_configuration_is_enough_and_shows_no_secret() {
        PostgresSource source = PostgresSource.builder("jdbc:postgresql://db/shop")
                .credentials("philotes", "secret")
                .tables("public.orders")
                .build();
        assertThat(source.description()).isEqualTo("postgresql://db:5432/shop");
    }

    @Test
    void every_fault_is_named_at_once() {
        assertThatThrownBy(() -> PostgresSource.builder("jdbc:mysql://x/y")
                        .tables("a.b.c")
                        .slot("Bad-Slot")
                        .existingPublication("it's")
                        .sslRootCert(Path.of("/does/not/exist"))
                        .connectTimeout(Duration.ZERO)
                        .maxBatchBytes(1)
                        .maxRowBytes(1L << 40)
                        .build())
                .isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(e.getMessage())
                            .contains(
                                    "URL",
                                    "a.b.c",
                                    "slot name",
                                    "publication name",
                                    "root certificate",
                                    "/does/not/exist")
                            .contains("credentials", "connectTimeout", "maxBatchBytes", "maxRowBytes");
                });
    }

    @Test
    void every_fault_of_the_rules_is_named_at_once() {
        TableRules rules = TableRules.none().exclude("a").mask("a", Mask.NULL).where("true; DROP TABLE t");
        assertThatThrownBy(() -> PostgresSource.builder("jdbc:postgresql://db/shop")
                        .credentials("philotes", "secret")
                        .tables("public.*", "public.log_old", "x.a.b")
                        .exclude("log_*", "y.a.b")
                        .table("people", rules)
                        .table("public.people", TableRules.none().mask("", Mask.NULL))
                        .table("log_new", TableRules.none())
                        .table(new TableId("other", "t"), TableRules.none())
                        .build())
                .isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(e.getMessage())
                            .contains("table public.log_old is both named and excluded", "x.a.b", "y.a.b")
                            .contains("column a of table public.people is both excluded and masked", "semicolon")
                            .contains("public.people has rules twice", "without a name")
                            .contains("public.log_new, which is not mirrored", "other.t, which is not mirrored");
                });
        assertThatThrownBy(() -> TableRules.none().mask("a", Mask.NULL).mask("a", Mask.SHA256))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://h/d?socketFactory=evil.Class",
                "jdbc:postgresql://h/d?sslmode=require&sslfactory=evil.Class",
                "jdbc:postgresql://h/d?options=-c%20row_security=on",
                "jdbc:postgresql://h/d?sslmode=maybe",
                "jdbc:postgresql://h1,/d",
                "jdbc:postgresql://h:0,h2/d",
                "jdbc:postgresql://user:secret@h/d",
                "jdbc:postgresql://h/",
                "jdbc:postgresql:d"
            })
    void other_urls_are_refused_without_repeating_them(String url) {
        assertThatThrownBy(() -> JdbcUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("evil")
                .hasMessageNotContaining("secret");
    }

    @Test
    void host_port_database_and_sslmode_are_read() {
        JdbcUrl url = JdbcUrl.parse("jdbc:postgresql://[::1]:6543/my%20db?sslmode=verify-full");
        assertThat(url.hosts()).containsExactly(new JdbcUrl.Host("[::1]", 6543));
        assertThat(url.database()).isEqualTo("my db");
        assertThat(url.sslMode()).contains(SslMode.VERIFY_FULL);
        assertThat(JdbcUrl.parse("jdbc:postgresql://a,b-2.x:5433/d").address()).isEqualTo("a:5432,b-2.x:5433/d");
        assertThatCode(() -> JdbcUrl.parse("jdbc:postgresql://h/d")).doesNotThrowAnyException();
    }

    @Test
    void patterns_match_whole_names_and_quotes_make_a_star_a_star() {
        assertThat(TablePattern.parse("public.audit_*").matches(TableId.parse("audit_1")))
                .isTrue();
        assertThat(TablePattern.parse("public.audit_*").matches(TableId.parse("my_audit_1")))
                .isFalse();
        assertThat(TablePattern.parse("*.t").matches(new TableId("any", "t"))).isTrue();
        assertThat(TablePattern.parse("orders").matches(new TableId("public", "orders")))
                .isTrue();
        assertThat(TablePattern.parse("public.\"*\"").matches(new TableId("public", "x")))
                .isFalse();
        assertThat(TablePattern.parse("\"a.b\".\"c\"\"d\"").matches(new TableId("a.b", "c\"d")))
                .isTrue();
        assertThat(TablePattern.parse("\"a.*\".t*").matches(new TableId("a.*", "t\nx")))
                .isTrue();
    }

    @Test
    void default_names_fit_and_differ() {
        assertThat(SourceSettings.Names.defaultName("Shop-İ.1")).matches("philotes_shop_[a-z0-9_]*1");
        String a = SourceSettings.Names.defaultName("x".repeat(80) + "a");
        String b = SourceSettings.Names.defaultName("x".repeat(80) + "b");
        assertThat(a).hasSizeLessThanOrEqualTo(63).isNotEqualTo(b);
    }
}
