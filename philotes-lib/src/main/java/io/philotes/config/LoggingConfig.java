// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/**
 * What is logged. Immutable.
 *
 * @param level default {@code info}
 * @param format default {@code text}
 */
public record LoggingConfig(LogLevel level, LogFormat format) {

    public LoggingConfig {
        format = format == null ? LogFormat.TEXT : format;
        level = level == null ? LogLevel.INFO : level;
    }
}
