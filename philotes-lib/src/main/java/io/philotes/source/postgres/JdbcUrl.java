// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * What is taken from a JDBC URL: host, port, database, and {@code sslmode}. Every other parameter is refused, because some of
 * the driver's load classes or undo the settings that keep values exact. Immutable.
 *
 * @param host name or address; an IPv6 address in brackets
 * @param port the port
 * @param database the database
 * @param sslMode the one parameter that may be given
 */
record JdbcUrl(String host, int port, String database, Optional<SslMode> sslMode) {

    private static final String PREFIX = "jdbc:";
    private static final int DEFAULT_PORT = 5432;

    /** Throws {@link IllegalArgumentException} with the reason; the URL is not repeated, it may hold a secret. */
    static JdbcUrl parse(String text) {
        if (!text.startsWith(PREFIX + "postgresql://")) {
            throw new IllegalArgumentException("the URL must read jdbc:postgresql://host:port/database");
        }
        URI uri = uri(text.substring(PREFIX.length()));
        String path = uri.getPath();
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("the URL must name one host, and neither user nor fragment");
        }
        if (path == null || path.length() < 2 || path.indexOf('/', 1) >= 0) {
            throw new IllegalArgumentException("the URL must name a database behind the host");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new JdbcUrl(uri.getHost(), port, path.substring(1), sslMode(uri.getQuery()));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the URL is not well-formed: " + e.getReason());
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

    /** {@code host:port/database}, for people. */
    String address() {
        return host + ":" + port + "/" + database;
    }
}
