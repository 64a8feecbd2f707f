// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.philotes.config.LogFormat;
import io.philotes.config.LogLevel;
import io.philotes.runner.group.CopyProgress;
import org.slf4j.LoggerFactory;

/** Sets how much is logged, and how it is written. */
final class LogSetup {

    private LogSetup() {}

    /** For Philotes' own loggers; libraries stay at warnings, unless somebody asks for everything. */
    static void apply(LogLevel level) {
        logger("io.philotes").setLevel(Level.valueOf(level.name()));
        if (level == LogLevel.TRACE) {
            logger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.DEBUG);
        }
    }

    /**
     * Chooses how lines are written.
     *
     * @param watched whether a person watches standard error, where a line of progress may stand in the way
     */
    static void format(LogFormat format, boolean watched) {
        if (format == LogFormat.JSON || format == LogFormat.AUTO && !watched) {
            encode(json());
        } else if (watched) {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(CopyProgress.CLEAR + ((PatternLayoutEncoder) stderr().getEncoder()).getPattern());
            encode(text);
        }
    }

    private static JsonEncoder json() {
        JsonEncoder json = new JsonEncoder();
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        json.setWithContext(false);
        json.setWithMessage(false);
        json.setWithArguments(false);
        json.setWithFormattedMessage(true);
        return json;
    }

    private static void encode(Encoder<ILoggingEvent> encoder) {
        ConsoleAppender<ILoggingEvent> stderr = stderr();
        encoder.setContext(stderr.getContext());
        encoder.start();
        stderr.setEncoder(encoder);
    }

    private static ConsoleAppender<ILoggingEvent> stderr() {
        return (ConsoleAppender<ILoggingEvent>)
                logger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("stderr");
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
