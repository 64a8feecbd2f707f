// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.yaml;

import java.util.Optional;

/** What to write instead. Used by one thread; reads the examples when the first is asked for. */
final class Advice {

    private final Class<?> base;
    private Examples examples;

    /** @param base what the root is bound to */
    Advice(Class<?> base) {
        this.base = base;
    }

    /** To be put behind a message about that path; empty when there is none. */
    String about(String path) {
        return Spot.at(base, path)
                .map(this::about)
                .or(() -> Spot.at(base, parent(path)).flatMap(Advice::keys))
                .orElse("");
    }

    private String about(Spot spot) {
        return spot.key().isEmpty()
                ? keys(spot).orElse("")
                : examples()
                        .of(spot.owner(), spot.key())
                        .map(e -> "; for example  " + e)
                        .or(() -> keys(spot))
                        .orElse("");
    }

    private static Optional<String> keys(Spot spot) {
        return spot.named()
                .map(below -> "; its keys are names that you choose, each with the keys " + String.join(", ", below))
                .or(() -> Optional.of(spot.keys())
                        .filter(keys -> !keys.isEmpty())
                        .map(keys -> "; its keys are " + String.join(", ", keys)));
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    private Examples examples() {
        if (examples == null) {
            examples = Examples.ofResource();
        }
        return examples;
    }
}
