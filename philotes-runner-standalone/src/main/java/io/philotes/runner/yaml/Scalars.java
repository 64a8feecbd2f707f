// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.Secret;
import io.philotes.config.internal.Values;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.function.Supplier;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Binds single values. What came from outside the file, and secrets, are not shown in messages. */
final class Scalars {

    private final Faults faults;
    private final Interpolation interpolation;

    Scalars(Faults faults, Interpolation interpolation) {
        this.faults = faults;
        this.interpolation = interpolation;
    }

    /** Whether the node is the word {@code null}, which YAML has a meaning for, and the type has a constant of that name. */
    static boolean isConstant(Node node, Type type) {
        return node instanceof ScalarNode scalar
                && scalar.getValue().equals("null")
                && type instanceof Class<?> plain
                && plain.isEnum()
                && Arrays.stream(plain.getEnumConstants())
                        .anyMatch(constant -> constant.toString().equals("NULL"));
    }

    /** The value; null when it was reported. */
    Object bind(Node node, Class<?> type, String path) {
        if (!(node instanceof ScalarNode scalar)) {
            faults.add(Place.of(node.getStartMark()), path, "must be a single value");
            return null;
        }
        if (type == Secret.class) {
            return secret(scalar, path);
        }
        String text = text(scalar, path);
        return text == null ? null : checked(scalar, path, () -> Values.of(text, shown(scalar), type));
    }

    private Secret secret(ScalarNode scalar, String path) {
        try {
            String text = interpolation.resolve(scalar.getValue());
            // A rotated secret lies in the same file.
            return interpolation.readsFile(scalar.getValue()) ? later(scalar) : Secret.of(text);
        } catch (Interpolation.Missing e) {
            faults.addSecret(Place.of(scalar.getStartMark()), path, e.getMessage());
            return faults.secretsMayLack() ? later(scalar) : null;
        } catch (IllegalArgumentException e) {
            faults.add(Place.of(scalar.getStartMark()), path, e.getMessage());
            return null;
        }
    }

    private Secret later(ScalarNode scalar) {
        return Secret.from(() -> interpolation.resolve(scalar.getValue()));
    }

    /** The text with variables replaced; null when that was reported. */
    String text(ScalarNode scalar, String path) {
        return checked(scalar, path, () -> interpolation.resolve(scalar.getValue()));
    }

    <T> T checked(ScalarNode scalar, String path, Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (Interpolation.NotLookedUp e) {
            faults.addUnknown(Place.of(scalar.getStartMark()), path, e.getMessage());
            return null;
        } catch (IllegalArgumentException e) {
            faults.add(Place.of(scalar.getStartMark()), path, e.getMessage());
            return null;
        }
    }

    private static String shown(ScalarNode scalar) {
        return "'" + scalar.getValue() + "'";
    }
}
