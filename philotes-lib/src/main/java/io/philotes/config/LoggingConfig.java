// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * What is logged. Immutable.
 *
 * @param level default {@code info}
 */
public record LoggingConfig(LogLevel level) {

    public LoggingConfig {
        level = level == null ? LogLevel.INFO : level;
    }
}
