// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.origin.Origin;

/**
 * Some sources of properties, the first one wins. Names are compared as Spring does, so that variables of the environment fit.
 * Used by one thread.
 */
final class PropertyScope {

    /** Says which sources are written for this application alone, so that an unknown name in them is a mistake. */
    private static final UnboundElementsSourceFilter WRITTEN = new UnboundElementsSourceFilter();

    private final List<ConfigurationPropertySource> sources;

    PropertyScope(Iterable<ConfigurationPropertySource> sources) {
        List<ConfigurationPropertySource> all = new ArrayList<>();
        sources.forEach(all::add);
        this.sources = List.copyOf(all);
    }

    Optional<ConfigurationProperty> find(ConfigurationPropertyName name) {
        return sources.stream()
                .flatMap(source -> Stream.ofNullable(source.getConfigurationProperty(name)))
                .findFirst();
    }

    boolean has(ConfigurationPropertyName name) {
        return sources.stream().anyMatch(source -> has(source, name));
    }

    private static boolean has(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        return source.getConfigurationProperty(name) != null
                || source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT;
    }

    /** The first source alone that has something of a list: lists of several sources are not mixed. */
    PropertyScope ofList(ConfigurationPropertyName name) {
        return new PropertyScope(
                sources.stream().filter(source -> has(source, name)).limit(1).toList());
    }

    /** Names under this one, those of files before those of the environment, which cannot say them exactly. */
    List<ConfigurationPropertyName> under(ConfigurationPropertyName name) {
        return Stream.concat(
                        names(name, sources.stream().filter(WRITTEN::apply)),
                        names(name, sources.stream().filter(source -> !WRITTEN.apply(source))))
                .toList();
    }

    /** The same, of files alone. */
    List<ConfigurationPropertyName> writtenUnder(ConfigurationPropertyName name) {
        return names(name, sources.stream().filter(WRITTEN::apply)).toList();
    }

    private static Stream<ConfigurationPropertyName> names(
            ConfigurationPropertyName name, Stream<ConfigurationPropertySource> sources) {
        return sources.filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(name::isAncestorOf);
    }

    /** The element of {@code descendant} right under {@code name}. */
    static String child(ConfigurationPropertyName name, ConfigurationPropertyName descendant) {
        return descendant.getElement(name.getNumberOfElements(), Form.ORIGINAL);
    }

    /** Where the property stands, or the first under it, or the nearest above it. */
    Optional<Origin> origin(ConfigurationPropertyName name) {
        for (ConfigurationPropertyName at = name; !at.isEmpty(); at = at.getParent()) {
            Optional<Origin> found = Stream.concat(Stream.of(at), under(at).stream())
                    .flatMap(candidate -> find(candidate).stream())
                    .flatMap(property -> Stream.ofNullable(property.getOrigin()))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
