// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.philotes.config.LogLevel;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sets how much is logged. */
final class LogSetup {

    /** They write requests down as they are, with keys and tokens: never more than INFO of these. */
    private static final List<String> INDISCREET = List.of(
            "org.eclipse.jetty",
            "org.apache.hc",
            "org.apache.http",
            "org.apache.iceberg.rest",
            "software.amazon.awssdk",
            "com.zaxxer.hikari",
            "org.postgresql");

    private LogSetup() {}

    /**
     * For Philotes' own loggers; libraries stay at warnings, unless somebody asks for everything. Even then those that would
     * tell secrets do not.
     */
    static void apply(LogLevel level) {
        logger("io.philotes").setLevel(Level.valueOf(level.name()));
        if (level == LogLevel.TRACE) {
            logger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.DEBUG);
            INDISCREET.forEach(name -> logger(name).setLevel(Level.INFO));
        }
    }

    /** Nothing at all any more. */
    static void silence() {
        logger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        logger("io.philotes").setLevel(Level.OFF);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
