// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import picocli.CommandLine;

/** {@code bin/benchmark}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new BenchmarkCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(commandLine.execute(args));
    }
}
