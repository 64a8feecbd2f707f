// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.nio.file.Path;

/**
 * What the HTTP server shows its callers. Immutable.
 *
 * @param certificate PEM file with the certificate, and those between it and the authority
 * @param key PEM file with its private key, in PKCS#8 form and without a passphrase
 */
public record TlsConfig(
        @Required Path certificate, @Required Path key) {}
