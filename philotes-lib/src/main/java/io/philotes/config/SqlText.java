// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Puts SQL together. Stateless. */
final class SqlText {

    private SqlText() {}

    static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.contains("\\") ? "E" + quoted.replace("\\", "\\\\") : quoted;
    }

    /** What a whole name must be like, in which a star stands for any characters. */
    static String like(String glob) {
        return literal(glob.replace("\\", "\\\\")
                .replace("_", "\\_")
                .replace("%", "\\%")
                .replace('*', '%'));
    }

    static String indent(String lines) {
        return lines.strip().indent(4).stripTrailing();
    }

    /** An anonymous block; its quotes are such that nothing within ends them. */
    static String block(String body, String... declarations) {
        String tag = "$philotes$";
        while (body.contains(tag)) {
            tag = tag.substring(0, tag.length() - 1) + "_$";
        }
        String declare = declarations.length == 0 ? "" : "DECLARE\n" + indent(String.join("\n", declarations)) + "\n";
        return "DO " + tag + "\n" + declare + "BEGIN\n" + indent(body) + "\nEND\n" + tag + ";\n";
    }
}
