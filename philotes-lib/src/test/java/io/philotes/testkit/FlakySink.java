// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.sink.Sink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;

/** A sink that can be made to fail, by script, in everything that needs its target. Thread-safe as far as the script goes. */
public final class FlakySink {

    private static final Set<String> HARMLESS = Set.of(
            "description", "close", "discard", "remembersPosition", "wantsCopies", "uncommittedBytes", "toString");

    private final Sink real;
    private volatile ErrorCode fault;

    public FlakySink(Sink real) {
        this.real = real;
    }

    /** Everything fails with this code from here on; null for nothing. */
    public void fault(ErrorCode code) {
        fault = code;
    }

    public Sink sink() {
        return (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(),
                new Class<?>[] {Sink.class},
                (proxy, method, arguments) -> call(method, arguments));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        ErrorCode now = fault;
        if (now != null && method.getName().equals("check")) {
            return List.of(Finding.error(now, "catalog", "scripted", "wait"));
        }
        if (now != null && !HARMLESS.contains(method.getName())) {
            throw new PhilotesException(now, "Cannot " + method.getName() + ": scripted");
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
