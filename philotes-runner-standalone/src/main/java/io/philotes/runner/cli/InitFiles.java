// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.yaml.ConfigReader;
import io.philotes.source.postgres.PostgresSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The two files that {@code init} writes: never over others unless told so. For one thread. */
final class InitFiles {

    private final Path config;
    private final Path setup;
    private final boolean force;

    InitFiles(Path config, boolean force) {
        this.config = config;
        this.setup = config.resolveSibling("setup.sql");
        this.force = force;
    }

    /** @throws PhilotesException INVALID_CONFIGURATION when one is there and may not be overwritten */
    void requireRoom() {
        List<Path> there = Stream.of(config, setup).filter(Files::exists).toList();
        if (!there.isEmpty() && !force) {
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "Cannot write " + config + " and " + setup + ": there is " + there.get(0) + " already")
                    .hinting("name another file with --config, or overwrite with --force");
        }
    }

    /** Writes both, once the first can be read as every command reads it; says what comes next. */
    void write(Draft draft, RootCommand root) {
        String yaml = DraftYaml.of(draft);
        PhilotesConfig read = new ConfigReader(root.terminal().environment()).readText(config.toString(), yaml);
        try (PipelineFactory factory = new PipelineFactory(read)) {
            String sql = factory.setupSql(draft.pipeline()).text() + "\n" + PostgresSource.schemaTrackingSql();
            Files.createDirectories(directory());
            Files.writeString(setup, sql);
            Files.writeString(config, yaml);
        } catch (IOException e) {
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION, "Cannot write " + config + " and " + setup + ": " + e, e)
                    .hinting("choose a place that can be written to with --config");
        }
        sayWhatIsNext(draft, root.terminal().out());
    }

    private Path directory() {
        return config.toAbsolutePath().normalize().getParent();
    }

    /** Beside the configuration, wherever the process is started. */
    String stateDirectory() {
        return directory().resolve(".philotes").toString();
    }

    private void sayWhatIsNext(Draft draft, PrintWriter out) {
        String database = "postgresql://" + draft.server();
        String option = config.equals(Path.of("philotes.yaml")) ? "" : " --config " + config;
        out.println("Wrote " + config + " and " + setup + ". Next:");
        out.println(
                "  psql -v ON_ERROR_STOP=1 -d " + database + " -f " + setup + "   # as a superuser: -U postgres, say");
        out.println("  psql -d " + database + " -c '\\password " + draft.username() + "'   # likewise");
        out.println("  export " + draft.passwordVariable() + "=...");
        out.println("  philotes check" + option);
        out.println("  philotes run" + option);
    }
}
