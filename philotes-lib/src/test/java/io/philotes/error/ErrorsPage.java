// SPDX-License-Identifier: Apache-2.0
package io.philotes.error;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Writes {@code docs/reference/errors.md} from the catalogue. */
final class ErrorsPage {

    private static final String HEAD = """
            # Errors

            Every failure carries one of these codes. What follows it is decided in one place, by its recovery:

            | recovery | what the pipeline does |
            |---|---|
            """;

    private static final String CODES = """

            | code | name | recovery | what to do |
            |---|---|---|---|
            """;

    private ErrorsPage() {}

    static String text() {
        String recoveries =
                Arrays.stream(Recovery.values()).map(ErrorsPage::row).collect(Collectors.joining());
        String codes = Arrays.stream(ErrorCode.values())
                .sorted(Comparator.comparing(ErrorCode::code))
                .map(ErrorsPage::row)
                .collect(Collectors.joining());
        return HEAD + recoveries + CODES + codes;
    }

    private static String row(Recovery recovery) {
        return "| " + recovery + " | " + meaning(recovery) + " |\n";
    }

    private static String meaning(Recovery recovery) {
        return switch (recovery) {
            case RETRY -> "known not done, may pass: begins again with backoff, for as long as the retry policy allows";
            case RECONCILE -> "not known whether done: deletes nothing, asks the target, goes on from there";
            case DEAD_LETTER ->
                "this row never will: it is [set aside](../guides/dead-letters.md) where that was asked for; else its table"
                        + " is held until a person has looked";
            case HOLD_TABLE -> "this table needs a person: its changes wait in the buffer, the others go on";
            case STANDBY -> "another instance works: waits";
            case STOP -> "stops in order, FAILED, with the hint in the last log line";
        };
    }

    private static String row(ErrorCode code) {
        return "| " + code.code() + " | " + code + " | " + code.recovery() + " | " + code.hint() + " |\n";
    }
}
