// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Optional;

/**
 * Looks over the text of a condition before it becomes part of a statement, in parentheses: it must not be able to end them.
 * A doubled quote inside of quotes reads as two strings, which is the same here. What else is wrong, PostgreSQL says.
 * Confined to one thread.
 */
final class ConditionText {

    private final String text;
    private int at;
    private int depth;

    private ConditionText(String text) {
        this.text = text;
    }

    /** What is wrong with the text; empty when nothing is. */
    static Optional<String> fault(String text) {
        return text.isBlank() ? Optional.of("is empty") : new ConditionText(text).fault();
    }

    private Optional<String> fault() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                if (c == '\'' && isEscapeString()) {
                    return Optional.of("has a string of the form E'…'");
                }
                at = text.indexOf(c, at + 1);
                if (at < 0) {
                    return Optional.of("has a quote that is not closed");
                }
            } else if (c == ';' || c == '$' || c == 0) {
                return Optional.of("has a semicolon or a dollar sign outside of quotes");
            } else if (text.startsWith("--", at) || text.startsWith("/*", at)) {
                return Optional.of("has a comment");
            } else if (!countParenthesis(c)) {
                break;
            }
            at++;
        }
        return depth == 0 ? Optional.empty() : Optional.of("has parentheses that do not match");
    }

    private boolean countParenthesis(char c) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        return depth >= 0;
    }

    /** {@code E'…'}, in which a backslash may take the closing quote's meaning away. */
    private boolean isEscapeString() {
        boolean prefixed = at > 0 && Character.toLowerCase(text.charAt(at - 1)) == 'e';
        return prefixed && (at == 1 || !isPartOfName(text.charAt(at - 2)));
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c >= 0x80;
    }
}
