// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

/** Tells where a key's row is. */
@FunctionalInterface
interface KeyLookup {

    /** The key's location, {@link KeyIndex#NOT_FOUND} when it has none. */
    long find(long hi, long lo);
}
