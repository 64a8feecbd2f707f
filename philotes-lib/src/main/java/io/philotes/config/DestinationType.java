// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** What a destination is. */
public enum DestinationType {
    ICEBERG
}
