// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;
import java.util.Set;

/**
 * The HTTP server: health, metrics, management. Immutable.
 *
 * @param enabled default true
 * @param address default {@value #DEFAULT_ADDRESS}; any other than this machine itself needs API keys
 * @param port default {@value #DEFAULT_PORT}
 * @param tls certificate and key; default plain HTTP
 * @param auth who may ask; default whoever is on this machine
 */
public record ServerConfig(
        Boolean enabled, String address, Integer port, Optional<TlsConfig> tls, ServerAuthConfig auth) {

    /** Only this machine: anything else needs authentication. */
    public static final String DEFAULT_ADDRESS = "127.0.0.1";

    /** Where nothing usual listens. */
    public static final int DEFAULT_PORT = 8484;

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

    public ServerConfig {
        enabled = enabled == null || enabled;
        address = address == null ? DEFAULT_ADDRESS : address;
        port = port == null ? DEFAULT_PORT : port;
        tls = tls == null ? Optional.empty() : tls;
        auth = auth == null ? new ServerAuthConfig(null) : auth;
        if (!LOOPBACK.contains(address) && auth.apiKeys().isEmpty()) {
            throw new IllegalArgumentException("address must be 127.0.0.1, ::1 or localhost, not '" + address
                    + "', while there are no API keys: 'philotes key create NAME' makes one for server.auth.api-keys");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 (any free one) and 65535, not " + port);
        }
    }

    /** One that speaks plain HTTP and has no keys. */
    public ServerConfig(Boolean enabled, String address, Integer port) {
        this(enabled, address, port, null, null);
    }

    /** Whether only this machine itself can connect. */
    public boolean isLocal() {
        return LOOPBACK.contains(address);
    }
}
