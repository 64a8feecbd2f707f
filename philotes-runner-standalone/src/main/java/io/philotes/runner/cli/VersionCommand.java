// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code philotes version}. */
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Override
    public Integer call() {
        Versions versions = Versions.ofBuild();
        root.terminal()
                .out()
                .println(
                        root.json()
                                ? Json.line(versions)
                                : "philotes " + versions.philotes() + " (Iceberg " + versions.iceberg() + ", Java "
                                        + versions.java() + ")");
        return ExitCode.OK;
    }
}
