// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Kinds of state stores. */
public enum StateType {
    /** Files under the state directory. */
    FILE,
    /** With the tables, in the lake itself: nothing stays on this machine. */
    LAKE,
    /** Tables of a PostgreSQL database. */
    POSTGRES
}
