// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

/** Colours, or none. Immutable. */
record Paint(boolean isOn) {

    String green(String text) {
        return paint("32", text);
    }

    String red(String text) {
        return paint("1;31", text);
    }

    String yellow(String text) {
        return paint("33", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return isOn ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
