// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.internal.RecentBatches;

/**
 * What is known of what a buffer holds, and how it goes in.
 *
 * @param contents of the tables
 * @param recent what is in memory as well
 * @param encoding of batches that go in
 */
record Held(SharedContents contents, RecentBatches recent, BatchBytes encoding) {}
