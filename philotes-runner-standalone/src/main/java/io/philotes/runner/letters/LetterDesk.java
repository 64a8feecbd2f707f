// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.letters;

import io.philotes.config.PipelineFactory;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.export.DeadLetterExport;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers what is asked of a pipeline's dead letters, in the words of JSON. Thread-safe. */
public final class LetterDesk {

    /** What a page holds at most. */
    public static final int MAX_PAGE = 1000;

    /**
     * How many there are.
     *
     * @param count all that the filter names
     * @param states the same by state, without those of which there are none
     */
    public record Counts(String pipeline, long count, Map<String, Long> states) {}

    /** @param next what the next page begins behind; null for the last one */
    public record Page(List<LetterJson> items, String next) {}

    /** How many letters are wanted now. */
    public record Wanted(String pipeline, long wanted) {}

    /**
     * What a purge did.
     *
     * @param removed letters that were done with
     * @param givenUp letters that will never be applied
     */
    public record Purged(String pipeline, long removed, long givenUp) {}

    private final DeadLetterRequests letters;

    public LetterDesk(DeadLetterRequests letters) {
        this.letters = letters;
    }

    public Counts count(DeadLetterFilter filter) {
        Map<String, Long> states = new LinkedHashMap<>();
        long sum = 0;
        for (DeadLetterState state : DeadLetterState.values()) {
            boolean meant = filter.states().isEmpty() || filter.states().contains(state);
            long count = meant ? letters.count(filter.in(Set.of(state))) : 0;
            if (count > 0) {
                states.put(state.name(), count);
                sum += count;
            }
        }
        return new Counts(letters.pipeline(), sum, states);
    }

    /** @param after a page's {@link Page#next}; null for the first */
    public Page page(DeadLetterFilter filter, String after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be between 1 and " + MAX_PAGE);
        }
        Optional<DeadLetter.Id> behind =
                Optional.ofNullable(after).map(token -> LetterToken.parse(letters.pipeline(), token));
        List<DeadLetter> found = letters.list(filter, behind, limit);
        String next = found.size() < limit
                ? null
                : LetterToken.of(found.get(found.size() - 1).id());
        return new Page(found.stream().map(LetterJson::of).toList(), next);
    }

    /** The letter with its change; empty when there is none such. */
    public Optional<ShownJson> show(String token) {
        DeadLetter.Id id = LetterToken.parse(letters.pipeline(), token);
        Optional<DeadLetter> letter = letters.find(id);
        Optional<byte[]> change = letter.isPresent() ? letters.change(id) : Optional.empty();
        return change.map(bytes -> ShownJson.of(letter.get(), bytes, PipelineFactory.valueText()));
    }

    public Wanted replay(DeadLetterFilter filter) {
        return new Wanted(letters.pipeline(), letters.replay(filter));
    }

    /** How many would be given up by {@link #purgeAll}. */
    public long openOnes(DeadLetterFilter filter) {
        return letters.openOnes(filter);
    }

    /** Removes what is done with. */
    public Purged purgeResolved(DeadLetterFilter filter) {
        return new Purged(letters.pipeline(), letters.removeResolved(filter), 0);
    }

    /** Removes what is done with, and gives up what was never applied. */
    public Purged purgeAll(DeadLetterFilter filter) {
        return new Purged(letters.pipeline(), letters.removeResolved(filter), letters.giveUp(filter));
    }

    /** Writes an Avro container file. @return how many letters it holds */
    public long export(DeadLetterFilter filter, OutputStream out) throws IOException {
        return DeadLetterExport.write(letters, filter, PipelineFactory.valueText(), out);
    }
}
