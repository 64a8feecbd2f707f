// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.ChangeEvent;
import java.util.function.Consumer;

/** Sinks that need no target of their own. Stateless; what it makes belongs to one pipeline. */
public final class Sinks {

    private Sinks() {}

    /**
     * Hands every change to a consumer in this process, one after the other in commit order, on the sink's own thread. It
     * begins with the changes of now, without a copy of the rows that are there.
     *
     * <p>At least once: it keeps no position of its own, so that after a failure or a crash changes since the last checkpoint
     * come again, with the same {@link ChangeEvent.Origin#at}. What the consumer throws ends nothing but this sink's try: the
     * change comes again after a pause, as the pipeline's retry policy says. While it is slow or fails its changes wait in the
     * buffer.
     *
     * @param consumer called by one thread at a time
     */
    public static Sink forEach(Consumer<ChangeEvent> consumer) {
        return new ConsumerSink(consumer);
    }
}
