// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples;

import io.philotes.Philotes;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.ChangeEvent;
import io.philotes.pipeline.Pipeline;
import io.philotes.sink.Sinks;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Reacts to the changes of a table, without any lake: {@code Reactions <url> <user> <password> <directory>}. */
public final class Reactions {

    private Reactions() {}

    /** Follows the changes until the process is ended. */
    public static void main(String[] args) throws InterruptedException {
        try (Pipeline pipeline = follow(args[0], args[1], args[2], Path.of(args[3]), System.out::println)) {
            pipeline.awaitStopped();
        }
    }

    /** Starts to tell what happens to the orders from now on; what was told is remembered in the directory. */
    static Pipeline follow(String url, String user, String password, Path directory, Consumer<String> told) {
        var pg = PostgresSource.builder(url)
                .credentials(user, password)
                .sslMode(SslMode.PREFER)
                .tables("public.orders")
                .build();
        return Philotes.source(pg)
                .checkpoints(FileCheckpointStore.at(directory)) // how far the consumer is: it cannot know
                .commitInterval(Duration.ofMillis(500)) // how often that is saved; changes are handed over at once
                .sink("reactions", Sinks.forEach(change -> told.accept(sentence(change))))
                .start();
    }

    /** After a crash some come again, with the same {@code change.origin().at()}: a mail would want to look at it. */
    private static String sentence(ChangeEvent change) {
        if (change instanceof ChangeEvent.Insert insert) {
            var order = insert.row();
            return "order " + order.text("id") + ": " + order.decimalValue("amount") + " by customer "
                    + order.longValue("customer");
        }
        if (change instanceof ChangeEvent.Update update) {
            return "order " + update.after().text("id") + " is "
                    + update.after().decimalValue("amount") + " now";
        }
        if (change instanceof ChangeEvent.Delete delete) {
            return "order " + delete.before().text("id") + " is cancelled"; // of the old row only the key is sent
        }
        return "all orders are gone";
    }
}
