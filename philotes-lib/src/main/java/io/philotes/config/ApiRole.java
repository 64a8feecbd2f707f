// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** What the holder of an API key may do. */
public enum ApiRole {
    /** Looks: states, metrics, configuration without secrets. */
    VIEWER,
    /** Also gives orders to pipelines, and sees rows that were set aside. */
    OPERATOR,
    /** Everything; today the same as OPERATOR. */
    ADMIN;

    /** Whether this role may do what needs the other. */
    public boolean covers(ApiRole needed) {
        return compareTo(needed) >= 0;
    }
}
