// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.jdbc.Initialize;
import io.philotes.jdbc.StateDatabase;
import io.philotes.jdbc.StatePool;
import java.util.Optional;

/**
 * A PostgreSQL database that holds buffers or state; no mapping of its own, but some keys of those that use it. Immutable.
 *
 * @param url JDBC URL without parameters
 * @param username the role, which owns the tables
 * @param password its password; without one the server must not ask
 * @param ssl how the connection is protected
 * @param schema the schema that holds the tables
 * @param initialize who creates them
 */
record DatabaseConfig(
        String url, String username, Optional<Secret> password, SslConfig ssl, String schema, Initialize initialize) {

    private static final String SCHEME = "jdbc:postgresql:";

    /** From a mapping's keys, each of which may be missing; empty when there is no url. */
    static Optional<DatabaseConfig> of(
            Optional<String> url,
            Optional<String> username,
            Optional<Secret> password,
            Optional<SslConfig> ssl,
            Optional<String> schema,
            Optional<Initialize> initialize) {
        if (url.isEmpty()) {
            requireNone(username.isPresent(), "username");
            requireNone(password.isPresent(), "password");
            requireNone(ssl.isPresent(), "ssl");
            requireNone(schema.isPresent(), "schema");
            requireNone(initialize.isPresent(), "initialize");
            return Optional.empty();
        }
        if (!url.get().startsWith(SCHEME)) {
            throw new IllegalArgumentException("url must begin with " + SCHEME + "//");
        }
        if (url.get().contains("?") || url.get().contains("@")) {
            throw new IllegalArgumentException("url must hold neither parameters nor a user: there are keys for them");
        }
        StatePool.requireUrl(url.get());
        return Optional.of(new DatabaseConfig(
                url.get(),
                username.orElseThrow(() -> new IllegalArgumentException("url needs a username beside it")),
                password,
                ssl.orElseGet(() -> new SslConfig(null, null)),
                schema.orElse(StateDatabase.DEFAULT_SCHEMA),
                initialize.orElse(Initialize.ALWAYS)));
    }

    private static void requireNone(boolean there, String key) {
        if (there) {
            throw new IllegalArgumentException(key + " needs a url beside it");
        }
    }

    /** What makes connections differ; schema and initialize do not. */
    record Address(String url, String username, Optional<Secret> password, SslConfig ssl) {}

    Address address() {
        return new Address(url, username, password, ssl);
    }
}
