// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.terminal;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.function.Function;

/**
 * Where a command writes to and what surrounds it. Immutable.
 *
 * @param in what a person types
 * @param out data
 * @param err words for people
 * @param environment gives a variable's value, or null
 * @param isInteractive whether a person watches {@code out}, and types
 * @param showsProgress whether a person watches {@code err}, and nothing else is written there
 */
public record Terminal(
        BufferedReader in,
        PrintWriter out,
        PrintWriter err,
        Function<String, String> environment,
        boolean isInteractive,
        boolean showsProgress) {

    /** Where nobody types, and progress is shown to whoever watches. */
    public Terminal(PrintWriter out, PrintWriter err, Function<String, String> environment, boolean isInteractive) {
        this(new BufferedReader(Reader.nullReader()), out, err, environment, isInteractive, isInteractive);
    }

    /** Whether colours may be used: a person watches and {@code NO_COLOR} is not set. */
    public boolean hasColour() {
        String noColour = environment.apply("NO_COLOR");
        return isInteractive && (noColour == null || noColour.isEmpty());
    }
}
