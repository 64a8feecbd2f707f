// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.error.ErrorCode;
import io.philotes.runner.yaml.ConfigSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What this is, its contract and its error catalogue: for everybody. Immutable. */
final class InfoRoutes {

    private static final String CONTRACT = "philotes-v1.yaml";

    /** @param authentication {@code none} or {@code api-key} */
    record Info(String name, String version, String iceberg, String api, String authentication) {}

    /** One entry of the catalogue. */
    record CatalogueEntry(String code, String name, String recovery, String hint) {

        static CatalogueEntry of(ErrorCode code) {
            return new CatalogueEntry(
                    code.code(), code.name(), code.recovery().name().toLowerCase(Locale.ROOT), code.hint());
        }
    }

    /** Made when the first asks. */
    private static final class Schema {
        static final Map<String, Object> TREE = ConfigSchema.tree();
    }

    private final Info info;
    private final Answers answers;

    InfoRoutes(ServerVersions versions, boolean hasKeys, Answers answers) {
        this.info = new Info("philotes", versions.philotes(), versions.iceberg(), "v1", hasKeys ? "api-key" : "none");
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.open(Route.API + "/info", context -> answers.send(context, 200, info)),
                Route.open(
                        Route.API + "/errors",
                        context -> answers.send(
                                context,
                                200,
                                Map.of(
                                        "items",
                                        Arrays.stream(ErrorCode.values())
                                                .map(CatalogueEntry::of)
                                                .toList()))),
                Route.open(Route.API + "/schema/config.json", context -> answers.send(context, 200, Schema.TREE)),
                Route.open(Route.API + "/openapi.yaml", InfoRoutes::contract));
    }

    private static void contract(Context context) {
        try (InputStream in = InfoRoutes.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw Refusal.of(404, "this build was made without " + CONTRACT);
            }
            context.contentType(Answers.YAML).result(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
