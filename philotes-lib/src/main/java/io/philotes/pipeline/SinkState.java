// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

/** Where one sink of a pipeline stands. The tables in it have states of their own. */
public enum SinkState {
    /** Not opened yet. */
    STARTING,
    /** Takes what comes. */
    RUNNING,
    /** Something failed that may pass: it is tried again; the other sinks go on, and its changes are kept. */
    RETRYING,
    /** Failed for good in this run; the other sinks go on, and its changes are kept up to the buffer's limit. */
    FAILED,
    /** At its end, in order. */
    STOPPED
}
