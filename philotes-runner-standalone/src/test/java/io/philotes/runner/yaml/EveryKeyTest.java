// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.philotes.config.ByteSize;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.Ref;
import io.philotes.config.Required;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.ShortForm;
import io.philotes.config.internal.Values;
import io.philotes.error.PhilotesException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks every key of the configuration: each mistake is answered with its key, its line, a reason and what to write instead. */
class EveryKeyTest {

    private static final String ADVICE = "; did you mean '.+'\\?|; for example  .+|; its keys are .+";

    /** One key of one kind of record. */
    record Key(Class<?> owner, String name, Type type, boolean required) {

        static Key of(Class<?> owner, String name, RecordComponent component) {
            return new Key(owner, name, component.getGenericType(), component.isAnnotationPresent(Required.class));
        }

        List<Object> path(WholeExample example) {
            return WholeExample.with(example.places().get(owner), name);
        }

        @Override
        public String toString() {
            return owner.getSimpleName() + "." + name;
        }
    }

    static List<Key> keys() {
        return records().stream()
                .flatMap(record ->
                        Keys.of(record).entrySet().stream().map(key -> Key.of(record, key.getKey(), key.getValue())))
                .toList();
    }

    static Set<Class<?>> records() {
        Set<Class<?>> records = new LinkedHashSet<>();
        collect(PhilotesConfig.class, records);
        return records;
    }

    private static void collect(Type type, Set<Class<?>> records) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, records);
            }
        } else if (type instanceof Class<?> plain && !Values.isSingle(plain) && records.add(plain)) {
            Keys.of(plain).values().forEach(component -> collect(component.getGenericType(), records));
        }
    }

    private static PhilotesConfig read(String yaml) {
        return new ConfigReader(name -> "x").parse("philotes.yaml", yaml);
    }

    private static List<String> faults(String yaml) {
        PhilotesException refused = catchThrowableOfType(PhilotesException.class, () -> read(yaml));
        assertThat(refused).as("refused:\n%s", yaml).isNotNull();
        return refused.getMessage().lines().skip(1).map(String::strip).toList();
    }

    /** One of the faults is at that line and path, and says what to write instead. */
    private static void assertFault(String yaml, List<Integer> lines, String path, String reason) {
        Pattern expected = Pattern.compile("philotes\\.yaml:(%s):[0-9]+: %s: (?=.*(%s)).*%s.*"
                .formatted(
                        String.join("|", lines.stream().map(String::valueOf).toList()),
                        Pattern.quote(path),
                        ADVICE,
                        reason));
        assertThat(faults(yaml))
                .as("one that matches %s in\n%s", expected, yaml)
                .anyMatch(fault -> expected.matcher(fault).matches());
    }

    @Test
    void the_example_is_whole_and_right() {
        WholeExample example = new WholeExample();
        assertThatCode(() -> read(example.yaml())).doesNotThrowAnyException();
        assertThat(example.places().keySet()).containsExactlyInAnyOrderElementsOf(records());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void misspelled(Key key) {
        WholeExample example = new WholeExample();
        Map<String, Object> mapping = example.mapping(example.places().get(key.owner()));
        String wrong = key.name() + "x";
        mapping.put(wrong, mapping.getOrDefault(key.name(), "x"));
        mapping.remove(key.name());
        List<Object> path = WholeExample.with(example.places().get(key.owner()), wrong);
        String yaml = example.yaml();
        assertFault(
                yaml,
                WholeExample.lines(yaml, path),
                WholeExample.text(path),
                "unknown key; did you mean '" + key.name() + "'");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void of_the_wrong_type(Key key) {
        for (Object wrong : wrong(key.type())) {
            assertRefused(key, wrong, "");
        }
    }

    private static void assertRefused(Key key, Object value, String reason) {
        WholeExample example = new WholeExample();
        example.mapping(example.places().get(key.owner())).put(key.name(), value);
        String yaml = example.yaml();
        assertFault(yaml, WholeExample.lines(yaml, key.path(example)), WholeExample.text(key.path(example)), reason);
    }

    private static List<Object> wrong(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[0];
            return generic.getRawType() == Optional.class
                    ? wrong(inner)
                    : generic.getRawType() == Ref.class
                            ? List.of(List.of("x"))
                            : generic.getRawType() == List.class
                                    ? List.of("x", Map.of("x", "y"))
                                    : List.of("x", List.of("x"));
        }
        Class<?> plain = (Class<?>) type;
        if (Values.isSingle(plain)) {
            boolean anyText = plain == String.class || !isLimited(plain);
            return anyText
                    ? List.of(List.of("x"), Map.of("x", "y"))
                    : List.of(List.of("x"), Map.of("x", "y"), "no-such");
        }
        return ShortForm.existsFor(plain) ? List.of(List.of("x")) : List.of("x", List.of("x"));
    }

    /** Whether not every text is a value. */
    private static boolean isLimited(Class<?> type) {
        return type.isEnum()
                || Set.of(Integer.class, Double.class, Boolean.class, Duration.class, ByteSize.class)
                        .contains(type);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void out_of_range(Key key) {
        outOfRange(key.type()).ifPresent(value -> assertRefused(key, value, "must"));
    }

    private static Optional<Object> outOfRange(Type type) {
        Type plain = Spot.plain(type);
        if (plain == Integer.class || plain == Double.class) {
            return Optional.of(-1);
        }
        return plain == Duration.class
                ? Optional.of("-5s")
                : plain == ByteSize.class ? Optional.of("0MiB") : Optional.empty();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void missing_although_required(Key key) {
        if (key.required()) {
            WholeExample example = new WholeExample();
            List<Object> place = example.places().get(key.owner());
            example.mapping(place).remove(key.name());
            String yaml = example.yaml();
            String about = place.isEmpty() ? "" : WholeExample.text(place) + ": ";
            assertThat(faults(yaml))
                    .anyMatch(fault -> fault.matches("philotes\\.yaml:"
                            + WholeExample.lines(yaml, place).get(1) + ":[0-9]+: " + Pattern.quote(about)
                            + "the key '" + key.name() + "' is missing(; for example  " + key.name()
                            + ": .+|; its keys are .+|)"))
                    .anyMatch(fault -> fault.matches(".*(" + ADVICE + ")"));
        }
    }

    @Test
    void everything_that_is_out_of_range_is_told_at_once() {
        WholeExample example = new WholeExample();
        List<String> paths = new ArrayList<>();
        for (Key key : keys()) {
            outOfRange(key.type())
                    .filter(value -> !key.name().equals("version"))
                    .ifPresent(value -> {
                        example.mapping(example.places().get(key.owner())).put(key.name(), value);
                        paths.add(WholeExample.text(key.path(example)));
                    });
        }
        assertThat(paths).hasSizeGreaterThan(20);
        List<String> faults = faults(example.yaml());
        assertThat(paths).allSatisfy(path -> assertThat(faults).anyMatch(fault -> fault.contains(": " + path + ": ")));
    }
}
