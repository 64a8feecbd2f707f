// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A durable checkpoint store that can be out of reach, for each sink by itself, as if each had its own. */
final class FlakyCheckpoints implements CheckpointStore {

    private final HeldCheckpoints held = new HeldCheckpoints();
    private final Set<String> away = new HashSet<>();
    private final Set<String> silent = new HashSet<>();

    /** Nothing is loaded or stored under this key. */
    void away(String key, boolean now) {
        if (now) {
            away.add(key);
        } else {
            away.remove(key);
        }
    }

    /** The answer to what is stored next under this key is lost. */
    void loseNextAnswer(String key) {
        silent.add(key);
    }

    void mend() {
        away.clear();
        silent.clear();
    }

    @Override
    public Optional<Checkpoint> load(String key) {
        requireThere(key);
        return held.load(key);
    }

    @Override
    public Checkpoint save(String key, Checkpoint checkpoint) {
        requireThere(key);
        Checkpoint stored = held.save(key, checkpoint);
        if (silent.remove(key)) {
            throw failure("the answer was lost");
        }
        return stored;
    }

    @Override
    public void remove(String key) {
        held.remove(key);
    }

    private void requireThere(String key) {
        if (away.contains(key)) {
            throw failure("it is away");
        }
    }

    private static PhilotesException failure(String why) {
        return new PhilotesException(ErrorCode.CHECKPOINT_FAILED, "Cannot reach the checkpoints: " + why);
    }
}
