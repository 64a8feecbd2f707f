// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.internal.ByteText;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import io.philotes.runner.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shows statuses again and again: drawn anew on a terminal, a line for each pipeline elsewhere. For one thread. */
final class StatusWatch {

    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Terminal terminal;
    private final Paint paint;
    private final boolean json;
    private boolean begun;

    StatusWatch(Terminal terminal, Paint paint, boolean json) {
        this.terminal = terminal;
        this.paint = paint;
        this.json = json;
    }

    /** What is watched. */
    @FunctionalInterface
    interface Look {
        JsonNode pipelines() throws InterruptedException;
    }

    /**
     * Until interrupted, or until nobody reads any more; Ctrl-C ends the process. A server that went away is told, and asked again.
     *
     * @throws PhilotesException when the first look fails
     */
    void run(Look look, Duration interval) throws InterruptedException {
        show(look.pipelines());
        CountDownLatch never = new CountDownLatch(1);
        while (!terminal.out().checkError() && !never.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                show(look.pipelines());
            } catch (PhilotesException e) {
                terminal.err().println(now() + " " + e.getMessage());
            }
        }
    }

    private void show(JsonNode pipelines) {
        PrintWriter out = terminal.out();
        if (json) {
            out.println(pipelines);
        } else if (terminal.isInteractive()) {
            draw(pipelines);
        } else {
            pipelines.forEach(pipeline -> out.println(line(pipeline)));
        }
        out.flush();
    }

    private void draw(JsonNode pipelines) {
        StringWriter text = new StringWriter();
        new StatusText(new PrintWriter(text, true), paint).print(pipelines);
        PrintWriter out = terminal.out();
        out.print(begun ? HOME : HOME + CLEAR_BELOW);
        out.print(now() + "   Ctrl-C ends this view, not the pipelines" + CLEAR_LINE + "\n");
        text.toString().lines().forEach(line -> out.print(line + CLEAR_LINE + "\n"));
        out.print(CLEAR_BELOW);
        begun = true;
    }

    private static String line(JsonNode pipeline) {
        int streaming = 0;
        int tables = 0;
        for (JsonNode table : pipeline.path("tables")) {
            tables++;
            streaming += table.path("state").asText().equals("STREAMING") ? 1 : 0;
        }
        String failure = Printable.of(pipeline.path("failure").path("message").asText(""));
        return String.join(
                " ",
                now(),
                pipeline.path("pipeline").asText(),
                pipeline.path("state").asText(),
                "lag " + pipeline.path("lagMillis").asLong() + " ms",
                ByteText.of(pipeline.path("lagBytes").asLong()) + ",",
                pipeline.path("changesReceived").asLong() + " changes,",
                pipeline.path("commits").asLong() + " commits,",
                streaming + " of " + tables + " tables streaming" + (failure.isEmpty() ? "" : ": " + failure));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
