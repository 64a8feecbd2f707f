// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.terminal;

import java.io.PrintWriter;
import java.util.function.Function;

/**
 * Where a command writes to and what surrounds it. Immutable.
 *
 * @param out data
 * @param err words for people
 * @param environment gives a variable's value, or null
 * @param isInteractive whether a person watches
 */
public record Terminal(PrintWriter out, PrintWriter err, Function<String, String> environment, boolean isInteractive) {

    /** Whether colours may be used: a person watches and {@code NO_COLOR} is not set. */
    public boolean hasColour() {
        String noColour = environment.apply("NO_COLOR");
        return isInteractive && (noColour == null || noColour.isEmpty());
    }
}
