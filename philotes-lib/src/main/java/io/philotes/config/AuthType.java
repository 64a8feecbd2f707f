// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Ways to sign in at a REST catalog. */
public enum AuthType {
    BEARER
}
