// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.SourceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentTextTest {

    private static final String WHOLE = """
            version: 1
            sources: { shop-db: { url: "jdbc:postgresql://db/shop", username: u } }
            destinations: { lake: { catalog: { type: local, warehouse: lake } } }
            pipelines:
              shop:
                source: shop-db
                destination: lake
                tables: [public.orders]
            """;
    private static final String PIPELINE = """
            source: { url: "jdbc:postgresql://db/crm", username: u }
            destination: lake
            tables: [public.people]
            """;

    private static PhilotesConfig running() {
        return new ConfigReader(name -> null).parse("philotes.yaml", WHOLE);
    }

    private static List<String> told(List<Remark> remarks) {
        return remarks.stream()
                .map(remark -> remark.pointer() + " " + remark.line() + ":" + remark.column() + " " + remark.reason()
                        + (remark.suggestion() == null ? "" : " | " + remark.suggestion()))
                .toList();
    }

    @Test
    void what_is_right_is_bound() {
        Examined<PhilotesConfig> whole = SentText.yaml(WHOLE).configuration();
        assertThat(whole.value()).contains(running());
        assertThat(whole.faults()).isEmpty();
        assertThat(SentText.yaml(WHOLE).isPipeline()).isFalse();
        assertThat(SentText.yaml("version: 2").isPipeline()).isFalse();
        SentText pipeline = SentText.yaml(PIPELINE);
        assertThat(pipeline.isPipeline()).isTrue();
        assertThat(pipeline.pipeline("crm", running()).value()).isPresent();
    }

    /** Place, reason and suggestion of each, in the order of the text. */
    @Test
    void every_fault_is_told_with_its_place() {
        String yaml = """
                version: 1
                sources: { shop-db: { url: "jdbc:postgresql://db/shop", username: u, pasword: x } }
                destinations: { lake: { catalog: { type: rest, warehouse: lake, properties: { s3.endpoint: { a: b } } } } }
                pipelines:
                  shop:
                    source: shop-db
                    destination: lake
                    tables: [public.orders, { table: public.t, mode: upsrt }]
                    a/b: 1
                """;
        assertThat(told(SentText.yaml(yaml).configuration().faults()))
                .containsExactly(
                        "/sources/shop-db/pasword 2:70 unknown key | did you mean 'password'?",
                        "/destinations/lake/catalog/properties/s3.endpoint 3:92 must be a single value | for example  properties: { clients:"
                                + " \"4\" }",
                        "/pipelines/shop/tables/1/mode 8:54 must be one of upsert, append, not 'upsrt' | did you mean"
                                + " 'upsert'?",
                        "/pipelines/shop/a~1b 9:5 unknown key | its keys are "
                                + String.join(
                                        ", ",
                                        io.philotes.config.internal.Keys.of(PipelineConfig.class)
                                                .keySet()));
    }

    @Test
    void what_is_missing_is_told_where_it_should_be() {
        String json = "{\n\t\"source\": {\"url\": \"jdbc:postgresql:\\/\\/db/x\"},\n\t\"tables\": [\"public.t\"]\n}";
        assertThat(told(SentText.json(json).pipeline("x", running()).faults()))
                .containsExactly("/source 2:12 the key 'username' is missing | for example  username: philotes");
    }

    @Test
    void a_pipeline_is_held_against_those_that_are_there() {
        SentText unknown = SentText.yaml(PIPELINE.replace("lake", "lak"));
        assertThat(told(unknown.pipeline("crm", running()).faults()))
                .containsExactly("/destination 2:14 no destination is called 'lak': there is lake");
        SentText same = SentText.yaml(
                WHOLE.substring(WHOLE.indexOf("    source")).replace("public.orders", "{ table: public.orders }")
                        + "    namespace: shop\n");
        assertThat(told(same.pipeline("crm", running()).faults()))
                .containsExactly(" 1:1 writes to the same target as pipeline shop: public.orders");
        assertThat(same.pipeline("shop", running()).faults())
                .as("it stands for the one of its name")
                .isEmpty();
        assertThat(told(same.pipeline("c r m", running()).faults()))
                .anySatisfy(fault -> assertThat(fault).contains("a pipeline's name is made of letters"));
    }

    /** A fault could otherwise tell whether a variable is set, a file is there, and what is in it. */
    @Test
    void neither_variables_nor_files_are_looked_up(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "canary");
        for (String reference : List.of("${PATH}", "${file:" + file + "}", "${file:/nowhere}", "${PATH:?canary}")) {
            String yaml = WHOLE + "server: { port: \"" + reference + "\" }\n";
            Examined<PhilotesConfig> port = SentText.yaml(yaml).configuration();
            assertThat(port.faults()).isEmpty();
            assertThat(port.value()).as("nobody knows whether it is right").isEmpty();
            assertThat(told(port.unresolved()))
                    .singleElement()
                    .asString()
                    .startsWith("/server/port 9:17 the ")
                    .contains("is not looked up")
                    .doesNotContain("canary");
            Examined<PhilotesConfig> password = SentText.yaml(
                            WHOLE.replace("username: u", "username: u, password: \"" + reference + "\""))
                    .configuration();
            assertThat(password.value()).as("whatever it is").isPresent();
            assertThat(password.unresolved()).hasSize(1);
            String source =
                    "{\"url\": \"jdbc:postgresql://db/x\", \"username\": \"u\", \"password\": \"" + reference + "\"}";
            assertThat(told(SentText.json(source).source().faults()))
                    .singleElement()
                    .asString()
                    .startsWith("/password 1:64 holds '${', which is not looked up")
                    .doesNotContain("canary", "PATH", "file:", "example");
        }
    }

    @Test
    void a_default_stands_for_its_variable() {
        Examined<PhilotesConfig> port =
                SentText.yaml(WHOLE + "server: { port: \"${PATH:-many}\" }\n").configuration();
        assertThat(told(port.faults()))
                .singleElement()
                .asString()
                .startsWith("/server/port 9:17 must be a whole number");
        assertThat(port.unresolved()).isEmpty();
    }

    @Test
    void a_source_is_taken_as_it_is_sent() {
        SourceConfig source = SentText.json("""
                        {"url": "jdbc:postgresql://db/x", "username": "u", "password": "$${a}\\u00e9\\ud83d\\ude00",
                         "ssl": {"mode": "disable"}, "streaming": true, "connect-timeout": "5s"}
                        """).source().value().orElseThrow();
        assertThat(source.password().orElseThrow().value()).isEqualTo("${a}é😀");
        assertThat(source.streaming()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"socket\": \"/var/run\"`|/socket 1:62 names a file of the server's machine",
                "`\"ssl\": {\"mode\": \"verify-full\", \"root-cert\": \"/etc/passwd\"}`|/ssl/root-cert 1:96 names a file",
                "`\"connect-timeout\": \"31s\"`|/connect-timeout 1:71 must be at most 30s",
                "`\"pasword\": \"x\"`|/pasword 1:52 unknown key | did you mean 'password'?",
                "`\"streaming\": null`|/streaming 1:65 has no value",
                "`\"url\": \"jdbc:postgresql://a/b\"`|/url 1:52 is there twice",
                "`\"username\": {}`|/username 1:52 is there twice"
            })
    void a_source_that_a_request_must_not_have_is_refused(String more, String fault) {
        String json = "{\"url\": \"jdbc:postgresql://db/x\", \"username\": \"u\", " + more + "}";
        Examined<SourceConfig> examined = SentText.json(json).source();
        assertThat(examined.value()).isEmpty();
        assertThat(told(examined.faults())).anySatisfy(told -> assertThat(told).startsWith(fault));
    }

    @Test
    void a_source_in_a_request_has_one_host() {
        String json = "{\"url\": \"jdbc:postgresql://a,b:5433/x\", \"username\": \"u\"}";
        assertThat(told(SentText.json(json).source().faults()))
                .singleElement()
                .asString()
                .startsWith("/url 1:9 must name exactly one host");
        assertThat(told(SentText.json(json.replace("a,b:5433/x", "/x")).source().faults()))
                .singleElement()
                .asString()
                .startsWith("/url 1:2 does not fit: the URL must name a host");
        assertThat(SentText.json(json.replace("a,b:5433/x", "a/x,y")).source().faults())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\": canary}", "{} canary", "{\"a\": \"canary\n\"}", "{'canary': 1}"})
    void what_is_no_json_is_told_without_showing_it(String json) {
        for (List<Remark> faults : List.of(
                SentText.json(json).source().faults(),
                SentText.json(json).configuration().faults())) {
            assertThat(told(faults))
                    .singleElement()
                    .asString()
                    .contains("not JSON")
                    .doesNotContain("canary");
        }
        assertThat(SentText.json(json).isPipeline()).isFalse();
    }

    @Test
    void depth_and_aliases_are_bounded() {
        assertThat(told(SentText.json("[".repeat(60_000)).configuration().faults()))
                .singleElement()
                .asString()
                .contains("not JSON");
        assertThat(told(SentText.yaml("[".repeat(60_000)).configuration().faults()))
                .singleElement()
                .asString()
                .contains("not YAML");
        for (String alias : List.of("a: &a [x]\nb: *a\n", "a: &a x\nb: *a\n")) {
            assertThat(told(SentText.yaml(alias).configuration().faults()))
                    .containsExactly(" 2:4 not YAML as a request may have it: an alias");
        }
    }

    /** What the parser stumbles over may be a part of a password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*canary",
                "!canary!x",
                "%canary",
                "@canary",
                "'a${canary'",
                "'a${canary}b'",
                "'a${file:/canary}b'",
                "'a${canary-b}c'",
                "'${canary b}'",
                "'a${file:canary\\0}'"
            })
    void no_part_of_a_secret_comes_back(String password) {
        Examined<PhilotesConfig> examined = SentText.yaml(
                        WHOLE.replace("username: u", "username: u, password: " + password))
                .configuration();
        assertThat(told(examined.faults()) + " " + told(examined.unresolved()))
                .isNotEqualTo("[] []")
                .doesNotContain("canary");
    }

    @Test
    void only_so_many_faults_are_told_and_only_the_beginning_of_what_is_long() {
        String many = WHOLE + "logging:\n"
                + IntStream.range(0, 150).mapToObj(i -> "  k" + i + ": x\n").collect(Collectors.joining());
        List<Remark> faults = SentText.yaml(many).configuration().faults();
        assertThat(faults).hasSize(101);
        assertThat(faults.get(100).reason()).isEqualTo("there are 50 more faults, which are not told");
        String word = "x".repeat(20_000);
        for (String text : List.of(
                WHOLE + "server: { port: " + word + " }\n",
                WHOLE + word + ": 1\n",
                WHOLE.replace("destination: lake", "destination: " + word),
                WHOLE.replace("shop-db", "y" + word).replace("source: y" + word, "source: " + word))) {
            assertThat(told(SentText.yaml(text).configuration().faults()))
                    .isNotEmpty()
                    .allSatisfy(fault -> assertThat(fault).hasSizeLessThan(1_000));
        }
    }

    @Test
    void a_few_of_the_names_that_are_there_are_told() {
        String lakes = IntStream.range(0, 50)
                .mapToObj(i -> "l" + i + ": { catalog: { type: local, warehouse: lake } }")
                .collect(Collectors.joining(", "));
        String text = WHOLE.replaceFirst("destinations: .*", "destinations: { " + lakes + " }");
        assertThat(told(SentText.yaml(text).configuration().faults()))
                .singleElement()
                .asString()
                .endsWith("there is l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, and 40 more");
    }

    /** Paths are read back to make pointers of them. */
    @ParameterizedTest
    @ValueSource(strings = {"a.b", "b[z", "b[z]", "[", "tables[99999999999]", "tables[7]", "tables[0", "a..b", "."})
    void odd_keys_are_told_too(String key) {
        for (String value : List.of("[1, {x: 1}]", "{ x: [1] }", "1")) {
            String text = WHOLE + "    \"" + key + "\": " + value + "\n      \n";
            assertThat(SentText.yaml(text).configuration().faults()).isNotEmpty();
            String nested = WHOLE + "    tables: { \"" + key + "\": " + value + " }\n";
            assertThat(SentText.yaml(nested).configuration().faults()).isNotEmpty();
            String inList = WHOLE.replace("[public.orders]", "[{ table: t, \"" + key + "\": " + value + " }]");
            assertThat(SentText.yaml(inList).configuration().faults()).isNotEmpty();
        }
    }
}
