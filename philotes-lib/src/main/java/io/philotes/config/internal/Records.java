// SPDX-License-Identifier: Apache-2.0
package io.philotes.config.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;

/** Makes records of the configuration from values by key. */
public final class Records {

    private Records() {}

    /**
     * The record; what has no value takes its default.
     *
     * @throws IllegalArgumentException the record's own; its message begins with the key that it speaks of, where there is one
     */
    public static Object make(Class<?> type, Map<String, ?> values) {
        Map<String, RecordComponent> keys = Keys.of(type);
        Class<?>[] types = keys.values().stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] arguments = keys.keySet().stream().map(values::get).toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(type + " refused its arguments", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }
}
