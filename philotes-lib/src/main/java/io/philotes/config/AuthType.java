// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Ways to sign in at a REST catalog. */
public enum AuthType {
    /** A token that is sent as it is. */
    BEARER,
    /** Tokens that are fetched for an id and a secret (client credentials). */
    OAUTH2
}
