// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

/** A byte offset in a segment file. */
record Place(long segment, long offset) implements Comparable<Place> {

    static final Place NONE = new Place(0, 0);

    boolean isNone() {
        return segment == 0;
    }

    @Override
    public int compareTo(Place other) {
        return segment != other.segment ? Long.compare(segment, other.segment) : Long.compare(offset, other.offset);
    }
}
