// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A first configuration of one pipeline. Immutable.
 *
 * @param pipeline its name
 * @param server {@code host:port/database}
 * @param username the role that philotes is to have
 * @param passwordVariable the environment variable that holds its password
 * @param sslMode null for the default
 * @param lake a directory, or the address of a REST catalog
 * @param warehouse what the REST catalog calls it
 * @param stateDirectory where progress is kept
 * @param tables lines of YAML
 */
record Draft(
        String pipeline,
        String server,
        String username,
        String passwordVariable,
        SslMode sslMode,
        String lake,
        String warehouse,
        String stateDirectory,
        List<String> tables) {

    private static final String SCHEME = "jdbc:postgresql://";
    private static final Pattern SERVER = Pattern.compile("(?:jdbc:)?(?:postgres(?:ql)?://)?([^/?@\\s]+)/([^/?@\\s]+)");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * {@code host:port/database} of that, or of a URL.
     *
     * @throws IllegalArgumentException when it is none, or holds more
     */
    static String server(String text) {
        Matcher matcher = SERVER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "the database must be host:port/name, without user, password and parameters");
        }
        String server = matcher.group(1) + "/" + matcher.group(2);
        PostgresSource.requireUrl(SCHEME + server);
        return server;
    }

    /** A name for the pipeline of that database. */
    static String pipelineOf(String server) {
        String name = server.substring(server.indexOf('/') + 1).replaceAll("[^A-Za-z0-9_-]", "_");
        String begun = name.matches("[A-Za-z0-9].*") ? name : "p" + name;
        return begun.substring(0, Math.min(begun.length(), 50));
    }

    /** The variable's name that goes without saying. */
    static String variableOf(String pipeline) {
        String name = pipeline.toUpperCase(Locale.ROOT).replace('-', '_') + "_DB_PASSWORD";
        return name.matches("[0-9].*") ? "_" + name : name;
    }

    static boolean isAddress(String lake) {
        return lake.matches("https?://.+");
    }

    String url() {
        return SCHEME + server;
    }

    boolean onThisMachine() {
        return THIS_MACHINE.contains(host());
    }

    private String host() {
        String host = server.substring(0, server.indexOf('/'));
        return host.matches(".*:[0-9]+") ? host.substring(0, host.lastIndexOf(':')) : host;
    }

    /** The mode that is in force: a person's, or what the place of the server makes sensible. */
    SslMode effectiveSslMode() {
        return sslMode != null ? sslMode : onThisMachine() ? SslMode.DISABLE : SslMode.REQUIRE;
    }
}
