// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import io.philotes.benchmarks.server.Source;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which server is read. */
final class SourceOptions {

    private static final String PASSWORD_VARIABLE = "PGPASSWORD";

    @Option(
            names = "--source-url",
            paramLabel = "URL",
            description = "JDBC URL of a PostgreSQL that may be written to; default one of our own.")
    private String url;

    @Option(
            names = "--source-user",
            paramLabel = "NAME",
            defaultValue = "postgres",
            description = "Its password is taken from " + PASSWORD_VARIABLE + "; default ${DEFAULT-VALUE}.")
    private String user;

    @Option(names = "--source-socket", paramLabel = "DIR", description = "Directory of its Unix socket, for --socket.")
    private Path socket;

    Optional<Source> server() {
        String password = System.getenv().getOrDefault(PASSWORD_VARIABLE, "");
        return Optional.ofNullable(url).map(known -> new Source(known, Optional.ofNullable(socket), user, password));
    }
}
