// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks;

import io.philotes.benchmarks.part.BufferKind;
import io.philotes.benchmarks.report.JsonReport;
import io.philotes.benchmarks.report.Result;
import io.philotes.benchmarks.report.TextReport;
import io.philotes.benchmarks.run.BenchmarkOptions;
import io.philotes.benchmarks.run.DrainBenchmark;
import io.philotes.benchmarks.server.Source;
import io.philotes.benchmarks.workload.Workload;
import io.philotes.benchmarks.workload.Workloads;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "What is measured, or all.")
    private String name;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "How many changes or rows; each workload has its own default.")
    private Long rows;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "5", description = "Default ${DEFAULT-VALUE}.")
    private int repeats;

    @Option(
            names = "--buffer",
            paramLabel = "KIND",
            defaultValue = "memory",
            description = "memory, disk or postgres; default ${DEFAULT-VALUE}.")
    private BufferKind buffer;

    @Option(names = "--commit-interval", paramLabel = "MS", description = "Milliseconds; default as Philotes has it.")
    private Long commitMillis;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Where a flight recording of Philotes goes.")
    private Path recording;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json; default ${DEFAULT-VALUE}.")
    private OutputFormat output;

    @Option(
            names = "--source-url",
            paramLabel = "URL",
            description = "JDBC URL of a PostgreSQL that may be written to; default one of our own.")
    private String sourceUrl;

    @Option(
            names = "--source-user",
            paramLabel = "NAME",
            defaultValue = "postgres",
            description = "Its password is taken from PGPASSWORD; default ${DEFAULT-VALUE}.")
    private String sourceUser;

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
    public Integer call() throws Exception {
        Workload workload = Workloads.named(name)
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "There is no benchmark " + name));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        DrainBenchmark benchmark = new DrainBenchmark(options(), workload, err::println);
        Result result = new Result(workload.name(), variant(), benchmark.run(), Optional.empty());
        if (output == OutputFormat.TEXT) {
            out.print(TextReport.of(result));
        }
        out.println(JsonReport.of(result));
        return 0;
    }

    private String variant() {
        return buffer == BufferKind.MEMORY ? "" : "buffer " + buffer.name().toLowerCase(java.util.Locale.ROOT);
    }

    private BenchmarkOptions options() {
        return new BenchmarkOptions(
                rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
                repeats,
                buffer,
                Optional.ofNullable(commitMillis).map(Duration::ofMillis),
                Optional.ofNullable(recording),
                Optional.ofNullable(sourceUrl).map(this::source),
                directory);
    }

    private Source source(String url) {
        String password = System.getenv().getOrDefault("PGPASSWORD", "");
        return new Source(url, sourceUser, password, false);
    }
}
