// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.Ref;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.Values;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What may stand at a path of the configuration. Immutable.
 *
 * @param owner the record that has the key
 * @param key the key that the path ends with, or that the list or map belongs to in which it ends
 * @param type of what stands there: an Optional or a Ref is seen through
 */
record Spot(Class<?> owner, String key, Type type) {

    /** Below a record of that type; empty where the path leads nowhere. */
    static Optional<Spot> at(Class<?> base, String path) {
        Spot spot = new Spot(base, "", base);
        String rest = path;
        while (!rest.isEmpty()) {
            String step = spot.firstOf(rest);
            Optional<Spot> next = spot.step(step);
            if (next.isEmpty()) {
                return next;
            }
            spot = next.get();
            rest = rest.substring(step.length()).replaceFirst("^\\.", "");
        }
        return Optional.of(spot);
    }

    /** A name of a single value may hold dots. */
    private String firstOf(String path) {
        if (isRaw(java.util.Map.class) && inner(1) instanceof Class<?> value && Values.isSingle(value)) {
            return path;
        }
        return path.startsWith("[") ? path.substring(0, path.indexOf(']') + 1) : path.split("[.\\[]", 2)[0];
    }

    private Optional<Spot> step(String step) {
        if (type instanceof Class<?> plain && !Values.isSingle(plain)) {
            RecordComponent component = Keys.of(plain).get(step);
            return Optional.ofNullable(component).map(found -> new Spot(plain, step, plain(found.getGenericType())));
        }
        if (isRaw(List.class) || isRaw(java.util.Map.class)) {
            return Optional.of(new Spot(owner, key, plain(inner(isRaw(List.class) ? 0 : 1))));
        }
        return Optional.empty();
    }

    private boolean isRaw(Class<?> wanted) {
        return type instanceof ParameterizedType generic && generic.getRawType() == wanted;
    }

    private Type inner(int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    static Type plain(Type type) {
        boolean wrapped = type instanceof ParameterizedType generic
                && Set.of(Optional.class, Ref.class).contains(generic.getRawType());
        return wrapped ? plain(((ParameterizedType) type).getActualTypeArguments()[0]) : type;
    }

    /** The keys that may stand below each name here; empty where no names stand. */
    Optional<Set<String>> named() {
        return isRaw(java.util.Map.class)
                ? Optional.of(new Spot(owner, key, plain(inner(1))).keys()).filter(keys -> !keys.isEmpty())
                : Optional.empty();
    }

    /** The keys that may stand here; empty where it is no mapping of known keys. */
    Set<String> keys() {
        return type instanceof Class<?> plain && !Values.isSingle(plain)
                ? Keys.of(plain).keySet()
                : Set.of();
    }
}
