// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.checkpoint.TableState;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * The process that is hurt: a pipeline, told what to do by lines on its input, telling what happens by lines on its output.
 * SIGTERM stops it in order.
 */
public final class FaultChild {

    static final String STATE = "@state ";
    static final String COMMITTED = "@committed ";
    static final String RETRYING = "@retrying ";
    static final String TABLE = "@table ";
    static final String STATUS = "@status ";
    static final String CAUGHT_UP = "@caughtup";
    static final String NOT_CAUGHT_UP = "@notcaughtup ";
    /** The last words: the pipeline's state and, of one that failed, why. */
    static final String ENDED = "@ended ";

    static final String ASK_STATUS = "status";
    static final String CATCH_UP = "catchup ";
    static final String RESYNC = "resync";

    private final ChildOptions options;
    private final AtomicLong commits = new AtomicLong();
    private Pipeline pipeline;

    private FaultChild(ChildOptions options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws Exception {
        new FaultChild(ChildOptions.parse(arguments)).run();
    }

    private void run() throws Exception {
        try (JdbcCatalog catalog = ChildTargets.catalog(options)) {
            pipeline = ChildParts.pipeline(options, catalog).listener(teller()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(pipeline::close));
            Thread commands = new Thread(this::obey, "commands");
            commands.setDaemon(true);
            commands.start();
            pipeline.awaitStopped();
            PipelineStatus end = pipeline.status();
            say(ENDED
                    + end.state()
                    + end.failure().map(f -> " " + oneLine(f.getMessage())).orElse(""));
        } catch (PhilotesException e) {
            say(ENDED + PipelineState.FAILED + " " + oneLine(e.getMessage()));
        }
    }

    private PipelineListener teller() {
        long copyAfter = options.number("copyAfterCommits");
        return new PipelineListener() {
            @Override
            public void stateChanged(String name, PipelineState from, PipelineState to) {
                say(STATE + to);
            }

            @Override
            public void tableStateChanged(
                    String name, String sink, TableId table, TableState from, TableState to, String reason) {
                say(TABLE + sink + " " + table + " " + to + " " + oneLine(reason));
            }

            @Override
            public void committed(String name, String sink, Lsn upTo, long rows) {
                say(COMMITTED + sink + " " + upTo + " " + rows);
                if (copyAfter > 0 && commits.incrementAndGet() % copyAfter == 0) {
                    pipeline.resync(List.of());
                }
            }

            @Override
            public void retrying(String name, String sink, PhilotesException failure) {
                say(RETRYING + sink + " " + oneLine(failure.getMessage()));
            }
        };
    }

    private void obey() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                obey(line);
            }
            Runtime.getRuntime().halt(1); // whoever started this is gone
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void obey(String line) throws InterruptedException {
        if (line.equals(ASK_STATUS)) {
            say(STATUS + text(pipeline.status()));
        } else if (line.equals(RESYNC)) {
            pipeline.resync(List.of());
        } else if (line.startsWith(CATCH_UP)) {
            catchUp(Duration.ofSeconds(Long.parseLong(line.substring(CATCH_UP.length()))));
        }
    }

    private void catchUp(Duration patience) throws InterruptedException {
        try {
            pipeline.runUntilCaughtUp(patience);
            say(CAUGHT_UP);
        } catch (PhilotesException e) {
            say(NOT_CAUGHT_UP + oneLine(e.getMessage()));
        }
    }

    /** The heap that is in use is what is left after a collection. */
    private static String text(PipelineStatus status) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return "state=" + status.state() + " received=" + status.positions().received() + " acknowledged="
                + status.positions().acknowledged() + " covered="
                + status.positions().covered() + " heapMiB="
                + ((runtime.totalMemory() - runtime.freeMemory()) >> 20) + " failure="
                + status.failure().map(f -> f.code().code()).orElse("none") + " tables="
                + status.sinks().stream().flatMap(FaultChild::tables).collect(Collectors.joining(","));
    }

    private static Stream<String> tables(SinkStatus sink) {
        return sink.tables().stream().map(t -> sink.name() + "/" + t.table() + ":" + t.state());
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
