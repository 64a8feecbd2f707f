// SPDX-License-Identifier: Apache-2.0
package io.philotes.error;

/** What may be done about a failure; one switch in the engine acts on it. */
public enum Recovery {
    /** Known not done, may pass: try again with backoff, bounded. */
    RETRY,
    /** Not known whether done: delete nothing, ask the sink, go on from there. */
    RECONCILE,
    /** This row never will: set it aside, or hold its table where nothing takes it. */
    DEAD_LETTER,
    /** This table needs a person: its changes wait, the others go on. */
    HOLD_TABLE,
    /** Another instance works on it: wait, do not fail. */
    STANDBY,
    /** Everything stops, in order. */
    STOP
}
