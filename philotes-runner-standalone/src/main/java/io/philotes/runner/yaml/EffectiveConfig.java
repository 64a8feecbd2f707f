// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.ByteSize;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.Ref;
import io.philotes.config.Secret;
import io.philotes.config.internal.Keys;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** A configuration with all its defaults, as the file would have it; without its secrets. Stateless. */
public final class EffectiveConfig {

    private static final Map<Long, String> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put(Duration.ofDays(1).toMillis(), "d");
        UNITS.put(Duration.ofHours(1).toMillis(), "h");
        UNITS.put(Duration.ofMinutes(1).toMillis(), "m");
        UNITS.put(Duration.ofSeconds(1).toMillis(), "s");
    }

    private EffectiveConfig() {}

    /** By keys: mappings, lists, numbers, booleans and texts. */
    public static Map<String, Object> tree(PhilotesConfig config) {
        return record(config);
    }

    /** The same as YAML that can be read again, but for its secrets. */
    public static String yaml(PhilotesConfig config) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setSplitLines(false);
        return new Yaml(options).dump(tree(config)).replace("${", "$${");
    }

    private static Map<String, Object> record(Record record) {
        Map<String, Object> keys = new LinkedHashMap<>();
        for (Map.Entry<String, RecordComponent> key : Keys.of(record.getClass()).entrySet()) {
            Object value = value(read(record, key.getValue()));
            if (value != null) {
                keys.put(key.getKey(), value);
            }
        }
        return keys;
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    /** Null for what is not there. */
    private static Object value(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(EffectiveConfig::value).orElse(null);
        }
        if (value instanceof Ref<?> ref) {
            return ref.name().isPresent()
                    ? ref.name().get()
                    : value(ref.inline().orElseThrow());
        }
        if (value instanceof Map<?, ?> map) {
            return mapping(map);
        }
        if (value instanceof Collection<?> list) {
            return list.isEmpty()
                    ? null
                    : list.stream().map(EffectiveConfig::value).toList();
        }
        if (value instanceof Record record && !(value instanceof ByteSize)) {
            return record(record);
        }
        return scalar(value);
    }

    private static Object mapping(Map<?, ?> map) {
        Map<String, Object> shown = new LinkedHashMap<>();
        map.forEach((key, value) -> shown.put((String) key, value(value)));
        return shown.isEmpty() ? null : shown;
    }

    private static Object scalar(Object value) {
        if (value instanceof Number || value instanceof Boolean || value == null) {
            return value;
        }
        if (value instanceof Secret) {
            return value.toString();
        }
        if (value instanceof Duration duration) {
            return text(duration);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return addressWithoutSecrets(value.toString());
    }

    /** In the largest unit of which it is a whole number. */
    private static String text(Duration duration) {
        long millis = duration.toMillis();
        return UNITS.entrySet().stream()
                .filter(unit -> millis != 0 && millis % unit.getKey() == 0)
                .findFirst()
                .map(unit -> millis / unit.getKey() + unit.getValue())
                .orElse(millis + "ms");
    }

    /** Addresses may hold a password, before the host or among the parameters. */
    public static String addressWithoutSecrets(String text) {
        return text.matches("(?s)(jdbc:|[A-Za-z][A-Za-z0-9+.:-]*://).*")
                ? text.replaceFirst("://[^/@]*@", "://***@").replaceFirst("(?s)\\?.*", "?***")
                : text;
    }
}
