// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.philotes.error.PhilotesException;

/**
 * What is wrong with a request, as RFC 9457 has it. Immutable.
 *
 * @param type always {@code about:blank}: the title says it all
 * @param title the status in words
 * @param status the HTTP status
 * @param code the error catalogue's number, null where it has none
 * @param detail what is wrong with this one
 * @param hint what to do, null where there is nothing
 * @param instance what was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProblemJson(String type, String title, int status, String code, String detail, String hint, String instance) {

    static final String CONTENT_TYPE = "application/problem+json";

    static ProblemJson of(int status, String title, String detail, String instance) {
        return new ProblemJson("about:blank", title, status, null, detail, null, instance);
    }

    static ProblemJson of(int status, String title, PhilotesException failure, String more, String instance) {
        return new ProblemJson(
                "about:blank",
                title,
                status,
                failure.code().code(),
                failure.getMessage() + more,
                failure.hint(),
                instance);
    }
}
