// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.BufferType;
import io.philotes.config.ByteSize;
import io.philotes.config.CatalogType;
import io.philotes.config.DestinationConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.Secret;
import io.philotes.config.SourceConfig;
import io.philotes.config.StateType;
import io.philotes.config.TableConfig;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.Mask;
import io.philotes.source.postgres.SslMode;
import io.philotes.spring.autoconfigure.PhilotesAutoConfiguration;
import io.philotes.spring.properties.PhilotesProperties;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The properties are those of the runner's file, and what the application has already need not be said. */
class PropertiesTest {

    private static final String DATABASE = """
            spring:
              datasource:
                url: jdbc:postgresql://db.internal:5432/shop?sslmode=require&ApplicationName=shop
                username: app
                password: s3cret-canary
            """;

    private static final String SMALLEST = """
            philotes:
              auto-start: false
              pipelines:
                shop:
                  destination: { catalog: { type: rest, uri: "http://localhost:8181", warehouse: lake } }
                  tables: [public.orders, public.customers]
            """;

    private static final String PIPELINE = """
            philotes:
              auto-start: false
              pipelines:
                shop:
                  source: { url: "jdbc:postgresql://db/shop", username: philotes, password: s3cret-canary }
                  destination: { catalog: { type: local, warehouse: /srv/lake } }
                  tables: [public.orders]
            """;

    private final ApplicationContextRunner alone =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PhilotesAutoConfiguration.class));

    private ApplicationContextRunner runner(String... yaml) {
        boolean hasDatabase = String.join("", yaml).contains("datasource");
        return (hasDatabase ? alone.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class)) : alone)
                .withInitializer(YamlProperties.of(yaml));
    }

    private void read(Consumer<PhilotesProperties> assertions, String... yaml) {
        runner(yaml).run(context -> {
            assertThat(context).hasNotFailed();
            assertions.accept(context.getBean(PhilotesProperties.class));
        });
    }

    private void refused(String yaml, String... messages) {
        runner(yaml).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .hasRootCauseInstanceOf(InvalidPropertiesException.class)
                    .rootCause()
                    .hasMessageContainingAll(messages)
                    .message()
                    .doesNotContain("s3cret-canary");
        });
    }

    private static SourceConfig source(PhilotesProperties read) {
        return read.pipelines().get("shop").source().inline().orElseThrow();
    }

    @Test
    void four_lines_are_enough_beside_a_data_source() {
        read(
                read -> {
                    PipelineConfig shop = read.pipelines().get("shop");
                    assertThat(source(read).url()).isEqualTo("jdbc:postgresql://db.internal:5432/shop");
                    assertThat(source(read).username()).isEqualTo("app");
                    assertThat(source(read).password()).contains(Secret.of("s3cret-canary"));
                    assertThat(source(read).ssl().mode()).isEqualTo(SslMode.REQUIRE);
                    assertThat(shop.tables())
                            .extracting(TableConfig::table)
                            .containsExactly("public.orders", "public.customers");
                    DestinationConfig lake =
                            shop.destination().orElseThrow().inline().orElseThrow();
                    assertThat(lake.catalog().type()).isEqualTo(CatalogType.REST);
                    assertThat(read.state().type()).isEqualTo(StateType.LAKE);
                    assertThat(shop.buffer().typeBeside(read.state())).isEqualTo(BufferType.MEMORY);
                    assertThat(read.toString()).doesNotContain("s3cret-canary");
                },
                DATABASE,
                SMALLEST);
    }

    @Test
    void what_a_source_says_itself_goes_before_the_data_source() {
        read(
                read -> {
                    assertThat(source(read).url()).isEqualTo("jdbc:postgresql://db.internal:5432/shop");
                    assertThat(source(read).username()).isEqualTo("philotes");
                    assertThat(source(read).password()).contains(Secret.of("other"));
                    assertThat(source(read).slot().name()).contains("mine");
                    assertThat(source(read).ssl().mode()).isEqualTo(SslMode.VERIFY_FULL);
                },
                DATABASE,
                SMALLEST,
                "philotes.pipelines.shop.source: { username: philotes, password: other, slot: { name: mine }, ssl: { mode: verify-full } }");
    }

    @Test
    void a_source_with_a_url_takes_nothing_from_the_data_source() {
        read(
                read -> {
                    assertThat(source(read).url()).isEqualTo("jdbc:postgresql://other/shop");
                    assertThat(source(read).password()).isEmpty();
                    assertThat(source(read).ssl().mode()).isEqualTo(SslMode.REQUIRE);
                },
                DATABASE,
                SMALLEST,
                "philotes.pipelines.shop.source: { url: 'jdbc:postgresql://other/shop', username: philotes }");
    }

    @ParameterizedTest
    @CsvSource({
        "'', PREFER",
        "?ssl=true, VERIFY_FULL",
        "?sslmode=disable, DISABLE",
        "?sslmode=allow, PREFER",
        "?sslmode=verify-ca&sslrootcert=/etc/ca.pem, VERIFY_CA",
    })
    void the_connection_is_protected_as_the_applications_own(String parameters, SslMode expected) {
        read(
                read -> assertThat(source(read).ssl().mode()).isEqualTo(expected),
                DATABASE.replaceAll("\\?\\S*", parameters),
                SMALLEST);
    }

    @Test
    void state_in_a_database_may_be_the_applications_too() {
        read(
                read -> {
                    assertThat(read.state().url()).contains("jdbc:postgresql://db.internal:5432/shop");
                    assertThat(read.state().username()).contains("app");
                    assertThat(read.state().schema()).contains("cdc");
                },
                DATABASE,
                SMALLEST,
                "philotes.state: { type: postgres, schema: cdc }");
    }

    @Test
    void every_kind_of_value_is_read_as_in_the_runners_file() {
        read(
                read -> {
                    PipelineConfig shop = read.pipelines().get("shop");
                    assertThat(read.pipelines()).containsOnlyKeys("shop", "Audit_2");
                    assertThat(shop.commit().interval()).isEqualTo(Duration.ofMillis(500));
                    assertThat(shop.index().memory()).contains(ByteSize.of("512MiB"));
                    assertThat(shop.onError().retry().maxDelay()).isEqualTo(Duration.ofDays(1));
                    TableConfig customers = shop.tables().get(1);
                    assertThat(customers.columns().mask())
                            .containsEntry("e_mail", Mask.SHA256)
                            .containsEntry("phone", Mask.NULL)
                            .containsEntry("Card Number", Mask.PARTIAL);
                    assertThat(customers.where()).contains("country in ('NL', 'DE')");
                    assertThat(customers.partitionBy()).containsExactly("day(created_at)");
                    assertThat(shop.tables().get(2).mode()).isEqualTo(WriteMode.APPEND);
                    assertThat(shop.destination().orElseThrow().name()).contains("lake");
                    assertThat(read.destinations().get("lake").catalog().properties())
                            .containsOnlyKeys("s3.endpoint", "clientRegion")
                            .containsEntry("s3.endpoint", Secret.of("http://s3"));
                },
                """
                place: http://s3
                philotes:
                  auto-start: false
                  sources:
                    shop-db: { url: "jdbc:postgresql://db/shop", username: philotes }
                  destinations:
                    lake:
                      catalog:
                        type: rest
                        uri: http://localhost:8181
                        warehouse: lake
                        properties: { s3.endpoint: "${place}", clientRegion: eu-1 }
                  pipelines:
                    shop:
                      source: shop-db
                      destination: lake
                      commit: { interval: 500ms }
                      index: { memory: 512MiB }
                      on-error: { retry: { max-delay: 1d } }
                      tables:
                        - public.orders
                        - table: public.customers
                          where: "country in ('NL', 'DE')"
                          partition-by: ["day(created_at)"]
                          columns: { mask: { e_mail: sha256, phone: null, "[Card Number]": partial } }
                        - { table: public.audit_*, mode: append }
                    Audit_2:
                      source: shop-db
                      destination: lake
                      tables: [public.logins]
                """);
    }

    @Test
    void the_environment_has_the_last_word() {
        runner(PIPELINE)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        java.util.Map.of(
                                                "PHILOTES_PIPELINES_SHOP_COMMIT_INTERVAL", "3s",
                                                "PHILOTES_PIPELINES_SHOP_ONERROR_MAXDEADLETTERS", "7",
                                                "PHILOTES_CDC_REPLICATION_SLOT", "of another program"))))
                .run(context -> {
                    PipelineConfig shop = context.getBean(PhilotesProperties.class)
                            .pipelines()
                            .get("shop");
                    assertThat(shop.commit().interval()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(shop.onError().maxDeadLetters()).isEqualTo(7);
                });
    }

    @Test
    void a_list_comes_whole_from_one_place() {
        read(
                read -> assertThat(read.pipelines().get("shop").tables())
                        .extracting(TableConfig::table)
                        .containsExactly("public.only"),
                DATABASE,
                SMALLEST,
                "philotes.pipelines.shop.tables: [public.only]");
    }

    @Test
    void every_fault_is_told_at_once_with_its_place() {
        refused(
                """
                philotes:
                  auto-start: maybe
                  pipelinez: {}
                  server: { port: 8080 }
                  pipelines:
                    shop:
                      source: { url: "jdbc:postgresql://db/shop", username: philotes, password: s3cret-canary, slott: x }
                      destination: { catalog: { type: resst, warehouse: /srv/lake } }
                      commit: { interval: soon }
                      tables: public.orders, public.customers
                """,
                "philotes.auto-start: must be true or false, not 'maybe' (Byte array resource [yaml 0] - 2:15)",
                "philotes.pipelinez: unknown key; did you mean 'pipelines'?",
                "philotes.server: unknown key",
                "philotes.pipelines.shop.source.slott: unknown key; did you mean 'slot'?",
                "philotes.pipelines.shop.destination.catalog.type: must be one of local, jdbc, rest",
                "not 'resst'; did you mean 'rest'?",
                "philotes.pipelines.shop.commit.interval: must be a duration such as 500ms, 30s, 5m, 1h or 1d, not 'soon'",
                "philotes.pipelines.shop.tables: must be a list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tables: []                                   | shop.tables: must name at least one table",
                "tables: [a.b.c]                              | shop.tables[0]: table is not a table name",
                "tables: [{ mode: append }]                   | shop.tables[0]: the key 'table' is missing",
                "destination: nowhere                         | shop.destination: no destination is called 'nowhere'",
                "description: ''                              | shop.description: has no value",
                "commit: 3s                                   | shop.commit: must be a mapping of keys to values",
                "buffer: { type: postgres }                   | shop.buffer: type postgres needs a url",
                "on-error: { row: dead-letter }               | shop.on-error: row is dead-letter, and state of type lake keeps none",
                "source: { password: '${file:/run/x}' }       | shop.source.password: ${file:",
                "source: { url: 'jdbc:postgresql://x', username: u, password: '${NOT_SET_HERE}' } | Could not resolve placeholder 'NOT_SET_HERE'",
                "source: { url: 'jdbc:mysql://db/shop', username: u } | shop.source.url: must begin with jdbc:postgresql:",
            })
    void a_fault_is_told(String line, String message) {
        String key = line.substring(0, line.indexOf(':'));
        refused(PIPELINE.replaceAll("(?m)^ +" + key + ":.*\\R", "") + "      " + line + "\n", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3cret-${cd}canary    | shop.source.password: Could not resolve a placeholder in it",
                "${s3cret-${cd}canary} | shop.source.password: Could not resolve a placeholder in it",
                "${SHOP_PW}            | shop.source.password: Could not resolve placeholder 'SHOP_PW'",
            })
    void of_a_secret_with_a_placeholder_only_the_reference_is_told(String password, String message) {
        String yaml = PIPELINE.replace("s3cret-canary", "'" + password + "'") + "SHOP_PW: 's3cret-${cd}canary'\n";
        runner(yaml)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining(message)
                        .satisfies(failure -> {
                            StringWriter trace = new StringWriter();
                            context.getStartupFailure().printStackTrace(new PrintWriter(trace));
                            assertThat(trace.toString()).doesNotContain("s3cret", "cd}", "'cd'", "canary}");
                        }));
    }

    @Test
    void without_a_source_there_must_be_a_data_source_of_postgresql() {
        refused(
                SMALLEST,
                "philotes.pipelines.shop.source: the key 'url' is missing, and the application has no DataSource");
        refused(
                DATABASE.replace("jdbc:postgresql:", "jdbc:mysql:") + "    driver-class-name: org.postgresql.Driver\n"
                        + SMALLEST,
                "the application's DataSource is not one of PostgreSQL");
    }

    @Test
    void without_pipelines_there_is_nothing_to_do_and_no_failure() {
        read(read -> assertThat(read.pipelines()).isEmpty(), "other: x");
    }
}
