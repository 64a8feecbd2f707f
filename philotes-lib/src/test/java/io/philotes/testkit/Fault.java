// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.util.function.Supplier;
import org.apache.iceberg.exceptions.CommitFailedException;

/** What a script does with one call: the words in which faults of catalog and storage are told. */
@FunctionalInterface
public interface Fault {

    /** Lets the call through, or not, or late. */
    void pass(Runnable call);

    /** Not made, and the caller is told so. */
    static Fault reject() {
        return reject(() -> new CommitFailedException("the table has moved"));
    }

    static Fault reject(Supplier<RuntimeException> told) {
        return call -> {
            throw told.get();
        };
    }

    /** Not made, and the caller cannot tell. */
    static Fault lose() {
        return reject(() -> new IllegalStateException("connection refused"));
    }

    /** Made, and the caller sees a broken connection. */
    static Fault failAfter() {
        return failAfter(() -> new IllegalStateException("connection reset"));
    }

    /** Made, and the caller is told something else. */
    static Fault failAfter(Supplier<RuntimeException> told) {
        return call -> {
            call.run();
            throw told.get();
        };
    }

    /** Made when the gate opens, however long the caller has given up. */
    static Fault hold(Gate gate) {
        return call -> {
            gate.stand();
            try {
                call.run();
            } finally {
                gate.passed();
            }
        };
    }

    /** Made, but somebody else is faster. */
    static Fault after(Runnable others) {
        return call -> {
            others.run();
            call.run();
        };
    }
}
