// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.terminal.Printable;
import io.philotes.runner.terminal.Terminal;
import java.net.BindException;

/** Says what failed: message and hint, and a stack trace only where it helps. */
final class FailureReport {

    private static final int INTERRUPTED = 130;

    private final Terminal terminal;
    private final boolean isVerbose;

    FailureReport(Terminal terminal, boolean isVerbose) {
        this.terminal = terminal;
        this.isVerbose = isVerbose;
    }

    /** Prints the failure and returns the exit code for it. */
    int report(Exception failure) {
        if (failure instanceof InterruptedException) {
            terminal.err().println("interrupted");
            return INTERRUPTED;
        }
        if (failure instanceof PhilotesException known) {
            terminal.err().println(Printable.lines(known.getMessage()));
            terminal.err().println("  hint  " + Printable.lines(known.hint()));
            if (isVerbose || known.code() == ErrorCode.DEFECT) {
                known.printStackTrace(terminal.err());
            }
            return exitCode(known);
        }
        terminal.err().println("A defect in Philotes; please report it with what follows.");
        failure.printStackTrace(terminal.err());
        return ExitCode.SOFTWARE;
    }

    private static int exitCode(PhilotesException known) {
        if (known.getCause() instanceof StatusException answer) {
            return answer.exitCode();
        }
        // Who has the server's port may let go of it.
        return known.getCause() instanceof BindException ? ExitCode.TEMPORARY : ExitCode.of(known.code());
    }
}
