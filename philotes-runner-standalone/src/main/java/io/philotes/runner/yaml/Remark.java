// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

/**
 * What is to be said about one place of a text that was sent. Immutable.
 *
 * @param pointer where in the tree, as RFC 6901 has it; empty for the whole. Of what is not there, the nearest that is
 * @param line where in the text, counted from 1
 * @param column likewise
 * @param reason what is wrong; holds no secret
 * @param suggestion what to write instead; null when there is none
 */
public record Remark(String pointer, int line, int column, String reason, String suggestion) {

    /** Examples show how secrets are kept out of a file; where no references are taken, that is no help. */
    Remark withoutReference() {
        return suggestion != null && suggestion.contains("${") ? new Remark(pointer, line, column, reason, null) : this;
    }
}
