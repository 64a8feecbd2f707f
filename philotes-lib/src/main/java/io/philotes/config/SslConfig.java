// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the connection to the database is protected. Immutable.
 *
 * @param mode as libpq's {@code sslmode}, default {@link #DEFAULT_MODE}
 * @param rootCert the authority's certificate in PEM, for the verifying modes
 */
public record SslConfig(SslMode mode, Optional<Path> rootCert) {

    /** Row data crosses the wire, so it is encrypted unless somebody says otherwise. */
    public static final SslMode DEFAULT_MODE = SslMode.REQUIRE;

    public SslConfig {
        mode = mode == null ? DEFAULT_MODE : mode;
        rootCert = rootCert == null ? Optional.empty() : rootCert;
        if (rootCert.isPresent() && !mode.verifies()) {
            throw new IllegalArgumentException("root-cert needs mode verify-ca or verify-full");
        }
    }
}
