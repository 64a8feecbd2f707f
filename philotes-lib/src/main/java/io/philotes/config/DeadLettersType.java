// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Kinds of dead-letter queues. */
public enum DeadLettersType {
    /** A file for each pipeline under the state directory. */
    FILE,
    /** A table of a PostgreSQL database. */
    POSTGRES
}
