// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

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
record Terminal(PrintWriter out, PrintWriter err, Function<String, String> environment, boolean isInteractive) {

    boolean hasColour() {
        String noColour = environment.apply("NO_COLOR");
        return isInteractive && (noColour == null || noColour.isEmpty());
    }
}
