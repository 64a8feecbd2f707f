// SPDX-License-Identifier: Apache-2.0
package io.philotes.config.internal;

import java.lang.reflect.InvocationTargetException;

/** Records that may be written as one text, through a public static {@code of(String)}. */
public final class ShortForm {

    private ShortForm() {}

    public static boolean existsFor(Class<?> type) {
        try {
            return type.getMethod("of", String.class).getReturnType() == type;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException when the text does not suit */
    public static Object make(Class<?> type, String text) {
        try {
            return type.getMethod("of", String.class).invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(type + " refused a text", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no short form", e);
        }
    }
}
