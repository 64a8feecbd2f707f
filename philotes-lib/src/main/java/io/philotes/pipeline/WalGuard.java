// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import java.util.Objects;

/**
 * How much WAL the pipeline's slot may keep on the source's disk before somebody is told, and what is done then. Immutable.
 *
 * @param warnRetainedBytes more is told as a warning
 * @param maxRetainedBytes more is told as critical, and acted on
 * @param onExceeded what is done at {@code maxRetainedBytes}
 */
public record WalGuard(long warnRetainedBytes, long maxRetainedBytes, OnExceeded onExceeded) {

    /** Two hours of a source that writes 300 KiB a second are told, ten hours are critical; nothing is ever dropped. */
    public static final WalGuard DEFAULT = new WalGuard(2L << 30, 10L << 30, OnExceeded.ALERT);

    /** What is done when too much is kept. */
    public enum OnExceeded {
        /** Tell. */
        ALERT,
        /**
         * The source is worth more than the copy: the slot is dropped, the pipeline ends with SLOT_LOST, and every table
         * must be copied again.
         */
        DROP_SLOT
    }

    public WalGuard {
        Objects.requireNonNull(onExceeded, "onExceeded");
        if (warnRetainedBytes <= 0 || maxRetainedBytes < warnRetainedBytes) {
            throw new IllegalArgumentException(
                    "max-retained must not be less than warn-retained, which must be more than zero");
        }
    }
}
