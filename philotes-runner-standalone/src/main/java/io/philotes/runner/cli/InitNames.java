// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.internal.Suggestion;
import io.philotes.source.postgres.SslMode;
import io.philotes.source.postgres.TablePattern;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Takes what a person answers, or refuses it with an IllegalArgumentException that says why. Stateless. */
final class InitNames {

    private InitNames() {}

    static String pipeline(String text) {
        return require(
                text,
                "[A-Za-z0-9][A-Za-z0-9_-]{0,49}",
                "a pipeline's name is made of letters, digits, '_' and '-', at most 50");
    }

    static String role(String text) {
        return require(text, "[^\\p{Cntrl}\"]{1,63}", "a role's name has 1 to 63 characters, without double quotes");
    }

    static String variable(String text) {
        return require(
                text,
                "[A-Za-z_][A-Za-z0-9_]*",
                "a variable's name is made of letters, digits and '_'; the password itself is not written down");
    }

    static SslMode sslMode(String text) {
        List<String> names = Arrays.stream(SslMode.values()).map(SslMode::text).toList();
        return SslMode.ofText(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--ssl-mode must be one of " + String.join(", ", names) + Suggestion.text(text, names)));
    }

    /** Names with commas between; each is checked by itself. */
    static String tables(String text) {
        split(text).forEach(TablePattern::parse);
        return text;
    }

    /** A comma in double quotes belongs to a name. */
    static List<String> split(String text) {
        return Arrays.stream(text.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** An address, or an absolute path: the process may be started elsewhere. */
    static String lake(String text) {
        if (Draft.isAddress(text)) {
            return text;
        }
        if (text.matches("[A-Za-z0-9+.-]+:.*")) {
            throw new IllegalArgumentException(
                    "the lake must be a directory, or begin with https:// or http://; for others write the catalog's keys by hand");
        }
        try {
            String home = System.getProperty("user.home");
            return Path.of(text.replaceFirst("^~(?=/|$)", home.replace("\\", "\\\\")))
                    .toAbsolutePath()
                    .normalize()
                    .toString();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the lake is no directory: " + e.getReason(), e);
        }
    }

    private static String require(String text, String pattern, String why) {
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException(why);
        }
        return text;
    }
}
