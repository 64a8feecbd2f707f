// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is taken from a JDBC URL: hosts, database, and {@code sslmode}. Every other parameter is refused, because some of
 * the driver's load classes or undo the settings that keep values exact. Immutable.
 *
 * @param hosts where the primary may be, at least one
 * @param database the database
 * @param sslMode the one parameter that may be given
 */
record JdbcUrl(List<Host> hosts, String database, Optional<SslMode> sslMode) {

    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^/?#@]*)/([^?#]*)(?:\\?([^#]*))?");
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.%]+\\])(?::([0-9]{1,5}))?");
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;

    JdbcUrl {
        hosts = List.copyOf(hosts);
    }

    /**
     * @param name name or address; an IPv6 address in brackets
     * @param port the port
     */
    record Host(String name, int port) {

        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /** Throws {@link IllegalArgumentException} with the reason; the URL is not repeated, it may hold a secret. */
    static JdbcUrl parse(String text) {
        if (!text.startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException("the URL must read jdbc:postgresql://host:port/database");
        }
        Matcher matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "the URL must name a host and a database, and neither user nor fragment");
        }
        List<Host> hosts = new ArrayList<>();
        for (String host : matcher.group(1).split(",", -1)) {
            hosts.add(host(host));
        }
        return new JdbcUrl(hosts, database(matcher.group(2)), sslMode(matcher.group(3)));
    }

    private static Host host(String text) {
        Matcher matcher = HOST.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "the URL must name a host before the database, its port in digits, or several with commas");
        }
        int port = matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("the URL's port must be 1 to " + MAX_PORT);
        }
        return new Host(matcher.group(1), port);
    }

    private static String database(String path) {
        if (path.isEmpty() || path.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the URL must name a database behind the host");
        }
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the URL is not well-formed: its database has a bad escape");
        }
    }

    private static Optional<SslMode> sslMode(String query) {
        Optional<SslMode> mode = Optional.empty();
        if (query == null) {
            return mode;
        }
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (!name.equals("sslmode")) {
                throw new IllegalArgumentException(
                        "the URL's parameter '" + name + "' is not allowed, only sslmode is");
            }
            mode = SslMode.ofText(parameter.substring(equals + 1));
            if (mode.isEmpty()) {
                throw new IllegalArgumentException("the URL's sslmode is not one of disable … verify-full");
            }
        }
        return mode;
    }

    /** {@code host:port}, several with commas. */
    String authority() {
        return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    }

    /** {@code host:port/database}, for people. */
    String address() {
        return authority() + "/" + database;
    }
}
