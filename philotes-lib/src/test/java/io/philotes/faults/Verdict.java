// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

/** How a run under faults came out; the later, the worse. */
enum Verdict {
    /** Target and source are equal, and no table snapshot on the way was wrong. */
    OK,
    /** Not equal, and the status names what and why; nothing is lost that can be read again. */
    LOUD,
    /** Says that it works and does not get there. */
    STUCK,
    /** Ended without a reason of the error catalogue. */
    CRASH,
    /** Not equal, or a snapshot was wrong, while all seems well. */
    SILENT;

    Verdict orWorse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
