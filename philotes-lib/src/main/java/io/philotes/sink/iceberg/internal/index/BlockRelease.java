// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * Gives memory off the heap back at once. The garbage collector would do it too, but it looks at the heap, where a buffer of
 * many megabytes is a few bytes. Where the JVM does not offer the call, it is left to the collector. Stateless.
 */
final class BlockRelease {

    private static final Object UNSAFE;
    private static final Method INVOKE_CLEANER;

    static {
        Object unsafe = null;
        Method invokeCleaner = null;
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            unsafe = field.get(null);
            invokeCleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            unsafe = null;
        }
        UNSAFE = unsafe;
        INVOKE_CLEANER = invokeCleaner;
    }

    private BlockRelease() {}

    /** The block must never be touched again, by anybody: its memory may be somebody else's then. */
    static void release(Block block) {
        if (UNSAFE == null || INVOKE_CLEANER == null) {
            return;
        }
        try {
            INVOKE_CLEANER.invoke(UNSAFE, block.bytes());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a block could not be released", e);
        }
    }
}
