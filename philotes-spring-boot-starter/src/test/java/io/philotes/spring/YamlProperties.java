// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Properties from YAML text, as from an {@code application.yaml}. */
final class YamlProperties {

    private YamlProperties() {}

    /** @param texts the later ones win over the earlier ones */
    static <C extends ConfigurableApplicationContext> ApplicationContextInitializer<C> of(String... texts) {
        return context -> {
            for (int i = 0; i < texts.length; i++) {
                sources("yaml " + i, texts[i]).forEach(context.getEnvironment().getPropertySources()::addFirst);
            }
        };
    }

    private static List<PropertySource<?>> sources(String name, String yaml) {
        try {
            return new YamlPropertySourceLoader()
                    .load(name, new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
