// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.ApiKeyConfig;
import io.philotes.config.ServerAuthConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The keys of the server, of which only the hashes are kept: a key is 256 random bits, so a plain SHA-256 cannot be tried
 * out. Immutable.
 */
public final class ApiKeys {

    private static final String SCHEME = "Bearer ";
    private static final String PREFIX = "phk_";
    private static final int KEY_BYTES = 32;

    private record Known(Caller caller, byte[] hash) {}

    private final List<Known> known = new ArrayList<>();

    /** @throws PhilotesException INVALID_CONFIGURATION for a key that is too short */
    ApiKeys(ServerAuthConfig config) {
        config.apiKeys()
                .forEach((name, key) -> known.add(
                        new Known(new Caller(name, key.role()), HexFormat.of().parseHex(hashOf(name, key)))));
    }

    private static String hashOf(String name, ApiKeyConfig config) {
        return config.sha256().orElseGet(() -> {
            String key = config.key().orElseThrow().value();
            if (key.length() < ApiKeyConfig.MIN_LENGTH) {
                throw new PhilotesException(
                                ErrorCode.INVALID_CONFIGURATION,
                                "Cannot take the API key " + name + ": it has fewer than " + ApiKeyConfig.MIN_LENGTH
                                        + " characters")
                        .hinting("philotes key create " + name + " makes a good one");
            }
            return hash(key);
        });
    }

    /** A new key; it is nowhere but in the answer. */
    public static String random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the configuration holds of a key. */
    public static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    /** Whose key it is, compared in the same time whichever it is. @param header the Authorization header, or null */
    Optional<Caller> caller(String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        byte[] hash =
                HexFormat.of().parseHex(hash(header.substring(SCHEME.length()).trim()));
        Caller found = null;
        for (Known key : known) {
            found = MessageDigest.isEqual(key.hash(), hash) ? key.caller() : found;
        }
        return Optional.ofNullable(found);
    }
}
