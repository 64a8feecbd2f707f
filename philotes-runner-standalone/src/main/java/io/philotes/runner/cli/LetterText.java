// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Writes one dead letter for people. */
final class LetterText {

    private static final int HEX_DIGITS_OF_A_LINE = 64;
    private static final int MOST_HEX_DIGITS = 8192;

    private final PrintWriter out;
    private final Paint paint;

    LetterText(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(JsonNode shown) {
        JsonNode letter = shown.path("letter");
        out.println(paint.bold(letter.path("at").asText()) + "  sink "
                + Printable.of(letter.path("sink").asText()) + "  table "
                + Printable.of(letter.path("table").asText()) + "  "
                + letter.path("state").asText());
        line("why", letter.path("code").asText() + " " + letter.path("reason").asText());
        line(
                "parked",
                letter.path("parkedAt").asText() + ", tries: "
                        + letter.path("attempts").asText());
        if (letter.path("replay").isTextual()) {
            line("replay", letter.path("replay").asText());
        }
        List<String> keys = new ArrayList<>();
        shown.path("keys").forEach(key -> keys.add(key.asText()));
        line("keys", String.join("  ", keys));
        if (shown.path("operation").isTextual()) {
            line(
                    "change",
                    shown.path("operation").asText() + " in "
                            + shown.path("sourceTable").asText() + ", committed "
                            + shown.path("commitTime").asText());
            row("old", shown.path("oldRow"), shown.path("columns"));
            row("new", shown.path("newRow"), shown.path("columns"));
        } else {
            line("change", "this version cannot read it; its bytes are below");
        }
        bytes(shown.path("change").asText());
        out.println();
    }

    private void line(String what, String text) {
        out.println("  " + what + " ".repeat(Math.max(1, 8 - what.length())) + Printable.of(text));
    }

    private void row(String what, JsonNode fields, JsonNode columns) {
        for (int i = 0; i < fields.size(); i++) {
            JsonNode field = fields.get(i);
            String kind = field.path("kind").asText();
            String value = field.path("text").isTextual()
                    ? field.path("text").asText()
                    : field.path("hex").isTextual()
                            ? "bytes " + field.path("hex").asText()
                            : "(" + kind + ")";
            String column = field.path("column").asText() + " "
                    + columns.path(i).path("type").asText();
            line(i == 0 ? what : "", column + " = " + value);
        }
    }

    private void bytes(String hex) {
        String shown = hex.length() > MOST_HEX_DIGITS ? hex.substring(0, MOST_HEX_DIGITS) : hex;
        for (int at = 0; at < shown.length(); at += HEX_DIGITS_OF_A_LINE) {
            line(at == 0 ? "bytes" : "", shown.substring(at, Math.min(shown.length(), at + HEX_DIGITS_OF_A_LINE)));
        }
        if (shown.length() < hex.length()) {
            line("", "and " + (hex.length() - shown.length()) / 2 + " more bytes: -o json shows all");
        }
    }
}
