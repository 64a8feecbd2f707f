// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.philotes.config.PhilotesConfig;
import io.philotes.runner.server.Contract;
import io.philotes.runner.yaml.ConfigReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No secret comes out anywhere. Each is planted where the configuration takes one: as it is, by a variable, by a file; for
 * what works and for what fails. Then everything that is said is searched.
 */
class CanaryTest extends CliServer {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> PIPELINES =
            List.of("good", "badpass", "badbearer", "badoauth", "badjdbc", "badstorage");

    private final Canaries canaries = new Canaries();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();
    private final Queue<String> sentToCatalog = new ConcurrentLinkedQueue<>();
    private HttpServer catalog;
    private Path config;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.createContext("/", exchange -> {
            sentToCatalog.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] no = "{\"error\":{\"message\":\"no\",\"type\":\"NotAuthorizedException\",\"code\":401}}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(401, no.length);
            exchange.getResponseBody().write(no);
            exchange.close();
        });
        catalog.start();
        roles();
        configure();
    }

    @AfterEach
    void stop() {
        catalog.stop(0);
    }

    /** The server asks these for their passwords, as it asks nobody else. */
    private void roles() throws Exception {
        Path rules = Path.of(value("SHOW hba_file"));
        String before = Files.readString(rules);
        if (!before.contains("canary")) {
            Files.writeString(
                    rules,
                    "host all /^canary scram-sha-256 \n"
                                    .replace("/^canary", "canary_source,canary_state,canary_buffer all")
                            + before);
        }
        execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
                "INSERT INTO t VALUES (1, 'a')");
        for (String kind : List.of("source", "state", "buffer")) {
            role("canary_" + kind, canaries.make(kind));
        }
        execute("SELECT pg_reload_conf()");
    }

    private static void role(String name, String password) throws SQLException {
        execute(
                "DO $$ BEGIN CREATE ROLE " + name + " LOGIN SUPERUSER; EXCEPTION WHEN duplicate_object THEN END $$",
                "ALTER ROLE " + name + " PASSWORD '" + password + "'");
    }

    private String byVariable(String name, String kind) {
        environment.put(name, canaries.make(kind));
        return "${" + name + "}";
    }

    private String byFile(String kind) throws IOException {
        return "${file:" + Files.writeString(directory.resolve(kind), canaries.make(kind) + "\n") + "}";
    }

    private void configure() throws IOException {
        port = CliLab.freePort();
        String database = "jdbc:postgresql://localhost:" + postgres().getPort() + "/postgres";
        String rest = "http://127.0.0.1:" + catalog.getAddress().getPort();
        config = directory.resolve("philotes.yaml");
        Files.writeString(config, """
                version: 1
                sources:
                  db: { url: "%1$s", username: canary_source, password: "%2$s", ssl: { mode: disable } }
                  wrong: { url: "%1$s", username: canary_source, password: "%3$s", ssl: { mode: disable } }
                pipelines:
                  good:
                    source: db
                    destination: { catalog: { type: local, warehouse: "%4$s" } }
                    tables: [public.t]
                    commit: { interval: 200ms }
                    buffer: { type: postgres, url: "%1$s", username: canary_buffer, password: "%5$s", ssl: { mode: disable }, schema: canary_buffer }
                  badpass:
                    source: wrong
                    destination: { catalog: { type: local, warehouse: "%4$s" } }
                    tables: [public.t]
                  badbearer:
                    source: db
                    destination: { catalog: { type: rest, uri: "%6$s", warehouse: w, auth: { token: "%7$s" }, properties: { s3.access-key-id: "%8$s", s3.secret-access-key: "%9$s", header.X-Extra: "%10$s" } } }
                    tables: [public.t]
                  badoauth:
                    source: db
                    destination: { catalog: { type: rest, uri: "%6$s", warehouse: w, auth: { type: oauth2, client-id: me, client-secret: "%11$s" } } }
                    tables: [public.t]
                  badjdbc:
                    source: db
                    destination: { catalog: { type: jdbc, uri: "%1$s", warehouse: "%4$s", username: canary_source, password: "%12$s" } }
                    tables: [public.t]
                  badstorage:
                    source: db
                    destination:
                      catalog: { type: rest, uri: "%6$s", warehouse: w }
                      storage: { preset: minio, endpoint: "http://127.0.0.1:1", access-key: id, secret-key: "%16$s" }
                    tables: [public.t]
                state: { type: postgres, url: "%1$s", username: canary_state, password: "%13$s", ssl: { mode: disable }, schema: canary_state }
                server: { port: %14$d, auth: { api-keys: { dana: { role: admin, key: "%15$s" } } } }
                logging: { level: trace }
                """.formatted(
                        database,
                        byVariable("SOURCE_PASSWORD", "source"),
                        canaries.make("wrong"),
                        lake(),
                        byFile("buffer"),
                        rest,
                        canaries.make("bearer"),
                        byVariable("S3_ACCESS", "s3-access"),
                        byFile("s3-secret"),
                        canaries.make("header"),
                        byFile("oauth"),
                        byVariable("CATALOG_PASSWORD", "jdbc"),
                        byVariable("STATE_PASSWORD", "state"),
                        port,
                        byVariable("API_KEY", "api"),
                        canaries.make("storage")));
        environment.put("PHILOTES_KEY", canaries.make("api"));
    }

    @Test
    void the_search_finds_each_secret_in_each_form() {
        for (String kind : canaries.toString().split(", ")) {
            assertThat(canaries.in(canaries.everything()))
                    .contains(kind + " (plain)", kind + " (url)", kind + " (base64 behind 0)")
                    .contains(kind + " (base64 behind 1)", kind + " (base64 behind 2)");
        }
        assertThat(canaries.count()).isGreaterThan(10);
        assertThat(canaries.in("cnry")).isEmpty();
    }

    @Test
    void nothing_that_is_said_holds_a_secret() throws Exception {
        PhilotesConfig read = new ConfigReader(environment::get).read(config);
        said.put("the configuration's toString", read.toString());
        try (LogCapture log = new LogCapture()) {
            try (RunnerProcess process = new RunnerProcess(read, PIPELINES)) {
                process.serve();
                Thread runner = new Thread(() -> run(process), "canary-runner");
                runner.start();
                commandsWhileRunning();
                operations();
                said.put("names of threads", String.join("\n", threadNames()));
            }
            commandsAlone();
            said.put("the log", String.join("\n", log.lines()));
            assertThat(log.lines().stream()
                            .filter(line -> line.contains(" io.philotes."))
                            .count())
                    .as("lines of our own")
                    .isGreaterThan(10);
        }
        assertThat(canaries.in(String.join(" ", sentToCatalog)))
                .as("the secrets were used")
                .contains("bearer (plain)", "oauth (its middle)");
        said.forEach((where, text) -> assertThat(canaries.in(text)).as(where).isEmpty());
    }

    private static List<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private void run(RunnerProcess process) {
        try {
            process.runUntilStopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            said.put("what the process ended with", trace(e));
        }
    }

    private static String trace(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }

    private void command(String line) {
        command(line, "text", "json");
    }

    private void command(String line, String... formats) {
        for (String format : formats) {
            String whole = "-v --config " + config + " " + line + " -o " + format;
            int exit = cli(environment, whole.split(" "));
            said.put(line + " -o " + format, exit + "\n" + said());
        }
    }

    private void commandsWhileRunning() {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            cli(environment, "pipeline", "list", "--config", config.toString());
            assertThat(out()).as(said()).contains("good  RUNNING", "badpass  ", "badoauth  ");
            cli(environment, "pipeline", "show", "badpass", "--config", config.toString());
            assertThat(out()).contains("PHI-1003");
        });
        for (String line : List.of(
                "status", "pipeline list", "dlq count good", "dlq list good", "verify good", "plan --only good")) {
            command(line);
        }
        for (String name : PIPELINES) {
            command("pipeline show " + name, "json");
            command("check --only " + name, "text");
        }
        assertThat(said.get("verify good -o text")).contains("equal");
        assertThat(said.get("check --only badpass -o text")).contains("PHI-1003");
        assertThat(said.get("check --only badoauth -o text")).contains("PHI-4001");
    }

    private void commandsAlone() {
        for (String line : List.of(
                "config show",
                "setup-sql",
                "state ddl",
                "discover",
                "wal --seconds 0",
                "key list",
                "check --offline",
                "version",
                "help",
                "status",
                "resync good --offline")) {
            command(line);
        }
        for (String name : PIPELINES) {
            command("run --once --no-server --only " + name, "text");
            command("plan --only " + name, "json");
            command("teardown " + name + " --yes", "text");
        }
        assertThat(said.get("config show -o text")).contains("***");
    }

    /** Nobody's and a wrong one need not be tried everywhere. */
    private List<String> keys(String pipeline) {
        String right = canaries.make("api");
        return pipeline.equals("good") ? List.of("", canaries.make("not-a-key"), right) : List.of(right);
    }

    /** With secrets in it, where they belong and where not. */
    private String body(String path) {
        String url = "jdbc:postgresql://localhost:" + postgres().getPort() + "/postgres";
        String source =
                "{\"url\": \"%s\", \"username\": \"canary_source\", \"password\": %s, \"ssl\": {\"mode\": \"disable\"}}";
        if (path.endsWith("/sources/test")) {
            String sent = Json.line(canaries.make("sent"));
            return source.formatted(url, sent);
        }
        if (path.endsWith("/pipelines/validate")) {
            String sent = Json.line(canaries.make("validated"));
            return "{\"tables\": 1, \"source\": " + source.formatted(url, sent) + ", \"destination\": {\"catalog\":"
                    + " {\"type\": \"rest\", \"warehouse\": \"w\", \"auth\": {\"token\": " + sent + "}}}}";
        }
        return "{}";
    }

    private void operations() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (String operation : Contract.read().operations().keySet()) {
            String[] parts = operation.split(" ");
            for (String pipeline : PIPELINES) {
                for (String key : keys(pipeline)) {
                    String path = parts[1].replace("{id}", pipeline)
                            .replace("{source}", "wrong")
                            .replaceAll("\\{.*?}", "1");
                    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("Authorization", "Bearer " + key);
                    if (parts[0].equals("POST")) {
                        request.header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body(parts[1])));
                    }
                    var response = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
                    said.put(
                            operation + " of " + pipeline + (key.isEmpty() ? "" : " with a key " + key.length()),
                            response.statusCode() + " " + response.headers() + " " + response.body());
                }
            }
        }
        assertThat(said.values()).filteredOn(text -> text.startsWith("200 ")).hasSizeGreaterThan(30);
        assertThat(said.values()).filteredOn(text -> text.startsWith("401 ")).hasSizeGreaterThan(30);
        assertThat(said.values())
                .as("a password that was sent was tried")
                .anyMatch(text -> text.contains("\"pipeline\":\"test\"") && text.contains("PHI-1003"));
    }
}
