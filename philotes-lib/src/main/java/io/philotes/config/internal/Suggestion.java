// SPDX-License-Identifier: Apache-2.0
package io.philotes.config.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses what was meant. */
public final class Suggestion {

    private Suggestion() {}

    /** {@code ; did you mean 'tables'?}, or nothing when no candidate is near. */
    public static String text(String given, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> isNear(given, candidate))
                .min(Comparator.comparingInt(candidate -> distance(given, candidate)))
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
    }

    private static boolean isNear(String given, String candidate) {
        return distance(given, candidate) <= Math.max(1, candidate.length() / 3);
    }

    /** Levenshtein's distance, blind to case, '_' and '-'. */
    private static int distance(String a, String b) {
        String left = plain(a);
        String right = plain(b);
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}
