// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import java.time.Duration;

/**
 * A transaction that keeps every slot of the server where it is, however fast its reader. Immutable.
 *
 * @param what such as {@code prepared transaction "x"} or {@code session 4711}; holds no statement and no value
 * @param prepared whether it waits for COMMIT PREPARED, which no end of a session brings about
 * @param age since when
 */
public record SlotHolder(String what, boolean prepared, Duration age) {}
