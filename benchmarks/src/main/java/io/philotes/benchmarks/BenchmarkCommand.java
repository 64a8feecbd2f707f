// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.benchmarks.lake.DirectoryCopy;
import io.philotes.benchmarks.part.BufferKind;
import io.philotes.benchmarks.report.JsonReport;
import io.philotes.benchmarks.report.TextReport;
import io.philotes.benchmarks.result.Result;
import io.philotes.benchmarks.run.Benchmark;
import io.philotes.benchmarks.run.BenchmarkException;
import io.philotes.benchmarks.run.BenchmarkOptions;
import io.philotes.benchmarks.server.Source;
import io.philotes.benchmarks.suite.Benchmarks;
import io.philotes.benchmarks.suite.Machine;
import io.philotes.benchmarks.suite.PerformancePage;
import io.philotes.benchmarks.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = "Measures Philotes beside what the wire can carry, in one run on this machine.")
final class BenchmarkCommand implements Callable<Integer> {

    private static final String ALL = "all";
    private static final int QUICK_REPEATS = 3;
    private static final int REPEATS = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "What is measured, or all.")
    private String name;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "How many changes or rows; default what the benchmark finds right.")
    private Long rows;

    @Option(names = "--repeats", paramLabel = "N", description = "Default 5, with --quick 3.")
    private Integer repeats;

    @Option(
            names = "--buffer",
            paramLabel = "KIND",
            defaultValue = "memory",
            description = "memory, disk or postgres; default ${DEFAULT-VALUE}.")
    private BufferKind buffer;

    @Option(names = "--socket", description = "Philotes reads through the Unix socket; the limit stays on TCP.")
    private boolean usesSocket;

    @Option(
            names = "--streaming",
            description = "Philotes takes large transactions while they are open; the limit does not.")
    private boolean streams;

    @Option(names = "--no-debezium", description = "Leaves Debezium out.")
    private boolean withoutDebezium;

    @Option(
            names = "--commit-interval",
            paramLabel = "MS",
            description = "Milliseconds; default as Philotes or the benchmark has it.")
    private Long commitMillis;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Where a flight recording of Philotes goes.")
    private Path recording;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: nothing but the object; default ${DEFAULT-VALUE}.")
    private OutputFormat output;

    @Mixin
    private SourceOptions source;

    @Mixin
    private SuiteOptions suite;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where lake and server are while it runs; default the temporary directory.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** How results are printed. */
    enum OutputFormat {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        try {
            return name.equals(ALL) ? runAll() : runOne();
        } catch (BenchmarkException e) {
            err().println("benchmark: " + e.getMessage());
            return 1;
        }
    }

    private int runOne() throws IOException, SQLException, InterruptedException {
        Benchmark benchmark = Benchmarks.named(name).orElseThrow(this::unknown);
        Result result = benchmark.run(options(), err()::println);
        if (output == OutputFormat.TEXT) {
            out().print(TextReport.of(result));
        }
        out().println(JsonReport.of(result));
        return 0;
    }

    private int runAll() throws IOException, SQLException, InterruptedException {
        if (!suite.resumes()) {
            DirectoryCopy.remove(suite.results());
        }
        Machine machine = Machine.here(postgresVersion());
        Map<String, JsonNode> results =
                new Suite(suite.results(), suite.isQuick()).run(options(), suite::includes, err()::println);
        String how = options().repeats() + " repetitions" + (suite.isQuick() ? ", quick form" : "");
        PerformancePage.write(suite.page(), machine, how, results);
        if (output == OutputFormat.TEXT) {
            out().print(PerformancePage.figures(machine, how, results));
        }
        out().println(JsonReport.of(results));
        return results.values().stream().anyMatch(result -> result.has("failure")) ? 1 : 0;
    }

    private String postgresVersion() throws IOException, SQLException {
        Optional<Source> server = source.server();
        return server.isPresent() ? server.get().value("SHOW server_version") : Versions.postgres();
    }

    private ParameterException unknown() {
        List<String> names = Benchmarks.all().stream().map(Benchmark::name).toList();
        return new ParameterException(
                spec.commandLine(),
                "There is no benchmark " + name + ", but " + names.stream().collect(Collectors.joining(", "))
                        + ", all");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private BenchmarkOptions options() {
        int times = repeats != null ? repeats : suite.isQuick() ? QUICK_REPEATS : REPEATS;
        return new BenchmarkOptions(
                rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
                times,
                buffer,
                usesSocket,
                streams,
                withoutDebezium ? 0 : times,
                Optional.ofNullable(commitMillis).map(Duration::ofMillis),
                Optional.ofNullable(recording),
                source.server(),
                directory);
    }
}
