// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

/**
 * One thing that is wrong. Immutable.
 *
 * @param place where in the file
 * @param path where in the tree, such as {@code pipelines.shop.tables[2].mode}; empty for the file itself
 * @param message what is wrong; holds no secret
 */
record Fault(Place place, String path, String message) {

    String text(String fileName) {
        String at = fileName + ":" + place.line() + ":" + place.column();
        return path.isEmpty() ? at + ": " + message : at + ": " + path + ": " + message;
    }
}
