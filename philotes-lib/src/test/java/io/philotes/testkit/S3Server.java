// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * An S3 server in a process of its own, S3Proxy over a local directory, which checks signatures. It can be killed and started
 * again where it was. Confined to one thread.
 */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "philotes";
    public static final String SECRET_KEY = "philotes-secret";
    public static final String REGION = "us-east-1";
    public static final String BUCKET = "lake";
    public static final String WAREHOUSE = "s3://" + BUCKET + "/warehouse";

    private static final Path JAR = Path.of(System.getProperty("philotes.servers", "target"), "s3proxy/s3proxy.jar")
            .toAbsolutePath();

    private final ServerProcess process;
    private final Path files;
    private final int port;

    private S3Server(Path directory, int port) throws IOException {
        this.port = port;
        this.files = directory.resolve("s3");
        Files.createDirectories(files.resolve(BUCKET));
        Path settings = directory.resolve("s3proxy.properties");
        Files.write(
                settings,
                List.of(
                        "s3proxy.endpoint=" + uri(),
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + SECRET_KEY,
                        "s3proxy.ignore-unknown-headers=true",
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + files));
        process = new ServerProcess(
                directory.resolve("s3.log"),
                uri(),
                Map.of("LOG_LEVEL", "warn"),
                List.of("-jar", JAR.toString(), "--properties", settings.toString()));
    }

    /** With an empty bucket {@link #BUCKET}. */
    public static S3Server start(Path directory) throws IOException {
        Assumptions.assumeTrue(Files.exists(JAR), "no S3 server at " + JAR + ": run mvn generate-test-resources");
        S3Server server = new S3Server(directory, ServerProcess.freePort());
        server.start();
        return server;
    }

    public void start() throws IOException {
        process.start();
    }

    /** Ends it as a power loss would, in the middle of whatever it does. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    public String uri() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** The directory that holds what is in the bucket. */
    public Path bucket() {
        return files.resolve(BUCKET);
    }

    @Override
    public void close() {
        process.close();
    }
}
