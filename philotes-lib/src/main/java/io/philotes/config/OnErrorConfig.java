// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * What is done about failures. Immutable.
 *
 * @param retry how failures that may pass are tried again
 */
public record OnErrorConfig(RetryConfig retry) {

    public OnErrorConfig {
        retry = retry == null ? new RetryConfig(null, null, null) : retry;
    }
}
