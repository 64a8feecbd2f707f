// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes dlq export}. */
@Command(
        name = "export",
        description = "Writes rows that were set aside, with all that they hold, into an Avro container file.")
final class DlqExportCommand implements Callable<Integer> {

    @ParentCommand
    private DlqCommand dlq;

    @Mixin
    private LetterOptions options;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            required = true,
            description = "The file; one that is there is replaced.")
    private Path file;

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = dlq.root();
        try (LetterAccess letters = options.open(root)) {
            export(root, letters);
        } catch (IOException e) {
            throw new PhilotesException(ErrorCode.INVALID_CONFIGURATION, "Cannot write " + file + ": " + e, e)
                    .hinting("name a file in a directory that is there and can be written to, with room");
        }
        return ExitCode.OK;
    }

    private void export(RootCommand root, LetterAccess letters) throws InterruptedException, IOException {
        // Beside it, readable for its owner alone, and in its place once it is whole.
        Path whole = file.toAbsolutePath();
        Path part = Files.createTempFile(whole.getParent(), ".philotes", ".avro");
        try {
            long count = letters.export(options.filter(), part);
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            root.terminal()
                    .out()
                    .println(
                            root.json()
                                    ? Json.line(Map.of("file", whole.toString(), "count", count))
                                    : count + " dead letters are in " + file);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
