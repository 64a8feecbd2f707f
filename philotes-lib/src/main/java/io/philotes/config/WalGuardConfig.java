// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.pipeline.WalGuard;

/**
 * How much WAL the slot may keep on the source's disk; the defaults are those of {@link WalGuard#DEFAULT}. Immutable.
 *
 * @param warnRetained more is told as a warning
 * @param maxRetained more is told as critical, and acted on
 * @param onExceeded what is done at {@code maxRetained}: {@code alert}, or {@code drop-slot}
 */
public record WalGuardConfig(ByteSize warnRetained, ByteSize maxRetained, WalGuard.OnExceeded onExceeded) {

    public WalGuardConfig {
        warnRetained = warnRetained == null ? new ByteSize(WalGuard.DEFAULT.warnRetainedBytes()) : warnRetained;
        maxRetained = maxRetained == null
                ? new ByteSize(Math.max(warnRetained.bytes(), WalGuard.DEFAULT.maxRetainedBytes()))
                : maxRetained;
        onExceeded = onExceeded == null ? WalGuard.DEFAULT.onExceeded() : onExceeded;
        if (maxRetained.bytes() < warnRetained.bytes()) {
            throw new IllegalArgumentException("max-retained must not be less than warn-retained");
        }
    }

    WalGuard guard() {
        return new WalGuard(warnRetained.bytes(), maxRetained.bytes(), onExceeded);
    }
}
