// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import picocli.CommandLine;

/** {@code bin/benchmark}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchmarkCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }
}
