// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A buffer in memory that says it is on disk: whoever begins with it again finds what was in it. */
final class OutlivingBuffer {

    private OutlivingBuffer() {}

    static ChangeBuffer over(MemoryBuffer memory) {
        return (ChangeBuffer) Proxy.newProxyInstance(
                ChangeBuffer.class.getClassLoader(),
                new Class<?>[] {ChangeBuffer.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "survivesRestart" -> true;
                    case "durableUpTo" -> memory.appendedUpTo();
                    default -> call(memory, method, arguments);
                });
    }

    private static Object call(MemoryBuffer memory, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(memory, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
