// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Replaces <code>${VAR}</code>, <code>${VAR:-default}</code>, <code>${VAR:?message}</code> and <code>${file:/path}</code>;
 * <code>$${</code> stands for <code>${</code>. What is put in is not looked at again. Immutable.
 */
final class Interpolation {

    private static final String OPEN = "${";
    private static final String FILE = "file:";
    private static final long MAX_FILE_BYTES = 1 << 16;

    /** What a well-formed expression names is not there now; it may be later, or elsewhere. */
    static class Missing extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        Missing(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What a well-formed expression names was not looked for. */
    static final class NotLookedUp extends Missing {

        private static final long serialVersionUID = 1L;

        NotLookedUp(String what) {
            super(what + " is not looked up for a request", null);
        }
    }

    /** What is done about expressions. */
    private enum Lookup {
        ALL,
        NONE,
        REFUSED
    }

    private final Function<String, String> environment;
    private final Lookup lookup;

    Interpolation(Function<String, String> environment) {
        this(environment, Lookup.ALL);
    }

    private Interpolation(Function<String, String> environment, Lookup lookup) {
        this.environment = environment;
        this.lookup = lookup;
    }

    /** Knows the form of expressions, and takes their defaults; whatever has none is {@link NotLookedUp}. */
    static Interpolation withoutLookup() {
        return new Interpolation(name -> null, Lookup.NONE);
    }

    /** Takes no expression at all. */
    static Interpolation refusing() {
        return new Interpolation(name -> null, Lookup.REFUSED);
    }

    /** Whether a part of the text is the content of a file, which may be another one later. */
    boolean readsFile(String text) {
        return text.contains(OPEN + FILE);
    }

    /** @throws IllegalArgumentException saying what is wrong, or {@link Missing}; never a value */
    String resolve(String text) {
        StringBuilder resolved = new StringBuilder();
        int at = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
            if (open > at && text.charAt(open - 1) == '$') {
                resolved.append(text, at, open - 1).append(OPEN);
                at = open + OPEN.length();
                continue;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("'${' without '}'; write '$${' for the characters themselves");
            }
            resolved.append(text, at, open)
                    .append(value(
                            text.substring(open + OPEN.length(), close), open == 0 && close == text.length() - 1));
            at = close + 1;
        }
        return resolved.append(text, at, text.length()).toString();
    }

    /** @param alone whether nothing stands around it; what is but a part of something may be one of a secret */
    private String value(String expression, boolean alone) {
        if (lookup == Lookup.REFUSED) {
            throw new IllegalArgumentException(
                    "holds '${', which is not looked up for a request: send the value, with '$${' for the characters");
        }
        if (expression.startsWith(FILE)) {
            if (lookup == Lookup.NONE) {
                throw new NotLookedUp(alone ? "the file " + expression.substring(FILE.length()) : "the file");
            }
            return file(Path.of(expression.substring(FILE.length())));
        }
        int colon = expression.indexOf(':');
        String name = colon < 0 ? expression : expression.substring(0, colon);
        String rest = colon < 0 ? "" : expression.substring(colon);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || !rest.matches("(?s)|:[-?].*")) {
            String shown = lookup == Lookup.NONE ? "what stands in '${…}'" : "'${" + expression + "}'";
            throw new IllegalArgumentException(
                    shown + " is none of ${VAR}, ${VAR:-default}, ${VAR:?message}, ${file:/path}");
        }
        return variable(name, rest, alone);
    }

    private String variable(String name, String rest, boolean alone) {
        String value = environment.apply(name);
        boolean missing = value == null || (value.isEmpty() && !rest.isEmpty());
        if (!missing) {
            return value;
        }
        if (rest.startsWith(":-")) {
            return rest.substring(2);
        }
        if (lookup == Lookup.NONE) {
            throw new NotLookedUp(alone ? "the environment variable " + name : "the environment variable");
        }
        throw new Missing(
                rest.length() > 2 ? rest.substring(2) : "the environment variable " + name + " is not set", null);
    }

    private String file(Path path) {
        try {
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("the file " + path + " is larger than 64 KiB");
            }
            return Files.readString(path).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new Missing(
                    "the file " + path + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
