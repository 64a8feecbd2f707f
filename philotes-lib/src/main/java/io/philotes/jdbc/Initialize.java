// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

/** Whether a store creates and upgrades its tables itself. */
public enum Initialize {
    /** It does, in one transaction, and needs the right to create. */
    ALWAYS,
    /** A person does, with the printed DDL; a start fails while something is missing. */
    NEVER
}
