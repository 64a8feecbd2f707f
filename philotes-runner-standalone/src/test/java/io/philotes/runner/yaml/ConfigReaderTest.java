// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.config.BufferType;
import io.philotes.config.ByteSize;
import io.philotes.config.CatalogType;
import io.philotes.config.CompactionConfig;
import io.philotes.config.OrphansConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.SchemaChangesConfig;
import io.philotes.config.Secret;
import io.philotes.config.SnapshotsConfig;
import io.philotes.config.TableConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.Initialize;
import io.philotes.pipeline.ResyncPolicy;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.source.postgres.Mask;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    /** What every configuration must say, and no more. */
    static final String SMALLEST = """
            version: 1
            pipelines:
              shop:
                source:
                  url: jdbc:postgresql://db.internal:5432/shop
                  username: philotes
                  password: ${SHOP_DB_PASSWORD}
                destination:
                  catalog: { type: rest, uri: "http://localhost:8181", warehouse: lake }
                tables: [public.orders, public.customers]
            """;

    private static final Map<String, String> ENVIRONMENT =
            Map.of("SHOP_DB_PASSWORD", "s3cr3t", "PORT", "9000", "WORD", "nine", "EMPTY", "");

    static PhilotesConfig read(String yaml) {
        return new ConfigReader(ENVIRONMENT::get).parse("philotes.yaml", yaml);
    }

    static AbstractThrowableAssert<?, ?> assertFaults(String yaml) {
        return assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
    }

    @Test
    void a_secret_of_a_file_is_read_anew_each_time(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "first");
        Secret secret = read(SMALLEST.replace("${SHOP_DB_PASSWORD}", "${file:" + file + "}"))
                .pipelines()
                .get("shop")
                .source()
                .inline()
                .orElseThrow()
                .password()
                .orElseThrow();
        assertThat(secret.value()).isEqualTo("first");
        Files.writeString(file, "second");
        assertThat(secret.value()).isEqualTo("second");
        assertThat(secret.toString()).doesNotContain("second");
    }

    @Test
    void the_smallest_file_gets_the_defaults() {
        PhilotesConfig config = read(SMALLEST);
        PipelineConfig shop = config.pipelines().get("shop");
        var source = shop.source().inline().orElseThrow();
        assertThat(source.password().orElseThrow().value()).isEqualTo("s3cr3t");
        assertThat(source.ssl().mode()).isEqualTo(SslMode.REQUIRE);
        assertThat(source.heartbeat().interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(source.publication().manage()).isTrue();
        assertThat(source.streaming()).isFalse();
        assertThat(shop.destination()
                        .orElseThrow()
                        .inline()
                        .orElseThrow()
                        .catalog()
                        .type())
                .isEqualTo(CatalogType.REST);
        assertThat(shop.destination()
                        .orElseThrow()
                        .inline()
                        .orElseThrow()
                        .defaults()
                        .formatVersion())
                .isEqualTo(3);
        assertThat(shop.buffer().typeBeside(config.state())).isEqualTo(BufferType.DISK);
        assertThat(shop.commit().interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(shop.tables()).extracting(t -> t.table()).containsExactly("public.orders", "public.customers");
        assertThat(config.server().port()).isEqualTo(8484);
        assertThat(config.server().address()).isEqualTo("127.0.0.1");
        assertThat(config.state().directory()).isEqualTo(Path.of("./.philotes"));
    }

    @Test
    void everything_that_can_be_said_is_read() {
        PhilotesConfig config = read("""
                version: 1
                sources:
                  shop-db:
                    type: postgres
                    url: jdbc:postgresql://db/shop
                    socket: /var/run/postgresql
                    username: philotes
                    password: plain
                    ssl: { mode: verify-full, root-cert: /etc/ca.pem }
                    slot: { name: slot_1 }
                    publication: { name: pub, manage: false }
                    heartbeat: { interval: 1m }
                    connect-timeout: PT3S
                    streaming: true
                destinations:
                  lake:
                    type: iceberg
                    catalog:
                      type: jdbc
                      uri: jdbc:postgresql://db/catalog
                      warehouse: /lake
                      name: other
                      username: u
                      password: p
                      properties: { clients: 4 }
                    defaults: { format-version: 2, target-file-size: 64MiB }
                    maintenance:
                      snapshots: { keep-for: 1d, keep-at-most: 50, keep-files: 2h }
                      orphans: { older-than: 7d }
                      compaction: { min-files: 4, deleted-fraction: 0.25, cpu-share: 1 }
                pipelines:
                  shop:
                    description: BI
                    source: shop-db
                    destination: lake
                    buffer: { type: memory, max-size: 32MiB }
                    namespace: crm
                    copy: { parallelism: 4 }
                    commit: { interval: 500ms, max-bytes: 1GiB }
                    on-error: { retry: { max-duration: 1h, initial-delay: 2s, max-delay: 1d } }
                    tables:
                      - public.audit_*
                      - table: public.customers
                        target: people
                        mode: append
                        partition-by: ["day(created_at)"]
                      - table: public.orders
                        where: "country in ('NL', 'DE')"
                        soft-delete: true
                        cdc-columns: true
                        columns:
                          exclude: [password_hash]
                          mask: { email: sha256, phone: null, card: "null", name: partial }
                          types: { amount: "decimal(20,4)", at: string }
                    exclude: [public.audit_tmp_*]
                    types: { numeric: "decimal(38,9)", timestamp: string }
                    schema-changes: { resync: auto, look-interval: 20s }
                state: { type: file, directory: /var/lib/philotes }
                server: { enabled: false, address: localhost, port: "${PORT}" }
                logging: { level: debug }
                """);
        assertThat(config.destinations().get("lake").maintenance().snapshots())
                .isEqualTo(new SnapshotsConfig(true, Duration.ofDays(1), 50, Duration.ofHours(2)));
        assertThat(config.destinations().get("lake").maintenance().orphans())
                .isEqualTo(new OrphansConfig(true, Duration.ofDays(7)));
        assertThat(config.destinations().get("lake").maintenance().compaction())
                .isEqualTo(new CompactionConfig(true, 4, 0.25, 1.0));
        PipelineConfig shop = config.pipelines().get("shop");
        assertThat(shop.tables().get(1).mode()).isEqualTo(WriteMode.APPEND);
        TableConfig orders = shop.tables().get(2);
        assertThat(orders.where()).contains("country in ('NL', 'DE')");
        assertThat(orders.softDelete()).isTrue();
        assertThat(orders.cdcColumns()).isTrue();
        assertThat(orders.columns().exclude()).containsExactly("password_hash");
        assertThat(orders.columns().mask())
                .isEqualTo(Map.of("email", Mask.SHA256, "phone", Mask.NULL, "card", Mask.NULL, "name", Mask.PARTIAL));
        assertThat(orders.columns().types()).containsEntry("amount", "decimal(20,4)");
        assertThat(shop.exclude()).containsExactly("public.audit_tmp_*");
        assertThat(shop.types()).containsEntry("timestamp", "string");
        assertThat(shop.schemaChanges()).isEqualTo(new SchemaChangesConfig(ResyncPolicy.AUTO, Duration.ofSeconds(20)));
        assertThat(shop.buffer().maxSize()).contains(new ByteSize(32 << 20));
        assertThat(shop.onError().retry().maxDelay()).isEqualTo(Duration.ofDays(1));
        assertThat(config.sources().get("shop-db").socket()).contains(Path.of("/var/run/postgresql"));
        assertThat(config.sources().get("shop-db").connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.sources().get("shop-db").streaming()).isTrue();
        assertThat(config.server().port()).isEqualTo(9000);
        assertThat(config.toString()).doesNotContain("plain").contains("password=Optional[***]");
    }

    @Test
    void buffer_and_state_may_be_in_a_database() {
        PhilotesConfig config = read(SMALLEST + """
                    buffer: { type: postgres, max-size: 1GiB }
                state: { type: postgres, url: 'jdbc:postgresql://s/s', username: u, password: hidden, initialize: never }
                """);
        assertThat(config.pipelines().get("shop").buffer().type()).contains(BufferType.POSTGRES);
        assertThat(config.state().url()).contains("jdbc:postgresql://s/s");
        assertThat(config.state().initialize()).contains(Initialize.NEVER);
        assertThat(config.toString()).doesNotContain("hidden");
        PhilotesConfig own = read(SMALLEST + """
                    buffer: { type: postgres, url: 'jdbc:postgresql://b/b', username: u, password: hidden, schema: x }
                """);
        assertThat(own.pipelines().get("shop").buffer().schema()).contains("x");
        assertThat(own.toString()).doesNotContain("hidden");
        assertFaults(SMALLEST + "state: { type: postgres }\n").hasMessageContaining("state.type: postgres needs a url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"target: x", "where: a = 1", "columns: { exclude: [a] }", "columns: { mask: { a: null } }"})
    void a_pattern_takes_nothing_that_is_for_one_table(String key) {
        String yaml = SMALLEST.replace("[public.orders, public.customers]", "[{ table: public.a_*, " + key + " }]");
        assertFaults(yaml)
                .hasMessageContaining(
                        ":10:16: pipelines.shop.tables[0].table: is a pattern, which takes no target, where");
        String quoted = yaml.replace("public.a_*", "'public.\"a_*\"'");
        assertThat(read(quoted).pipelines().get("shop").tables())
                .as("a star in quotes is a star")
                .hasSize(1);
    }

    @Test
    void a_pattern_takes_what_goes_for_many_tables() {
        TableConfig logs = read(SMALLEST.replace(
                        "[public.orders, public.customers]",
                        "[{ table: public.a_*, mode: append, partition-by: [id], columns: { types: { n: string } } }]"))
                .pipelines()
                .get("shop")
                .tables()
                .get(0);
        assertThat(logs.mode()).isEqualTo(WriteMode.APPEND);
        assertThat(logs.columns().types()).containsEntry("n", "string");
    }

    @Test
    void an_empty_file_is_refused() {
        assertFaults("# nothing\n").hasMessageContaining("philotes.yaml:1:1: the file is empty");
    }

    @Test
    void no_pipelines_is_a_fault() {
        assertFaults("version: 1\npipelines: {}\n").hasMessageContaining("must hold at least one pipeline");
    }

    @Test
    void an_alias_bomb_is_refused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertFaults(bomb.toString()).hasMessageContaining("not YAML");
    }

    @Test
    void deep_nesting_is_refused() {
        assertFaults("[".repeat(2000)).hasMessageContaining("not YAML");
    }

    @Test
    void two_pipelines_do_not_share_a_target_or_a_slot() {
        String two = """
                version: 1
                sources: { db: { url: "jdbc:postgresql://db/x", username: a, slot: { name: s } } }
                destinations: { lake: { catalog: { type: local, warehouse: lake } } }
                pipelines:
                  a: { source: db, destination: lake, namespace: n, tables: [public.t] }
                  b: { source: db, destination: lake, namespace: n, tables: [public.t] }
                """;
        assertFaults(two)
                .hasMessageContaining("pipelines.b: has the same replication slot as pipeline a: s")
                .hasMessageContaining("pipelines.b: writes to the same target as pipeline a: public.t");
    }

    @ParameterizedTest
    @CsvSource({"true, true, true", "true, false, true", "false, true, true", "false, false, false"})
    void two_pipelines_share_a_publication_only_where_a_person_keeps_it(
            boolean first, boolean second, boolean refused) {
        String two = """
                version: 1
                destinations: { lake: { catalog: { type: local, warehouse: lake } } }
                pipelines:
                  a:
                    source: { url: "jdbc:postgresql://db/x", username: a, publication: { name: p, manage: %s } }
                    destination: lake
                    tables: [public.t]
                  b:
                    source: { url: "jdbc:postgresql://db/x", username: a, publication: { name: p, manage: %s } }
                    destination: lake
                    tables: [public.u]
                """.formatted(first, second);
        if (refused) {
            assertFaults(two).hasMessageContaining("pipelines.b: has the same publication as pipeline a");
        } else {
            assertThat(read(two).pipelines()).containsOnlyKeys("a", "b");
        }
    }

    @Test
    void a_pipeline_may_have_several_destinations() {
        String yaml = """
                version: 1
                sources: { db: { url: "jdbc:postgresql://db/shop", username: u, password: p } }
                destinations:
                  lake: { catalog: { type: local, warehouse: lake } }
                  replica: { catalog: { type: local, warehouse: replica } }
                pipelines:
                  shop: { source: db, %s, tables: [public.t] }
                """;
        assertThat(read(yaml.formatted("destinations: [lake, replica]"))
                        .pipelines()
                        .get("shop")
                        .sinks())
                .containsOnlyKeys("lake", "replica");
        assertThat(read(yaml.formatted("destination: lake, destinations: [replica]"))
                        .pipelines()
                        .get("shop")
                        .sinks())
                .as("the one that was there keeps its name")
                .containsOnlyKeys("sink", "replica");
        assertFaults(yaml.formatted("destinations: [lake, lak]"))
                .hasMessageContaining("no destination is called 'lak': there is lake, replica");
        assertFaults(yaml.formatted("destinations: [lake, lake]")).hasMessageContaining("names 'lake' twice");
        assertFaults(yaml.formatted("destination: lake, destinations: [lake]"))
                .hasMessageContaining("names 'lake' twice");
        assertFaults(yaml.formatted("description: none")).hasMessageContaining("the key 'destination' is missing");
    }

    @Test
    void a_file_that_is_not_there_is_named(@TempDir Path directory) {
        Path file = directory.resolve("philotes.yaml");
        assertThatThrownBy(() -> new ConfigReader(ENVIRONMENT::get).read(file))
                .hasMessageContaining("Cannot read " + file + ": there is no such file");
    }
}
