// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.ArrayList;
import java.util.List;

/** Splits {@code schema.table}, honouring double quotes. */
final class TableIdParser {

    private final String text;
    private int at;

    private TableIdParser(String text) {
        this.text = text;
    }

    static TableId parse(String text) {
        List<String> parts = new TableIdParser(text).parts();
        return switch (parts.size()) {
            case 1 -> new TableId("public", parts.get(0));
            case 2 -> new TableId(parts.get(0), parts.get(1));
            default -> throw malformed(text);
        };
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        do {
            parts.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
        } while (dot());
        return parts;
    }

    /** Whether another part follows; whatever else does is malformed. */
    private boolean dot() {
        if (at == text.length()) {
            return false;
        }
        if (text.charAt(at++) != '.') {
            throw malformed(text);
        }
        return true;
    }

    private String quoted() {
        StringBuilder part = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != '"') {
                part.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                part.append(text.charAt(at++));
            } else {
                at++;
                return notEmpty(part.toString());
            }
        }
        throw malformed(text);
    }

    private String plain() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '.') {
            if (text.charAt(at++) == '"') {
                throw malformed(text);
            }
        }
        return notEmpty(text.substring(start, at));
    }

    private String notEmpty(String part) {
        if (part.isEmpty()) {
            throw malformed(text);
        }
        return part;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not a table name (schema.table): '" + text + "'");
    }
}
