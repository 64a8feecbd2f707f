// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

/** A benchmark that came to no figure, or to a wrong table: nothing is printed then. */
public final class BenchmarkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BenchmarkException(String message) {
        super(message);
    }

    public BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
