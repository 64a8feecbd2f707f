// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.local.LocalFileIO;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * Iceberg's own REST catalog server, in a process and with an Iceberg of its own; its tables are in SQLite, its files on the
 * local disk. It can be killed and started again where it was.
 */
final class RestFixture implements AutoCloseable {

    private static final Path JARS = Path.of("target/rest-fixture").toAbsolutePath();

    private final Path directory;
    private final int port;
    private Process process;

    private RestFixture(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    static RestFixture start(Path directory) throws IOException {
        Assumptions.assumeTrue(
                Files.isDirectory(JARS), "no REST catalog server at " + JARS + ": run mvn generate-test-resources");
        RestFixture fixture = new RestFixture(directory, freePort());
        fixture.start();
        return fixture;
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JARS + File.separator + "*" + File.pathSeparator + ownClasses(),
                "org.apache.iceberg.rest.RESTCatalogServer");
        builder.environment().keySet().removeIf(name -> name.startsWith("CATALOG_"));
        builder.environment().put("CATALOG_CATALOG__IMPL", "org.apache.iceberg.jdbc.JdbcCatalog");
        builder.environment().put("CATALOG_URI", "jdbc:sqlite:" + directory.resolve("rest.db"));
        builder.environment().put("CATALOG_JDBC_SCHEMA__VERSION", "V1");
        builder.environment().put("CATALOG_WAREHOUSE", warehouse());
        builder.environment().put("CATALOG_IO__IMPL", LocalFileIO.class.getName());
        builder.environment().put("CATALOG_REST_PORT", Integer.toString(port));
        File log = directory.resolve("rest.log").toFile();
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::answers);
    }

    /** Where the server finds {@link LocalFileIO}, which it needs besides its own jars. */
    private static Path ownClasses() {
        return Path.of(URI.create(LocalFileIO.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() throws Exception {
        assertThat(process.isAlive()).as(() -> "server's process:\n" + log()).isTrue();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(uri() + "/v1/config"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> log() {
        try {
            return Files.readAllLines(directory.resolve("rest.log"));
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    /** Kills the process as a power loss would, in the middle of whatever it does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    String warehouse() {
        return directory.resolve("warehouse").toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
