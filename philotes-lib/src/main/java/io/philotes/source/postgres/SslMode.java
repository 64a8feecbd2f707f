// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How the connection is protected; libpq's {@code sslmode}. */
public enum SslMode {
    /** No TLS. */
    DISABLE,
    /** TLS when the server offers it: protects against nobody who can change the traffic. */
    PREFER,
    /** TLS, whoever the server is. */
    REQUIRE,
    /** TLS with a certificate that a known authority signed. */
    VERIFY_CA,
    /** TLS with a certificate that a known authority signed for this host. */
    VERIFY_FULL;

    /** libpq's spelling, such as {@code verify-full}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads libpq's spelling; empty when it is none of these. */
    public static Optional<SslMode> ofText(String text) {
        return Stream.of(values()).filter(mode -> mode.text().equals(text)).findFirst();
    }
}
