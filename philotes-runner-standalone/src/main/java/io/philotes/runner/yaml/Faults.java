// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import io.philotes.config.PhilotesConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.Node;

/** Collects what is wrong with one file. Used by one thread. */
final class Faults {

    private static final Comparator<Fault> IN_ORDER = Comparator.comparing(
                    (Fault fault) -> fault.place().line())
            .thenComparing(fault -> fault.place().column());

    /** So many are told of a text that was sent: its sender could else fill the memory. */
    private static final int MAX_SENT = 100;

    private final String fileName;
    private final Advice advice;
    private final int most;
    private final boolean secretsMayLack;
    private final List<Fault> found = new ArrayList<>();
    private final List<Fault> lacking = new ArrayList<>();
    private int unknown;
    private int more;

    Faults(String fileName) {
        this(fileName, false);
    }

    /** @param secretsMayLack whether a secret that is not here is no fault, because nobody will ask for it */
    Faults(String fileName, boolean secretsMayLack) {
        this(fileName, secretsMayLack, PhilotesConfig.class, Integer.MAX_VALUE);
    }

    private Faults(String fileName, boolean secretsMayLack, Class<?> base, int most) {
        this.fileName = fileName;
        this.most = most;
        this.secretsMayLack = secretsMayLack;
        this.advice = new Advice(base);
    }

    /** Of a text that was sent, and whose root is bound to that; secrets may lack. */
    static Faults ofSent(Class<?> base) {
        return new Faults("the body", true, base, MAX_SENT);
    }

    boolean secretsMayLack() {
        return secretsMayLack;
    }

    /** A secret that is not here. */
    void addSecret(Place place, String path, String message) {
        keep(secretsMayLack ? lacking : found, new Fault(place, path, message, path));
    }

    /** What secrets are not here, and where they are asked for; empty when they may not lack. */
    List<String> lackingSecrets() {
        return lacking.stream().map(fault -> fault.text(fileName, advice)).toList();
    }

    void add(Place place, String path, String message) {
        keep(found, new Fault(place, path, message, path));
    }

    /** What no example would mend. */
    void addPlainly(Place place, String path, String message) {
        keep(found, new Fault(place, path, message, null));
    }

    /** A key that should be in the mapping at the path. */
    void addMissing(Place place, String path, String key) {
        keep(found, new Fault(place, path, "the key '" + key + "' is missing", Entry.join(path, key)));
    }

    /** A value that is not known here: it is no fault, but nothing can be made of it. */
    void addUnknown(Place place, String path, String message) {
        unknown++;
        keep(lacking, new Fault(place, path, message, path));
    }

    private void keep(List<Fault> faults, Fault fault) {
        if (faults.size() < most) {
            faults.add(most < Integer.MAX_VALUE ? fault.clipped() : fault);
        } else if (faults == found) {
            more++;
        }
    }

    /** How many values could not be had. */
    int count() {
        return found.size() + more + unknown;
    }

    /** What was found, in the text's order. @param root what the text is; null where it could not be parsed */
    List<Remark> remarks(Node root) {
        List<Remark> told = new ArrayList<>(remarks(found, root));
        if (more > 0) {
            told.add(new Remark("", 1, 1, "there are " + more + " more faults, which are not told", null));
        }
        return told;
    }

    /** What is not known here, in the text's order. */
    List<Remark> unresolved(Node root) {
        return remarks(lacking, root);
    }

    private List<Remark> remarks(List<Fault> faults, Node root) {
        return faults.stream()
                .sorted(IN_ORDER)
                .map(fault -> fault.remark(Pointer.of(root, fault.path()), advice))
                .toList();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new PhilotesException(ErrorCode.INVALID_CONFIGURATION, text())
                    .hinting("correct the lines above; docs/reference/configuration.md lists every key");
        }
    }

    private String text() {
        String lines = found.stream()
                .sorted(IN_ORDER)
                .map(fault -> "\n  " + fault.text(fileName, advice))
                .collect(Collectors.joining());
        return "Cannot use " + fileName + ": " + (found.size() == 1 ? "1 fault" : found.size() + " faults") + lines;
    }
}
