// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.util.regex.Pattern;

/**
 * One thing that is wrong. Immutable.
 *
 * @param place where in the file
 * @param path where in the tree, such as {@code pipelines.shop.tables[2].mode}; empty for the file itself
 * @param message what is wrong; holds no secret
 * @param about the path that an example is wanted for: that of the key itself when it is missing; null for none
 */
record Fault(Place place, String path, String message, String about) {

    private static final int MAX_SHOWN = 100;
    private static final int MAX_MESSAGE = 1500;

    /** What holds no blank and no quote, and is no word of a message. */
    private static final Pattern LONG_WORD = Pattern.compile("([^' ]{" + MAX_SHOWN + "})[^' ]++");

    private static final String GUESS = "; did you mean";

    /** One line, with what to write instead. */
    String text(String fileName, Advice advice) {
        String at = fileName + ":" + place.line() + ":" + place.column();
        String said = message + suggestion(advice);
        return path.isEmpty() ? at + ": " + said : at + ": " + path + ": " + said;
    }

    /** With only the beginning of what is long in it: the text says itself what it holds. */
    Fault clipped() {
        if (message.length() <= MAX_SHOWN) {
            return this;
        }
        String shown = LONG_WORD.matcher(message).replaceAll("$1…");
        return new Fault(
                place, path, shown.length() <= MAX_MESSAGE ? shown : shown.substring(0, MAX_MESSAGE) + "…", about);
    }

    /** The same by its parts. */
    Remark remark(String pointer, Advice advice) {
        int guess = message.indexOf(GUESS);
        String reason = guess < 0 ? message : message.substring(0, guess);
        String suggestion = guess < 0 ? suggestion(advice) : message.substring(guess);
        return new Remark(
                pointer,
                place.line(),
                place.column(),
                reason,
                suggestion.isEmpty() ? null : suggestion.replaceFirst("^; ", ""));
    }

    private String suggestion(Advice advice) {
        return about == null || message.contains(GUESS) ? "" : advice.about(about);
    }
}
