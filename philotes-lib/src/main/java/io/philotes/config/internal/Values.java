// SPDX-License-Identifier: Apache-2.0
package io.philotes.config.internal;

import io.philotes.config.ByteSize;
import io.philotes.config.DurationText;
import io.philotes.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Reads single values of the configuration, which are texts wherever they come from. */
public final class Values {

    private Values() {}

    /** Whether a value of the type is written as one text. */
    public static boolean isSingle(Class<?> type) {
        return !type.isRecord() || type == Secret.class || type == ByteSize.class;
    }

    /**
     * The text as a value of that type.
     *
     * @param shown how messages show the text
     * @throws IllegalArgumentException saying what it must be
     */
    public static Object of(String text, String shown, Class<?> type) {
        if (type == String.class) {
            return text;
        }
        if (type == Secret.class) {
            return Secret.of(text);
        }
        if (type == Path.class) {
            return Path.of(text);
        }
        if (type == Integer.class) {
            return integer(text, shown);
        }
        if (type == Double.class) {
            return decimal(text, shown);
        }
        if (type == Boolean.class) {
            return bool(text, shown);
        }
        if (type == Duration.class) {
            return named(shown, () -> DurationText.parse(text));
        }
        if (type == ByteSize.class) {
            return named(shown, () -> ByteSize.of(text));
        }
        return constant(text, shown, type);
    }

    private static <T> T named(String shown, Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", not " + shown, e);
        }
    }

    private static Integer integer(String text, String shown) {
        if (!text.matches("[+-]?[0-9]{1,9}")) {
            throw new IllegalArgumentException("must be a whole number, not " + shown);
        }
        return Integer.valueOf(text);
    }

    private static Double decimal(String text, String shown) {
        if (!text.matches("[+-]?[0-9]{1,9}([.][0-9]{1,9})?")) {
            throw new IllegalArgumentException("must be a number, not " + shown);
        }
        return Double.valueOf(text);
    }

    private static Boolean bool(String text, String shown) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("must be true or false, not " + shown);
        }
        return Boolean.valueOf(text);
    }

    private static Object constant(String text, String shown, Class<?> type) {
        Object[] constants = type.getEnumConstants();
        List<String> names = Arrays.stream(constants)
                .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "must be one of " + String.join(", ", names) + ", not " + shown + Suggestion.text(text, names));
        }
        return constants[index];
    }
}
