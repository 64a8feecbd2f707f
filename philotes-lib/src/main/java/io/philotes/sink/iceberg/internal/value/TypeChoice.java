// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Reads the type choices of a configuration. Stateless. */
public final class TypeChoice {

    /** PostgreSQL's name for an array of whatever element. */
    static final String ANY_ARRAY = "anyarray";

    private static final String STRING = "string";

    private static final Pattern DECIMAL =
            Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)", Pattern.CASE_INSENSITIVE);

    private TypeChoice() {}

    /** The choices of one table. Throws IllegalArgumentException for what {@link #faultIn} or {@link #faultInType} names. */
    public static TypePolicy policy(Map<String, String> byType, Map<String, String> byColumn) {
        return new TypePolicy(targets(byType), targets(byColumn));
    }

    private static Map<String, Type> targets(Map<String, String> texts) {
        Map<String, Type> targets = new LinkedHashMap<>();
        texts.forEach((name, text) -> targets.put(
                name,
                target(text)
                        .orElseThrow(
                                () -> new IllegalArgumentException(faultIn(text).orElse(text)))));
        return targets;
    }

    /** What is wrong with a target; empty when nothing is. */
    public static Optional<String> faultIn(String target) {
        return target(target).isPresent()
                ? Optional.empty()
                : Optional.of("'" + target + "' is neither string nor decimal(p,s) with 1 <= p <= 38 and s <= p");
    }

    /** What is wrong with a choice for a type wherever it occurs; empty when nothing is. */
    public static Optional<String> faultInType(String pgType, String target) {
        Optional<Type> type = target(target);
        if (type.isEmpty()) {
            return faultIn(target).map(fault -> "type of " + pgType + ": " + fault);
        }
        if (!isKnown(pgType)) {
            return Optional.of("there is no choice for type " + pgType + ", only for " + names()
                    + ", arrays of these such as int4[], and " + ANY_ARRAY);
        }
        boolean isDecimal = type.get().typeId() == Type.TypeID.DECIMAL;
        return isDecimal && !pgType.equals("numeric")
                ? Optional.of("type " + pgType + " cannot be kept as " + target + ": only numeric can")
                : Optional.empty();
    }

    private static boolean isKnown(String pgType) {
        if (pgType.equals(ANY_ARRAY)) {
            return true;
        }
        String element = pgType.endsWith("[]") ? pgType.substring(0, pgType.length() - 2) : pgType;
        boolean isOwnArray = element.contains(".") && !element.equals(pgType);
        return isOwnArray || nativeTypes().contains(element);
    }

    private static Set<String> nativeTypes() {
        Set<String> names = new TreeSet<>(TypeMapping.nativeTypes());
        names.add("numeric");
        return names;
    }

    private static String names() {
        return String.join(", ", nativeTypes());
    }

    private static Optional<Type> target(String text) {
        if (text.equalsIgnoreCase(STRING)) {
            return Optional.of(Types.StringType.get());
        }
        Matcher decimal = DECIMAL.matcher(text);
        if (!decimal.matches()) {
            return Optional.empty();
        }
        int precision = Integer.parseInt(decimal.group(1));
        int scale = Integer.parseInt(decimal.group(2));
        boolean fits = precision >= 1 && precision <= TypeMapping.MAX_DECIMAL_DIGITS && scale <= precision;
        return fits ? Optional.of(Types.DecimalType.of(precision, scale)) : Optional.empty();
    }
}
