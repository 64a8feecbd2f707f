// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

/** A verdict and what it rests on. Immutable. */
record Finding(Verdict verdict, String detail) {

    static final Finding OK = new Finding(Verdict.OK, "");

    /** What comes next, if all is well so far. */
    interface Next {
        Finding find() throws Exception;
    }

    boolean isOk() {
        return verdict == Verdict.OK;
    }

    Finding then(Next next) throws Exception {
        return isOk() ? and(next.find()) : this;
    }

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
