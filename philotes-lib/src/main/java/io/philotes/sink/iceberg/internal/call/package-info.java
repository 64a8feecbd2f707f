// SPDX-License-Identifier: Apache-2.0

/**
 * How the sink talks to catalog and storage without waiting for ever: on threads that can be given up. Knows no table. Start
 * with {@link io.philotes.sink.iceberg.internal.call.BoundedCalls}; what runs on a thread of its tells its steps to
 * {@link io.philotes.sink.iceberg.internal.call.Worker}.
 */
package io.philotes.sink.iceberg.internal.call;
