// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

/**
 * A row reduced to two 128-bit hashes of its values as the target holds them: equal rows of source and target have equal
 * ones. Valid until its maker makes the next; confined to one thread.
 */
public interface DigestedRow {

    /** See {@link #keyLo}. */
    long keyHi();

    /** With {@link #keyHi}: of the key; of the whole row where the target has none. */
    long keyLo();

    /** See {@link #rowLo}. */
    long rowHi();

    /** With {@link #rowHi}: of all columns that are compared. */
    long rowLo();

    /** The key columns with their values, for people; where the target has no key, the row's hash. */
    String keyText();

    /** The key as the sink names it for rows that are set aside; empty where the target has no key. */
    String keyName();

    /** All compared columns with their values, for people who asked to see them. */
    String valuesText();
}
