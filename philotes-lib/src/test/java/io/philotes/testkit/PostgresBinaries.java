// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of one PostgreSQL version, unpacked once for each machine, and how to run them. Immutable. */
final class PostgresBinaries {

    private static final String ARCHIVE = "postgres-linux-x86_64.txz";

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    static PostgresBinaries of(int majorVersion) throws IOException {
        Path jar = Path.of(System.getProperty("philotes.postgres.directory", "target/postgres"))
                .resolve("postgres-" + majorVersion + ".jar")
                .toAbsolutePath();
        Path home = Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("philotes-postgres-" + majorVersion + "-" + Files.size(jar));
        if (!Files.isDirectory(home)) {
            unpack(jar, home);
        }
        return new PostgresBinaries(home);
    }

    /** What {@code initdb} gives, made once for each machine: to copy it takes a fifth of the time. */
    Path template() throws IOException {
        Path template = home.resolveSibling(home.getFileName() + "-data");
        if (!Files.isDirectory(template)) {
            Path fresh = Files.createTempDirectory(home.getParent(), "philotes-postgres-initialized");
            initialize(fresh.resolve("data"), fresh.resolve("initdb.log"));
            moveUnlessThere(fresh.resolve("data"), template);
            TestDirectories.delete(fresh);
        }
        return template;
    }

    /** A data directory of a system of its own; what is lost with the machine's power is not what tests are about. */
    void initialize(Path data, Path log) throws IOException {
        run(
                log,
                "initdb",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
                "-D",
                data.toString());
    }

    private static void moveUnlessThere(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(home)) {
                throw e; // else another was faster
            }
            TestDirectories.delete(fresh);
        }
    }

    private static void unpack(Path jar, Path home) throws IOException {
        Path fresh = Files.createTempDirectory(home.getParent(), "philotes-postgres-unpacked");
        Path archive = fresh.resolve(ARCHIVE);
        try (InputStream packed = new URL("jar:" + jar.toUri() + "!/" + ARCHIVE).openStream()) {
            Files.copy(packed, archive);
        }
        run(List.of("tar", "-xJf", archive.toString(), "-C", fresh.toString()), fresh.resolve("tar.log"));
        Files.delete(archive);
        moveUnlessThere(fresh, home);
    }

    /** Runs a program of the version to its end; PostgreSQL refuses to be root, so root puts it into a user namespace. */
    void run(Path log, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command, log);
    }

    private static void run(List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command + " failed:\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(command + " was interrupted", e);
        }
    }
}
