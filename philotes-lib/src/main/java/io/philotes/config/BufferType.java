// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Kinds of buffers. */
public enum BufferType {
    /** Files under the state directory: PostgreSQL may forget what is there. */
    DISK,
    /** Bounded in memory: PostgreSQL keeps what is not committed. */
    MEMORY,
    /** Tables of a PostgreSQL database: what is there survives the machine that the process runs on. */
    POSTGRES
}
