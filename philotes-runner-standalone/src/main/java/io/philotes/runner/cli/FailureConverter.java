// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;

/** Stack traces in logs: of defects and foreign failures, not of failures that explain themselves. Public for Logback. */
public final class FailureConverter extends ThrowableProxyConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return explainsItself(event.getThrowableProxy()) ? "" : super.convert(event);
    }

    private static boolean explainsItself(IThrowableProxy proxy) {
        return proxy instanceof ThrowableProxy real
                && real.getThrowable() instanceof PhilotesException failure
                && failure.code() != ErrorCode.DEFECT;
    }
}
