// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.ChangeEvent;
import io.philotes.model.Row;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Writes down what a consumer hears of {@code told(id, ver)}: a line for each process, then one for each change, written at once, so
 * that only the last can be cut short when the process is killed.
 */
final class ToldFile implements Consumer<ChangeEvent> {

    static final String BEGINNING = "begins";

    private final OutputStream file;

    ToldFile(Path path) {
        try {
            file = new FileOutputStream(path.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What was cut short ends here.
        write("\n" + BEGINNING + "\n");
    }

    @Override
    public void accept(ChangeEvent event) {
        if (!event.table().name().equals(ToldChanges.TABLE.name())) {
            return;
        }
        String change;
        if (event instanceof ChangeEvent.Insert insert) {
            change = "put " + text(insert.row());
        } else if (event instanceof ChangeEvent.Update update) {
            change = "put " + text(update.after());
        } else if (event instanceof ChangeEvent.Delete delete) {
            change = "delete " + delete.before().longValue("id");
        } else {
            throw new IllegalStateException("nobody empties this table");
        }
        write(event.origin().at().commitLsn().value() + " "
                + event.origin().at().ordinal() + " " + change + " .\n");
    }

    private static String text(Row row) {
        return row.longValue("id") + " " + row.longValue("ver");
    }

    private void write(String text) {
        try {
            file.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
