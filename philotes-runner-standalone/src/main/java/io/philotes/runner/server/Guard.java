// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.config.ApiRole;
import io.philotes.config.ServerConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who is answered. Web pages are not, for any page in a browser on this machine may send here: what has an Origin is
 * refused. Where there are no keys, so is a Host that is not this machine's, under which a page's own name would lead here.
 * Immutable.
 */
final class Guard {

    private static final Set<String> OWN_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String CALLER = "philotes.caller";

    private final ApiKeys keys;

    Guard(ServerConfig config) {
        this.keys = new ApiKeys(config.auth());
    }

    boolean hasKeys() {
        return !keys.isEmpty();
    }

    /** @throws Refusal for whoever may not */
    void admit(Route route, Context context) {
        if (context.header("Origin") != null) {
            throw Refusal.of(403, "web pages are not answered");
        }
        Optional<Caller> caller = keys.isEmpty() ? local(context) : keys.caller(context.header("Authorization"));
        caller.ifPresent(known -> context.attribute(CALLER, known));
        route.role().ifPresent(needed -> {
            if (caller.isEmpty()) {
                context.header("WWW-Authenticate", "Bearer");
                throw noKey(context.header("Authorization") != null);
            }
            if (!caller.get().role().covers(needed)) {
                throw Refusal.of(
                        403,
                        "the key '" + caller.get().name() + "' is for a "
                                + word(caller.get().role()) + "; this needs an " + word(needed));
            }
        });
        if (!route.takes(context.contentType())) {
            throw Refusal.of(
                    415,
                    "the body must be " + String.join(" or ", route.bodies()),
                    "send that as Content-Type, also without a body: what a web page may send by itself is refused");
        }
    }

    private static Refusal noKey(boolean sent) {
        return sent
                ? Refusal.of(
                        401,
                        "the API key is not known here",
                        "send one of server.auth.api-keys as Authorization: Bearer phk_…, see PHILOTES_KEY; a new one"
                                + " counts from the next start on")
                : Refusal.of(401, "an API key is needed", "send it as Authorization: Bearer phk_…; see PHILOTES_KEY");
    }

    private static String word(ApiRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Caller> local(Context context) {
        String host = String.valueOf(context.host()).replaceFirst(":[0-9]+$", "");
        if (!OWN_HOSTS.contains(host)) {
            throw Refusal.of(403, "without API keys, only this machine's own names are answered, not '" + host + "'");
        }
        return Optional.of(Caller.LOCAL);
    }

    /** Who asks; empty for somebody without a key. */
    static Optional<Caller> caller(Context context) {
        return Optional.ofNullable(context.attribute(CALLER));
    }
}
