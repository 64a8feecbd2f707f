// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with one file. Used by one thread. */
final class Faults {

    private final String fileName;
    private final Advice advice = new Advice();
    private final boolean secretsMayLack;
    private final List<Fault> found = new ArrayList<>();
    private final List<Fault> lacking = new ArrayList<>();

    Faults(String fileName) {
        this(fileName, false);
    }

    /** @param secretsMayLack whether a secret that is not here is no fault, because nobody will ask for it */
    Faults(String fileName, boolean secretsMayLack) {
        this.fileName = fileName;
        this.secretsMayLack = secretsMayLack;
    }

    boolean secretsMayLack() {
        return secretsMayLack;
    }

    /** A secret that is not here. */
    void addSecret(Place place, String path, String message) {
        (secretsMayLack ? lacking : found).add(new Fault(place, path, message, path));
    }

    /** What secrets are not here, and where they are asked for; empty when they may not lack. */
    List<String> lackingSecrets() {
        return lacking.stream().map(fault -> fault.text(fileName, advice)).toList();
    }

    void add(Place place, String path, String message) {
        found.add(new Fault(place, path, message, path));
    }

    /** A key that should be in the mapping at the path. */
    void addMissing(Place place, String path, String key) {
        found.add(new Fault(place, path, "the key '" + key + "' is missing", Entry.join(path, key)));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new PhilotesException(ErrorCode.INVALID_CONFIGURATION, text())
                    .hinting("correct the lines above; docs/reference/configuration.md lists every key");
        }
    }

    private String text() {
        String lines = found.stream()
                .sorted(Comparator.comparing((Fault f) -> f.place().line())
                        .thenComparing(f -> f.place().column()))
                .map(fault -> "\n  " + fault.text(fileName, advice))
                .collect(Collectors.joining());
        return "Cannot use " + fileName + ": " + (found.size() == 1 ? "1 fault" : found.size() + " faults") + lines;
    }
}
