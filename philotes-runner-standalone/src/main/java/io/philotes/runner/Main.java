// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner;

import io.philotes.runner.cli.Cli;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs the command and ends the process with its exit code; threads of libraries must not keep it alive. */
    public static void main(String[] args) {
        System.exit(Cli.ofProcess().run(args));
    }
}
