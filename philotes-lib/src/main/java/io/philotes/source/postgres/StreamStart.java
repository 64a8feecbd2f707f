// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.Lsn;
import io.philotes.source.SourceIdentity;
import java.time.Duration;

/**
 * Where and by whom a stream was started. Immutable.
 *
 * @param from end of the last transaction that is not wanted again
 * @param confirmed the slot's confirmed position at the start
 * @param walsenderPid the server process at the other end
 * @param timeout after how long a silence that process ends; zero when it never does
 * @param identity what it said of itself
 */
record StreamStart(Lsn from, Lsn confirmed, int walsenderPid, Duration timeout, SourceIdentity identity) {}
