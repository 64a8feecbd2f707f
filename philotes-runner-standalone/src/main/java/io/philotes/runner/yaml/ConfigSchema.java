// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.ByteSize;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.Ref;
import io.philotes.config.Required;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.ShortForm;
import io.philotes.config.internal.Values;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON Schema of the configuration, made of the records that the file is bound to: what editors complete and mark. It takes
 * what is bound; rules across keys are told by {@code check} alone. Used by one thread.
 */
public final class ConfigSchema {

    /** A value from elsewhere, which nobody knows before the start. */
    private static final Map<String, Object> VARIABLE = Map.of("type", "string", "pattern", "\\$\\{");

    private final Map<String, Object> definitions = new LinkedHashMap<>();
    private final ReferencePage page;

    private ConfigSchema(ReferencePage page) {
        this.page = page;
    }

    /** As maps and lists, in JSON Schema's draft 2020-12. */
    public static Map<String, Object> tree() {
        return tree(ReferencePage.ofResource());
    }

    static Map<String, Object> tree(ReferencePage page) {
        ConfigSchema schema = new ConfigSchema(page);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        tree.put("title", "philotes.yaml");
        tree.putAll(schema.mapping(PhilotesConfig.class));
        tree.put("$defs", schema.definitions);
        return tree;
    }

    private Map<String, Object> mapping(Class<?> record) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        Keys.of(record).forEach((key, component) -> {
            properties.put(key, property(record, key, component));
            if (component.isAnnotationPresent(Required.class)) {
                required.add(key);
            }
        });
        Map<String, Object> mapping = new LinkedHashMap<>();
        mapping.put("type", "object");
        mapping.put("additionalProperties", false);
        mapping.put("properties", properties);
        if (!required.isEmpty()) {
            mapping.put("required", required);
        }
        return mapping;
    }

    private Map<String, Object> property(Class<?> record, String key, RecordComponent component) {
        Map<String, Object> property = new LinkedHashMap<>();
        page.about(record, key).ifPresent(about -> property.put("description", about));
        property.putAll(of(component.getGenericType()));
        return property;
    }

    private Map<String, Object> of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] inner = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return of(inner[0]);
            }
            if (generic.getRawType() == Ref.class) {
                return anyOf(Map.of("type", "string"), of(inner[0]));
            }
            return generic.getRawType() == List.class
                    ? Map.of("type", "array", "items", of(inner[0]))
                    : Map.of("type", "object", "additionalProperties", of(inner[1]));
        }
        Class<?> plain = (Class<?>) type;
        if (Values.isSingle(plain)) {
            return single(plain);
        }
        return ShortForm.existsFor(plain) ? anyOf(Map.of("type", "string"), reference(plain)) : reference(plain);
    }

    private Map<String, Object> reference(Class<?> record) {
        String name = record.getSimpleName();
        if (!definitions.containsKey(name)) {
            definitions.put(name, Map.of());
            definitions.put(name, mapping(record));
        }
        return Map.of("$ref", "#/$defs/" + name);
    }

    private static Map<String, Object> single(Class<?> type) {
        if (type.isEnum()) {
            return anyOf(Map.of("enum", constants(type)), VARIABLE);
        }
        if (type == Integer.class) {
            return anyOf(Map.of("type", "integer"), VARIABLE);
        }
        if (type == Double.class) {
            return anyOf(Map.of("type", "number"), VARIABLE);
        }
        if (type == Boolean.class) {
            return anyOf(Map.of("type", "boolean"), VARIABLE);
        }
        if (type == Duration.class) {
            return anyOf(text("^([0-9]{1,12}\\s?(ms|s|m|h|d)|P.+)$"), VARIABLE);
        }
        if (type == ByteSize.class) {
            return anyOf(text("^[0-9]{1,15}\\s?(B|KiB|MiB|GiB|TiB)$"), VARIABLE);
        }
        // What YAML takes for a number or a truth is a text where one is wanted.
        return Map.of("type", List.of("string", "number", "boolean"));
    }

    private static Map<String, Object> text(String pattern) {
        return Map.of("type", "string", "pattern", pattern);
    }

    /** A constant NULL is written as YAML's null. */
    private static List<String> constants(Class<?> type) {
        List<String> names = new ArrayList<>();
        Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .forEach(name -> names.add(name.equals("null") ? null : name));
        return names;
    }

    private static Map<String, Object> anyOf(Map<String, Object> one, Map<String, Object> other) {
        return Map.of("anyOf", List.of(one, other));
    }
}
