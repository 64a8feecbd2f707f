// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.terminal;

/**
 * Colours, or none. Immutable.
 *
 * @param isOn whether texts are coloured
 */
public record Paint(boolean isOn) {

    public String green(String text) {
        return paint("32", text);
    }

    public String red(String text) {
        return paint("1;31", text);
    }

    public String yellow(String text) {
        return paint("33", text);
    }

    public String bold(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return isOn ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
