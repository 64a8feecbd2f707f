// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.config.internal.Keys;
import io.philotes.config.internal.Values;
import io.philotes.spring.properties.PhilotesProperties;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What editors are told of the properties. */
class MetadataTest {

    @Test
    void every_property_is_described_and_no_other() throws IOException {
        List<String> expected = new ArrayList<>();
        collect(PhilotesProperties.class, "philotes", expected);
        List<String> described = new ArrayList<>();
        for (JsonNode property : metadata().path("properties")) {
            assertThat(property.path("description").asText()).as("%s", property).endsWith(".");
            if (property.path("name").asText().startsWith("philotes")) {
                described.add(property.path("name").asText());
            }
        }
        assertThat(described).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void every_type_exists() throws Exception {
        for (JsonNode property : metadata().path("properties")) {
            for (String type : property.path("type").asText().split("[<>,]")) {
                assertThat(Class.forName(type)).isNotNull();
            }
        }
    }

    private static JsonNode metadata() throws IOException {
        String name = "META-INF/spring-configuration-metadata.json";
        try (var file = PhilotesProperties.class.getResourceAsStream("/" + name)) {
            return new ObjectMapper().readTree(file);
        }
    }

    private static void collect(Class<?> type, String path, List<String> into) {
        Keys.of(type).forEach((key, component) -> {
            Type one = component.getGenericType();
            if (one instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
                one = generic.getActualTypeArguments()[0];
            }
            if (one instanceof Class<?> plain && !Values.isSingle(plain)) {
                collect(plain, path + "." + key, into);
            } else {
                into.add(path + "." + key);
            }
        });
    }
}
