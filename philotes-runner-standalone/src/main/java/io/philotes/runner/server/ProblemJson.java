// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.philotes.error.ErrorCode;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What is wrong with a request, as RFC 9457 has it. Immutable.
 *
 * @param type always {@code about:blank}: the title says it all
 * @param title the status in words
 * @param status the HTTP status
 * @param code the error catalogue's number, null where it has none
 * @param detail what is wrong with this one
 * @param hint what to do, null where there is nothing
 * @param instance the path that was asked
 * @param errors what is wrong with the body, part by part; null where it is not the body
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProblemJson(
        String type,
        String title,
        int status,
        String code,
        String detail,
        String hint,
        String instance,
        List<Fault> errors) {

    static final String CONTENT_TYPE = "application/problem+json";

    /**
     * One part of a body.
     *
     * @param pointer where, as RFC 6901 has it; empty for the whole
     * @param message what is wrong there
     */
    record Fault(String pointer, String message) {}

    static String title(int status) {
        return HttpStatus.getMessage(status);
    }

    /** Whether it is the request, the pipeline's state or something behind it that is in the way. */
    static int status(ErrorCode code) {
        return switch (code) {
            case TABLE_MISSING -> 404;
            case NOT_RUNNING, SLOT_IN_USE, BUFFER_IN_USE -> 409;
            case INVALID_CONFIGURATION -> 422;
            case DEFECT -> 500;
            default -> 503;
        };
    }
}
