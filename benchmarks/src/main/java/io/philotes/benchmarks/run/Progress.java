// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

/** Where it is said what is being done. */
@FunctionalInterface
public interface Progress {

    void say(String line);
}
