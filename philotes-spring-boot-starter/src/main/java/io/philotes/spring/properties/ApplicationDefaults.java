// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.properties;

import io.philotes.config.CatalogConfig;
import io.philotes.config.CatalogType;
import io.philotes.config.DestinationConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.Ref;
import io.philotes.config.Secret;
import io.philotes.config.SourceConfig;
import io.philotes.config.StateConfig;
import io.philotes.config.StateType;
import io.philotes.spring.PhilotesSourceConnectionDetails;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What the application has already, so that its properties need not say it. Used by one thread. */
public final class ApplicationDefaults {

    /** Stands where the application's own catalog is meant; no catalog is ever opened by it. */
    public static final CatalogConfig OWN_CATALOG =
            new CatalogConfig(CatalogType.LOCAL, null, "the application's catalog", null, null, null, null, null);

    private final Optional<PhilotesSourceConnectionDetails> details;
    private final boolean hasCatalog;

    /**
     * @param details where a source without a url is; empty when nothing says so
     * @param hasCatalog whether the application has a catalog of its own
     */
    public ApplicationDefaults(Optional<PhilotesSourceConnectionDetails> details, boolean hasCatalog) {
        this.details = details;
        this.hasCatalog = hasCatalog;
    }

    /**
     * Adds what a record lacks.
     *
     * @param given the keys that the properties have
     * @param read reads another part as if its property had been there
     * @param values by key, to be added to
     * @return what is wrong, if anything
     */
    Optional<String> complete(
            Class<?> type, Set<String> given, BiFunction<String, Class<?>, Object> read, Map<String, Object> values) {
        if (type == PipelineConfig.class) {
            completePipeline(given, read, values);
        } else if (type == DestinationConfig.class && !given.contains("catalog") && hasCatalog) {
            values.put("catalog", OWN_CATALOG);
        } else if (type == SourceConfig.class && !given.contains("url")) {
            return completeDatabase(given, values, false);
        } else if (type == StateConfig.class && values.get("type") == StateType.POSTGRES && !given.contains("url")) {
            return completeDatabase(given, values, true);
        }
        return Optional.empty();
    }

    private void completePipeline(
            Set<String> given, BiFunction<String, Class<?>, Object> read, Map<String, Object> values) {
        if (!given.contains("source")) {
            Object source = read.apply("source", SourceConfig.class);
            values.put("source", source == null ? null : Ref.inline(source));
        }
        if (!given.contains("destination") && !given.contains("destinations") && hasCatalog) {
            values.put("destination", Optional.of(Ref.inline(new DestinationConfig(null, OWN_CATALOG, null))));
        }
    }

    private Optional<String> completeDatabase(Set<String> given, Map<String, Object> values, boolean optional) {
        if (details.isEmpty()) {
            return Optional.of(
                    "the key 'url' is missing, and the application has no DataSource settings to take it from");
        }
        PhilotesSourceConnectionDetails application = details.get();
        Optional<JdbcUrl> url = JdbcUrl.of(application.getJdbcUrl());
        if (url.isEmpty()) {
            return Optional.of("the key 'url' is missing, and the application's DataSource is not one of PostgreSQL");
        }
        String plain = url.get().withoutParameters();
        values.put("url", optional ? Optional.of(plain) : plain);
        if (!given.contains("username")) {
            Optional<String> user =
                    Optional.ofNullable(application.getUsername()).or(url.get()::user);
            values.put("username", optional ? user : user.orElse(null));
        }
        if (!given.contains("password")) {
            values.put("password", password(application, url.get()));
        }
        if (!given.contains("ssl")) {
            values.put(
                    "ssl", optional ? Optional.of(url.get().ssl()) : url.get().ssl());
        }
        return Optional.empty();
    }

    /** One that the application is asked for anew each time, for it may be another one later. */
    private static Optional<Secret> password(PhilotesSourceConnectionDetails application, JdbcUrl url) {
        return application.getPassword() == null
                ? url.password()
                : Optional.of(Secret.from(
                        () -> Optional.ofNullable(application.getPassword()).orElse("")));
    }
}
