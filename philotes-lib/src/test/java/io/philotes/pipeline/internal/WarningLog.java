// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Takes down the warnings of one class about one pipeline. */
final class WarningLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final String pipeline;
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

    WarningLog(Class<?> owner, String pipeline) {
        this.logger = (Logger) LoggerFactory.getLogger(owner);
        this.pipeline = pipeline;
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel() == Level.WARN && event.getFormattedMessage().startsWith("Pipeline " + pipeline + ":")) {
            warnings.add(event.getFormattedMessage());
        }
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
