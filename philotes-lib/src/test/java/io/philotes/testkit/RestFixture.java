// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import io.philotes.sink.iceberg.local.LocalFileIO;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Assumptions;

/**
 * Iceberg's own REST catalog server, in a process and with an Iceberg of its own; its tables are in SQLite, its files on the
 * local disk or in S3. It can be killed and started again where it was.
 */
public final class RestFixture implements AutoCloseable {

    private static final Path JARS = Path.of(System.getProperty("philotes.servers", "target"), "rest-fixture")
            .toAbsolutePath();

    private final ServerProcess process;
    private final String uri;
    private final String warehouse;

    private RestFixture(Path directory, String warehouse, Map<String, String> storage) throws IOException {
        int port = ServerProcess.freePort();
        this.uri = "http://127.0.0.1:" + port;
        this.warehouse = warehouse;
        Map<String, String> environment = new HashMap<>(storage);
        environment.put("CATALOG_CATALOG__IMPL", "org.apache.iceberg.jdbc.JdbcCatalog");
        environment.put("CATALOG_URI", "jdbc:sqlite:" + directory.resolve("rest.db"));
        environment.put("CATALOG_JDBC_SCHEMA__VERSION", "V1");
        environment.put("CATALOG_WAREHOUSE", warehouse);
        environment.put("CATALOG_REST_PORT", Integer.toString(port));
        process = new ServerProcess(
                directory.resolve("rest.log"),
                uri + "/v1/config",
                environment,
                List.of("-cp", classPath(), "org.apache.iceberg.rest.RESTCatalogServer"));
    }

    /** With files in the directory. */
    public static RestFixture start(Path directory) throws IOException {
        String warehouse = directory.resolve("warehouse").toString();
        return started(directory, warehouse, Map.of("CATALOG_IO__IMPL", LocalFileIO.class.getName()));
    }

    /** With files in S3, where it goes straight, with the server's own keys. */
    public static RestFixture start(Path directory, S3Server storage) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("CATALOG_IO__IMPL", "org.apache.iceberg.aws.s3.S3FileIO");
        environment.put("CATALOG_CLIENT_REGION", S3Server.REGION);
        environment.put("CATALOG_HTTP__CLIENT_TYPE", "urlconnection");
        environment.put("CATALOG_S3_ENDPOINT", storage.uri());
        environment.put("CATALOG_S3_PATH__STYLE__ACCESS", "true");
        environment.put("CATALOG_S3_ACCESS__KEY__ID", S3Server.ACCESS_KEY);
        environment.put("CATALOG_S3_SECRET__ACCESS__KEY", S3Server.SECRET_KEY);
        return started(directory, S3Server.WAREHOUSE, environment);
    }

    private static RestFixture started(Path directory, String warehouse, Map<String, String> storage)
            throws IOException {
        Assumptions.assumeTrue(
                Files.isDirectory(JARS), "no REST catalog server at " + JARS + ": run mvn generate-test-resources");
        RestFixture fixture = new RestFixture(directory, warehouse, storage);
        fixture.start();
        return fixture;
    }

    public void start() throws IOException {
        process.start();
    }

    /** Besides its own jars it needs {@link LocalFileIO}, or the AWS SDK, which both are on our class path. */
    private static String classPath() {
        String ours = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.concat(
                        Stream.of(JARS + File.separator + "*", ownClasses().toString()),
                        Stream.of(ours.split(File.pathSeparator)).filter(RestFixture::isOfTheSdk))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isOfTheSdk(String jar) {
        return Stream.of("/software/amazon/", "/reactive-streams/", "/failsafe/")
                .anyMatch(jar::contains);
    }

    private static Path ownClasses() {
        return Path.of(URI.create(LocalFileIO.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    /** Kills the process as a power loss would, in the middle of whatever it does. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    public String uri() {
        return uri;
    }

    /** A client that is not signed in; who asks closes it. */
    public RESTCatalog client() {
        RESTCatalog catalog = new RESTCatalog();
        catalog.initialize(
                "anybody",
                Map.of("uri", uri, "io-impl", LocalFileIO.class.getName(), "rest-metrics-reporting-enabled", "false"));
        return catalog;
    }

    public String warehouse() {
        return warehouse;
    }

    @Override
    public void close() {
        process.close();
    }
}
