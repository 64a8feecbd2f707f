// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who may ask the HTTP server. Immutable.
 *
 * @param apiKeys keys by the name that logs show; default none, and then everybody who can connect may do everything
 */
public record ServerAuthConfig(Map<String, ApiKeyConfig> apiKeys) {

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,49}";

    public ServerAuthConfig {
        apiKeys = apiKeys == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(apiKeys));
        apiKeys.keySet().forEach(name -> {
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException("api-keys have names of letters, digits, '_' and '-', at most 50");
            }
        });
    }
}
