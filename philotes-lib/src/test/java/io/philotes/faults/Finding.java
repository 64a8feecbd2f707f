// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

/** A verdict and what it rests on. Immutable. */
record Finding(Verdict verdict, String detail) {

    static final Finding OK = new Finding(Verdict.OK, "");

    Finding and(String more) {
        return new Finding(verdict, detail.isEmpty() ? more : detail + "; " + more);
    }

    /** Both together: the worse verdict with its detail first. */
    Finding and(Finding other) {
        return other.verdict.compareTo(verdict) > 0
                ? other.detail.isEmpty() ? other.and(detail) : new Finding(other.verdict, other.detail).and(detail)
                : other.detail.isEmpty() ? this : and(other.detail);
    }
}
