// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Set;

/**
 * The HTTP server: health, metrics, status. Immutable.
 *
 * @param enabled default true
 * @param address default {@value #DEFAULT_ADDRESS}; any other than this machine itself is refused, for there is no sign-in
 * @param port default {@value #DEFAULT_PORT}
 */
public record ServerConfig(Boolean enabled, String address, Integer port) {

    /** Only this machine: anything else needs authentication. */
    public static final String DEFAULT_ADDRESS = "127.0.0.1";

    /** Where nothing usual listens. */
    public static final int DEFAULT_PORT = 8484;

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

    public ServerConfig {
        enabled = enabled == null || enabled;
        address = address == null ? DEFAULT_ADDRESS : address;
        port = port == null ? DEFAULT_PORT : port;
        if (!LOOPBACK.contains(address)) {
            throw new IllegalArgumentException("address must be 127.0.0.1, ::1 or localhost, not '" + address
                    + "': the server has no sign-in yet; put a proxy with one in front");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 (any free one) and 65535, not " + port);
        }
    }
}
