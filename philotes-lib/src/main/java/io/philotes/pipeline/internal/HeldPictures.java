// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The pictures of tables that an earlier process left in a durable buffer. The stream goes on behind them, so that its
 * Relation messages are understood by them and not by the older ones that stand in the sink. Stateless.
 */
final class HeldPictures {

    private static final String READER = "pictures";

    private HeldPictures() {}

    /** Tells the pictures behind a place, in their order; reads everything that is held there, once. */
    static void tell(ChangeBuffer buffer, Lsn after, Consumer<TablePicture> to) throws InterruptedException {
        try (BufferReader held = buffer.reader(READER, after)) {
            for (ChangeBatch batch = held.poll(Duration.ZERO); batch != null; batch = held.poll(Duration.ZERO)) {
                tell(batch.cursor(), to);
            }
        }
    }

    private static void tell(ChangeCursor cursor, Consumer<TablePicture> to) {
        while (cursor.next()) {
            if (cursor.kind() == ChangeCursor.Kind.NOTICE && cursor.notice() instanceof TableNotice.Picture picture) {
                to.accept(new TablePicture(cursor.relation(), picture.facts()));
            }
        }
    }
}
