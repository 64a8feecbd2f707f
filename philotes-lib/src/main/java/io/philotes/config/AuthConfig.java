// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * How to sign in at a REST catalog. Immutable.
 *
 * @param type only {@code bearer}
 * @param token the token, sent as it is
 */
public record AuthConfig(AuthType type, @Required Secret token) {

    public AuthConfig {
        type = type == null ? AuthType.BEARER : type;
    }
}
