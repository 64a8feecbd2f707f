// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks after tables between two commits, in a call of its own: that may take as long as it makes steps, and how it ends says
 * nothing of a commit that landed before. Used by the apply thread.
 */
final class TableTending {

    private final BoundedCalls calls;
    private final Runnable whenVoid;

    /** {@code whenVoid} is run when the state of the tables must not be used again. */
    TableTending(BoundedCalls calls, Runnable whenVoid) {
        this.calls = calls;
        this.whenVoid = whenVoid;
    }

    /**
     * Does what is ready in each of them; nothing of them is staged.
     *
     * @throws PhilotesException when the tables' state is void: they are to be resumed
     */
    void tend(List<MirroredTable> tables) throws InterruptedException {
        if (tables.isEmpty()) {
            return;
        }
        AtomicBoolean whole = new AtomicBoolean();
        try {
            calls.await(
                    ErrorCode.STORAGE_FAILED,
                    "tend tables",
                    () -> {
                        tables.forEach(MirroredTable::maintain);
                        whole.set(true);
                        return whole;
                    },
                    () -> whole.set(false));
        } catch (PhilotesException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PhilotesException(ErrorCode.STORAGE_FAILED, "Cannot tend tables: " + e.getMessage(), e);
        } finally {
            if (!whole.get()) {
                whenVoid.run();
            }
        }
    }
}
