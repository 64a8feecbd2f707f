// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.PhilotesException;
import java.util.List;

/** A request is not done; thrown by handlers, answered as a {@link ProblemJson}. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String hint;
    private final transient List<ProblemJson.Fault> faults;

    private Refusal(int status, String code, String detail, String hint, List<ProblemJson.Fault> faults) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.hint = hint;
        this.faults = List.copyOf(faults);
    }

    static Refusal of(int status, String detail) {
        return new Refusal(status, null, detail, null, List.of());
    }

    static Refusal of(int status, String detail, String hint) {
        return new Refusal(status, null, detail, hint, List.of());
    }

    /** With the catalogue's number, and more behind the failure's own words. */
    static Refusal of(PhilotesException failure, String more) {
        return new Refusal(
                ProblemJson.status(failure.code()),
                failure.code().code(),
                failure.getMessage() + more,
                failure.hint(),
                List.of());
    }

    /** For a body that does not fit. */
    static Refusal of(List<ProblemJson.Fault> faults, String hint) {
        ProblemJson.Fault first = faults.get(0);
        String detail = "the body does not fit: " + first.pointer() + " " + first.message();
        return new Refusal(400, null, detail, hint, faults);
    }

    ProblemJson problem(String instance) {
        return new ProblemJson(
                "about:blank",
                ProblemJson.title(status),
                status,
                code,
                getMessage(),
                hint,
                instance,
                faults.isEmpty() ? null : faults);
    }
}
