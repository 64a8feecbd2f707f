// SPDX-License-Identifier: Apache-2.0
package io.philotes.config.internal;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys of the configuration and the components they belong to. */
public final class Keys {

    private Keys() {}

    /** The record's components by their keys, in order. */
    public static Map<String, RecordComponent> of(Class<?> type) {
        Map<String, RecordComponent> keys = new LinkedHashMap<>();
        Arrays.stream(type.getRecordComponents()).forEach(c -> keys.put(kebab(c.getName()), c));
        return keys;
    }

    /** {@code maxSize} becomes {@code max-size}. */
    public static String kebab(String camel) {
        StringBuilder kebab = new StringBuilder();
        for (char c : camel.toCharArray()) {
            if (c >= 'A' && c <= 'Z') {
                kebab.append('-').append((char) (c + 'a' - 'A'));
            } else {
                kebab.append(c);
            }
        }
        return kebab.toString();
    }
}
