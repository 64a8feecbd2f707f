// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.source.postgres.PostgresSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A database to read from. Immutable.
 *
 * @param type what it is; only {@code postgres}
 * @param url JDBC URL, {@code jdbc:postgresql://host:port/database}
 * @param socket directory of the server's Unix socket, to connect through instead of TCP
 * @param username the role, which needs REPLICATION and SELECT
 * @param password its password; without one the server must not ask
 * @param ssl how the connection is protected
 * @param slot the replication slot
 * @param publication the publication
 * @param heartbeat what keeps an idle source's slot moving
 * @param connectTimeout how long a connection may take, default {@link PostgresSource#DEFAULT_CONNECT_TIMEOUT}
 * @param walGuard how much WAL the slot may keep on its disk
 * @param streaming whether large transactions are taken while they are still open; default no
 */
public record SourceConfig(
        SourceType type,
        @Required String url,
        Optional<Path> socket,
        @Required String username,
        Optional<Secret> password,
        SslConfig ssl,
        SlotConfig slot,
        PublicationConfig publication,
        HeartbeatConfig heartbeat,
        Duration connectTimeout,
        WalGuardConfig walGuard,
        Boolean streaming) {

    private static final String SCHEME = "jdbc:postgresql:";

    public SourceConfig {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("url must begin with " + SCHEME + "//");
        }
        if (url.contains("?") || url.contains("@")) {
            throw new IllegalArgumentException("url must hold neither parameters nor a user: there are keys for them");
        }
        requireUrl(url);
        socket = socket == null ? Optional.empty() : socket;
        type = type == null ? SourceType.POSTGRES : type;
        password = password == null ? Optional.empty() : password;
        ssl = ssl == null ? new SslConfig(null, null) : ssl;
        slot = slot == null ? new SlotConfig(null, null) : slot;
        publication = publication == null ? new PublicationConfig(null, null) : publication;
        heartbeat = heartbeat == null ? new HeartbeatConfig(null) : heartbeat;
        walGuard = walGuard == null ? new WalGuardConfig(null, null, null) : walGuard;
        streaming = streaming != null && streaming;
        connectTimeout = Positive.orDefault("connect-timeout", connectTimeout, PostgresSource.DEFAULT_CONNECT_TIMEOUT);
    }

    private static void requireUrl(String url) {
        try {
            PostgresSource.requireUrl(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url does not fit: " + e.getMessage(), e);
        }
    }
}
