// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * One key of the HTTP server: either its hash, or the key itself where a secret store hands it to the process. Immutable.
 *
 * @param role what its holder may do
 * @param sha256 the SHA-256 of the key in hexadecimal digits, which {@code philotes key create} prints
 * @param key the key itself, at least {@value #MIN_LENGTH} characters
 */
public record ApiKeyConfig(@Required ApiRole role, Optional<String> sha256, Optional<Secret> key) {

    /** Less can be guessed; the server does not start then. */
    public static final int MIN_LENGTH = 32;

    public ApiKeyConfig {
        sha256 = sha256 == null ? Optional.empty() : sha256;
        key = key == null ? Optional.empty() : key;
        if (sha256.isPresent() == key.isPresent()) {
            throw new IllegalArgumentException("either sha256 or key is needed; 'philotes key create NAME' makes both");
        }
        if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 must be 64 of the digits 0-9 and a-f");
        }
    }
}
