// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** Asks a person, who may just press Enter; asks nobody where nobody types. For one thread. */
final class Questions {

    private final Terminal terminal;
    private final boolean asks;

    Questions(Terminal terminal, boolean asks) {
        this.terminal = terminal;
        this.asks = asks;
    }

    /**
     * What was given, else what a person answers, else what goes without saying.
     *
     * @param given null when it is to be asked for
     * @param unsaid null when there must be an answer
     * @param check makes the answer of what was typed; an IllegalArgumentException of it is told, and the question comes again
     * @throws IllegalArgumentException when nobody answers a question that must be, or what was given is refused
     * @throws InterruptedException when the person goes away
     */
    String answer(String question, String given, String unsaid, UnaryOperator<String> check)
            throws InterruptedException {
        if (given != null) {
            return check.apply(given);
        }
        while (asks) {
            String typed = typed(question, unsaid);
            try {
                if (!typed.isEmpty() || unsaid != null) {
                    return check.apply(typed.isEmpty() ? unsaid : typed);
                }
            } catch (IllegalArgumentException e) {
                terminal.err().println("  " + e.getMessage());
            }
        }
        if (unsaid == null) {
            throw new IllegalArgumentException("nobody is here to be asked: " + question);
        }
        return check.apply(unsaid);
    }

    private String typed(String question, String unsaid) throws InterruptedException {
        terminal.err().print(question + (unsaid == null ? "" : " [" + unsaid + "]") + ": ");
        terminal.err().flush();
        try {
            String line = terminal.in().readLine();
            if (line == null) {
                throw new InterruptedException("the questions were broken off");
            }
            return line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
