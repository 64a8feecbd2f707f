// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** How much is logged. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
