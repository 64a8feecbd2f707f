// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the connection to the database is protected. Immutable.
 *
 * @param mode as libpq's {@code sslmode}, default {@link PostgresSource#DEFAULT_SSL_MODE}
 * @param rootCert the authority's certificate in PEM, for the verifying modes
 */
public record SslConfig(SslMode mode, Optional<Path> rootCert) {

    public SslConfig {
        mode = mode == null ? PostgresSource.DEFAULT_SSL_MODE : mode;
        rootCert = rootCert == null ? Optional.empty() : rootCert;
        if (rootCert.isPresent() && mode != SslMode.VERIFY_CA && mode != SslMode.VERIFY_FULL) {
            throw new IllegalArgumentException("root-cert needs mode verify-ca or verify-full");
        }
    }
}
