// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One text per value, whichever engine showed it. */
final class Canonical {

    private Canonical() {}

    /** The text of a value of a PostgreSQL type; null for NULL. */
    static String text(String type, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (Rows.isArray(type)) {
            return list(type.substring(1), value);
        }
        return switch (type) {
            case "float4" -> Float.toString(Float.parseFloat(number(value)));
            case "float8" -> Double.toString(Double.parseDouble(number(value)));
            case "bool" -> Boolean.toString(value.asText().startsWith("t"));
            case "timestamp", "timestamptz", "time" -> timestamp(value.asText());
            default -> value.asText();
        };
    }

    private static String list(String type, JsonNode value) {
        List<String> elements = new ArrayList<>();
        for (JsonNode element : value) {
            String text = text(type, element);
            elements.add(
                    text == null
                            ? "null"
                            : JsonNodeFactory.instance.textNode(text).toString());
        }
        return elements.toString();
    }

    private static String number(JsonNode value) {
        return switch (value.asText().toLowerCase(Locale.ROOT)) {
            case "nan" -> "NaN";
            case "inf", "infinity" -> "Infinity";
            case "-inf", "-infinity" -> "-Infinity";
            default -> value.asText();
        };
    }

    private static String timestamp(String text) {
        String plain = text.replaceFirst("\\+00$", "");
        return plain.contains(".") ? plain.replaceFirst("\\.?0+$", "") : plain;
    }
}
