// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static io.philotes.runner.yaml.ConfigReaderTest.SMALLEST;
import static io.philotes.runner.yaml.ConfigReaderTest.assertFaults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may not say, and what is said of it: the place, the key, and what it should be. */
class ConfigFaultsTest {

    @Test
    void an_unknown_key_is_shown_with_its_place_and_a_guess() {
        assertFaults(SMALLEST.replace("tables:", "tabels:"))
                .hasMessageContaining("philotes.yaml:10:5: pipelines.shop.tabels: unknown key; did you mean 'tables'?");
    }

    @Test
    void a_key_of_a_later_version_is_unknown() {
        assertFaults(SMALLEST + "alerts: {}\n").hasMessageContaining("philotes.yaml:11:1: alerts: unknown key");
    }

    @Test
    void a_key_that_is_there_twice_is_a_fault() {
        assertFaults(SMALLEST + "version: 1\n")
                .hasMessageContaining("philotes.yaml:11:1: version: is there twice; first on line 1");
    }

    @Test
    void all_faults_are_shown_at_once() {
        assertFaults("""
                        version: 1
                        pipelines:
                          shop:
                            source: { url: "jdbc:mysql://x", username: a, ssl: { mode: full } }
                            destination:
                              catalog: { type: hive, warehouse: lake }
                            comit: { interval: 10 }
                            commit: { interval: 10 }
                            tables: public.orders
                        server: { address: 0.0.0.0, port: many }
                        """)
                .hasMessageContaining("8 faults")
                .hasMessageContaining(":4:15: pipelines.shop.source.url: must begin with jdbc:postgresql:")
                .hasMessageContaining(":10:11: server.address: must be 127.0.0.1")
                .hasMessageContaining(":4:64: pipelines.shop.source.ssl.mode: must be one of disable, prefer")
                .hasMessageContaining(
                        ":6:24: pipelines.shop.destination.catalog.type: must be one of local, jdbc, rest")
                .hasMessageContaining(":7:5: pipelines.shop.comit: unknown key; did you mean 'commit'?")
                .hasMessageContaining(":8:25: pipelines.shop.commit.interval: must be a duration")
                .hasMessageContaining(":9:13: pipelines.shop.tables: must be a list")
                .hasMessageContaining(":10:35: server.port: must be a whole number, not 'many'");
    }

    @Test
    void a_missing_key_is_named() {
        assertFaults(SMALLEST.replace("      username: philotes\n", ""))
                .hasMessageContaining("pipelines.shop.source: the key 'username' is missing");
    }

    @Test
    void a_variable_that_is_not_set_is_a_fault() {
        assertFaults(SMALLEST.replace("SHOP_DB", "OTHER"))
                .hasMessageContaining(":7:17: pipelines.shop.source.password: the environment variable OTHER_PASSWORD"
                        + " is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "much, must be a number",
        "'0,5', must be a number",
        "1e0, must be a number",
        "2, 'cpu-share: must be above 0'"
    })
    void a_number_that_is_none_is_refused(String text, String why) {
        assertFaults(SMALLEST.replace(
                        "warehouse: lake }",
                        "warehouse: lake }\n      maintenance: { compaction: { cpu-share: \"" + text + "\" } }"))
                .hasMessageContaining(why);
    }

    @Test
    void what_a_variable_holds_is_never_shown() {
        assertFaults(SMALLEST + "server: { port: \"${WORD}\" }\n")
                .hasMessageContaining("must be a whole number, not '${WORD}'")
                .hasMessageNotContaining("nine");
    }

    @Test
    void the_server_is_reached_from_this_machine_only() {
        assertFaults(SMALLEST + "server: { address: 0.0.0.0 }\n")
                .hasMessageContaining(":11:11: server.address: must be 127.0.0.1");
    }

    @Test
    void a_name_that_nothing_has_is_a_fault() {
        String yaml = SMALLEST.replaceFirst("(?s)source:.*?destination:", "source: shop-db\n    destination:");
        assertFaults(yaml)
                .hasMessageContaining(":4:13: pipelines.shop.source: no source is called 'shop-db': there are none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"io-impl", "catalog-impl", "metrics-reporter-impl", "rest.client.tls.configurer-impl"})
    void a_property_that_names_a_class_is_refused(String key) {
        assertFaults(SMALLEST.replace("warehouse: lake", "warehouse: lake, properties: { " + key + ": a.B }"))
                .hasMessageContaining("must not name a class to load: " + key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [|not YAML",
                "a: !!java.net.URL x|Global tag is not allowed",
                "- a|must be a mapping",
                "version: 2|version: must be 1, not 2",
                "version:|has no value",
                "version: !x 1|tags are not supported"
            })
    void what_is_no_configuration_is_refused(String yaml, String message) {
        assertFaults(yaml + (yaml.startsWith("version: 2") ? "\npipelines: {}" : ""))
                .hasMessageContaining(message);
    }

    /** Entries that hold a fault behind {@code table: public.t}, with place, path and message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "columns: { exlude: [a] }|:12:18: pipelines.shop.tables[0].columns.exlude: unknown key; did you mean 'exclude'?",
                "columns: { exclude: a }|:12:27: pipelines.shop.tables[0].columns.exclude: must be a list",
                "columns: { exclude: [a, a] }|:12:18: pipelines.shop.tables[0].columns.exclude: names column a twice",
                "columns: { mask: { a: sha265 } }|:12:29: pipelines.shop.tables[0].columns.mask.a: must be one of sha256,"
                        + " null, partial, not 'sha265'; did you mean 'sha256'?",
                "columns: { mask: { a: } }|:12:28: pipelines.shop.tables[0].columns.mask.a: has no value",
                "columns: { mask: { a: ~ } }|:12:29: pipelines.shop.tables[0].columns.mask.a: has no value",
                "columns: { exclude: null }|:12:27: pipelines.shop.tables[0].columns.exclude: has no value",
                "columns: { exclude: [a], mask: { a: sha256 } }|:12:32: pipelines.shop.tables[0].columns.mask: names column a,"
                        + " which is left out",
                "columns: { exclude: [a], types: { a: string } }|columns.types: names column a, which is left out",
                "columns: { mask: { a: null }, types: { a: string } }|columns.types: names column a, which is masked",
                "columns: { types: { a: double } }|:12:18: pipelines.shop.tables[0].columns.types: column a: 'double' is neither"
                        + " string nor decimal(p,s)",
                "where: ' '|:12:7: pipelines.shop.tables[0].where: must be an SQL condition",
                "soft-delete: yes|:12:20: pipelines.shop.tables[0].soft-delete: must be true or false, not 'yes'",
                "mode: append & soft-delete: true|tables[0].soft-delete: belongs to mode upsert",
                "mode: append & cdc-columns: true|tables[0].cdc-columns: belongs to mode upsert"
            })
    void a_table_entry_that_makes_no_sense_is_refused(String entry, String message) {
        String yaml = SMALLEST.replace("[public.orders, public.customers]\n", "\n");
        assertFaults(yaml + "    - table: public.t\n      " + entry.replace(" & ", "\n      ") + "\n")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "exclude: [public.orders]|:11:5: pipelines.shop.exclude: leaves out public.orders, which tables names",
                "exclude: [public.a_*, public.a_*]|pipelines.shop.exclude: names public.a_* twice",
                "exclude: [a.b.c]|pipelines.shop.exclude: is not a table name",
                "types: { numeric: double }|:11:5: pipelines.shop.types: type of numeric: 'double' is neither",
                "types: { int4: `decimal(10,2)` }|types: type int4 cannot be kept as decimal(10,2): only numeric can",
                "types: { money: string }|pipelines.shop.types: there is no choice for type money",
                "schema-changes: { resync: automatic }|:11:31: pipelines.shop.schema-changes.resync: must be one of manual, auto",
                "schema-changes: { look-interval: 0s }|:11:23: pipelines.shop.schema-changes.look-interval: must be more than zero",
                "on-error: { row: skip }|:11:22: pipelines.shop.on-error.row: must be one of hold, dead-letter, stop, not 'skip'",
                "on-error: { max-dead-letters: 0 }|pipelines.shop.on-error.max-dead-letters: must be at least 1",
                "on-error: { dead-letters: { type: postgres } }|pipelines.shop.on-error.dead-letters: type postgres needs a url",
                "on-error: { dead-letters: { url: `jdbc:postgresql://x/y`, username: u } }|dead-letters.url: needs type postgres",
                "on-error: { dead-letters: { max-age: 0s } }|dead-letters.max-age: must be more than zero"
            })
    void a_pipeline_key_that_makes_no_sense_is_refused(String key, String message) {
        assertFaults(SMALLEST + "    " + key.replace('`', '"') + "\n").hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "buffer: { type: postgres }|:11:13: pipelines.shop.buffer: type postgres needs a url, here or in state",
                "buffer: { url: 'jdbc:postgresql://b/b', username: u }|pipelines.shop.buffer.url: needs type postgres",
                "buffer: { type: postgres, url: 'jdbc:postgresql://b/b' }|pipelines.shop.buffer.url: needs a username",
                "buffer: { type: postgres, username: u }|pipelines.shop.buffer.username: needs a url beside it",
                "buffer: { type: postgres, url: 'jdbc:postgresql://b/b?user=x', username: u }|buffer.url: must hold neither",
                "buffer: { type: postgres, url: 'jdbc:mysql://b/b', username: u }|buffer.url: must begin with jdbc:postgresql:",
                "buffer: { type: postgres, url: 'jdbc:postgresql://b:70000/b', username: u }|buffer.url: does not fit: it must read"
            })
    void a_buffer_that_makes_no_sense_is_refused(String key, String message) {
        assertFaults(SMALLEST + "    " + key + "\n").hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "//db.internal:0/shop|the URL's port must be 1 to 65535",
                "//db.internal:70000/shop|the URL's port must be 1 to 65535",
                "//db.internal:postgres/shop|the URL must name a host before the database, its port in digits",
                "//db.internal:5432|the URL must name a host and a database",
                "shop|the URL must read jdbc:postgresql://host:port/database"
            })
    void a_url_at_which_no_database_can_be_is_refused(String place, String reason) {
        assertFaults(SMALLEST.replace("//db.internal:5432/shop", place))
                .hasMessageContaining(":5:7: pipelines.shop.source.url: does not fit: " + reason);
    }

    /** What stands under destination, with place, path below it and message, which no example contradicts; canary is a secret. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "catalog: { type: local, warehouse: w, uri: 'http://c' }|9:45: catalog.uri: does not belong to type local: the warehouse is the place",
                "catalog: { type: rest, warehouse: w }|9:18: catalog.type: rest needs a uri",
                "catalog: { type: jdbc, warehouse: w, uri: 'http://c' }|9:44: catalog.uri: of type jdbc must begin with jdbc:postgresql://",
                "catalog: { type: nessie, warehouse: w, uri: 'ftp://c' }|9:46: catalog.uri: of type nessie must begin with https:// or http://",
                "catalog: { type: rest, warehouse: w, uri: 'http://u:canary@c' }|9:44: catalog.uri: must hold neither parameters nor a user: auth is for signing in",
                "catalog: { type: nessie, warehouse: w, uri: 'http://c?t=canary' }|9:46: catalog.uri: must hold neither parameters nor a user: properties are for them",
                "catalog: { type: jdbc, warehouse: w, uri: 'jdbc:postgresql://c/l?password=canary' }|9:44: catalog.uri: must hold no user, password or key: username and password have keys of their own, others go into properties as jdbc.<parameter>",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', username: u, password: canary }|9:61: catalog: username and password belong to type jdbc",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', password: canary }|9:16: catalog: username and password belong to type jdbc",
                "catalog: { type: local, warehouse: w, auth: { token: canary } }|9:45: catalog.auth: belongs to type rest",
                "catalog: { type: local, warehouse: w, properties: { token: canary } }|9:45: catalog.properties: must not hold token: it has a key of its own",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: {} }|9:67: catalog.auth: type bearer needs a token",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: { token: canary, scope: s } }|9:67: catalog.auth: client-id, client-secret, scope and token-uri belong to type oauth2; this is type bearer",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: { type: oauth2, token: canary } }|9:83: catalog.auth.token: belongs to type bearer; type oauth2 fetches its own",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: { type: oauth2, client-id: c } }|9:69: catalog.auth.type: oauth2 needs client-id and client-secret",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: { type: oauth2, client-id: 'c:canary', client-secret: canary } }|9:83: catalog.auth.client-id: must not contain ':'; for example  client-id: philotes",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: { type: oauth2, client-id: c, client-secret: canary, token-uri: idp } }|9:120: catalog.auth.token-uri: must begin with https:// or http://; for example  token-uri: \"https://id.internal/token\"",
                "catalog: { type: rest, warehouse: w, uri: 'http://c', auth: { type: oauth2, client-id: c, client-secret: canary, token-uri: 'http://u:canary@c' } }|9:120: catalog.auth.token-uri: must hold neither parameters nor a user: client-id and client-secret are the keys for signing in",
                "catalog: { type: local, warehouse: w } & storage: { preset: aws }|10:7: storage: does not belong to a catalog of type local",
                "catalog: { type: rest, warehouse: '/w', uri: 'http://c' } & storage: { preset: aws }|9:7: : with storage, catalog.warehouse must be s3://<bucket>/<path>, not /w",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: hetzner }|10:18: storage.preset: hetzner needs a location",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: hetzner, location: 'Falkenstein' }|10:35: storage.location: must be of small letters, digits and '-', not 'Falkenstein'; for example  location: fsn1",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: minio }|10:18: storage.preset: minio needs an endpoint",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: aws, endpoint: 'http://e' }|10:18: storage.preset: aws knows its endpoint by the location; for another one take preset custom",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: minio, endpoint: e }|10:33: storage.endpoint: must begin with https:// or http://; for example  endpoint: \"https://s3.internal\"",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: minio, endpoint: 'http://u:canary@e' }|10:33: storage.endpoint: must hold neither parameters nor a user: access-key and secret-key are for signing in",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: aws, access-key: a }|10:31: storage: access-key and secret-key belong together",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: aws, secret-key: canary }|10:16: storage: access-key and secret-key belong together",
                "catalog: { type: rest, warehouse: w, uri: 'http://c' } & storage: { preset: was }|10:26: storage.preset: must be one of aws, hetzner, ovhcloud, scaleway, minio, custom, not 'was'; for example  preset: hetzner"
            })
    void a_destination_that_makes_no_sense_is_refused(String keys, String message) {
        String[] told = message.split(": ", 3);
        String path = "pipelines.shop.destination" + (told[1].isEmpty() ? "" : "." + told[1]);
        assertFaults(SMALLEST.replaceFirst(" catalog: .*", " " + keys.replace(" & ", "\n      ")))
                .hasMessageEndingWith("1 fault\n  philotes.yaml:" + told[0] + ": " + path + ": " + told[2])
                .hasMessageNotContaining("canary");
    }
}
