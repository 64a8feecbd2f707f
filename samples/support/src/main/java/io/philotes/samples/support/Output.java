// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a program prints on its standard output. Only one at a time can be listened to. */
public final class Output {

    private Output() {}

    /** A program. */
    public interface Program {

        /** Runs it to its end. */
        void run() throws Exception;
    }

    /** Runs a program and gives what it printed. */
    public static String of(Program program) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
