// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a figure shall be. Immutable.
 *
 * @param title in words
 * @param pointer where the figure is in the result's JSON
 * @param isAtLeast whether the bound is the least; else the figure is to stay below it
 * @param bound in the figure's unit
 */
record Target(String title, String pointer, boolean isAtLeast, double bound) {

    static Target atLeast(String title, String pointer, double bound) {
        return new Target(title, pointer, true, bound);
    }

    static Target below(String title, String pointer, double bound) {
        return new Target(title, pointer, false, bound);
    }

    /** The figure; NaN when the result does not have it. */
    double figure(JsonNode result) {
        return result.at(pointer).asDouble(Double.NaN);
    }

    boolean isMet(JsonNode result) {
        double figure = figure(result);
        return isAtLeast ? figure >= bound : figure < bound;
    }
}
