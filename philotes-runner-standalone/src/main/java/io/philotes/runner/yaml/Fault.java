// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

/**
 * One thing that is wrong. Immutable.
 *
 * @param place where in the file
 * @param path where in the tree, such as {@code pipelines.shop.tables[2].mode}; empty for the file itself
 * @param message what is wrong; holds no secret
 * @param about the path that an example is wanted for: that of the key itself when it is missing
 */
record Fault(Place place, String path, String message, String about) {

    /** One line, with what to write instead. */
    String text(String fileName, Advice advice) {
        String at = fileName + ":" + place.line() + ":" + place.column();
        String said = message.contains("did you mean") ? message : message + advice.about(about);
        return path.isEmpty() ? at + ": " + said : at + ": " + path + ": " + said;
    }
}
