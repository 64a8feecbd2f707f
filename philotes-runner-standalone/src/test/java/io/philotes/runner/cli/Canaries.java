// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Secrets that are found wherever they come out, also where they were encoded. */
final class Canaries {

    private static final int GROUP = 3;

    private final Map<String, String> secrets = new LinkedHashMap<>();

    /** A new secret of this kind, with characters that addresses and JSON write otherwise. */
    String make(String kind) {
        return secrets.computeIfAbsent(
                kind, k -> "cnry/" + k + "+" + UUID.randomUUID().toString().replace("-", "") + "&=%");
    }

    /** What is found in a text, as {@code kind (form)}. */
    List<String> in(String text) {
        List<String> found = new ArrayList<>();
        secrets.forEach((kind, secret) -> forms(secret).forEach((form, written) -> {
            if (text.contains(written)) {
                found.add(kind + " (" + form + ")");
            }
        }));
        return found;
    }

    private static Map<String, String> forms(String secret) {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("plain", secret);
        // The middle is the same in every way to escape the rest.
        forms.put("its middle", secret.substring(secret.indexOf('+') + 1, secret.indexOf('&')));
        forms.put("url", URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.put("hex", HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
        for (int before = 0; before < GROUP; before++) {
            String base64 = base64(secret, before);
            forms.put("base64 behind " + before, base64);
            forms.put(
                    "base64 for addresses behind " + before,
                    base64.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }

    /** What of it is the same whatever stands before and behind it; so many bytes of its first group stand before. */
    private static String base64(String secret, int before) {
        byte[] bytes = ("x".repeat(before) + secret).getBytes(StandardCharsets.UTF_8);
        String all = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        int from = before == 0 ? 0 : 4;
        int whole = bytes.length / GROUP * 4;
        return all.substring(from, whole);
    }

    /** Something that holds each secret in each form. */
    String everything() {
        StringBuilder all = new StringBuilder();
        for (String secret : secrets.values()) {
            all.append(secret)
                    .append('\n')
                    .append(URLEncoder.encode(secret, StandardCharsets.UTF_8))
                    .append('\n');
            for (String user : List.of("", "u:", "me:", "you:")) {
                all.append(Base64.getEncoder().encodeToString((user + secret).getBytes(StandardCharsets.UTF_8)));
                all.append('\n');
            }
        }
        return all.toString();
    }

    /** How many secrets there are. */
    int count() {
        return secrets.size();
    }

    @Override
    public String toString() {
        return String.join(", ", secrets.keySet()).toLowerCase(Locale.ROOT);
    }
}
