// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** The endpoint's orders over HTTP, where what there is not is 404, and what cannot be now is said. Thread-safe. */
@EndpointWebExtension(endpoint = PhilotesEndpoint.class)
public final class PhilotesEndpointWebExtension {

    private static final int CONFLICT = 409;

    private final PhilotesEndpoint endpoint;

    public PhilotesEndpointWebExtension(PhilotesEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** See {@link PhilotesEndpoint#order}. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> order(@Selector String pipeline, String state) {
        return answer(() -> endpoint.order(pipeline, state));
    }

    /** See {@link PhilotesEndpoint#letters}. */
    @WriteOperation
    public WebEndpointResponse<Map<String, Object>> letters(
            @Selector String pipeline, @Selector String section, String action, @Nullable String table) {
        return answer(() -> endpoint.letters(pipeline, section, action, table));
    }

    private static WebEndpointResponse<Map<String, Object>> answer(Supplier<Map<String, Object>> order) {
        try {
            Map<String, Object> answer = order.get();
            return answer == null
                    ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                    : new WebEndpointResponse<>(answer);
        } catch (PhilotesException e) {
            int status = e.code() == ErrorCode.NOT_RUNNING ? CONFLICT : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE;
            return new WebEndpointResponse<>(
                    Map.of("code", e.code().code(), "message", e.getMessage(), "hint", e.hint()), status);
        }
    }
}
