// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What gives way to a later look while nobody takes them. */
class LookQueueTest {

    private static final TableId TABLE = new TableId("public", "numbers");

    private final LookQueue queue = new LookQueue();

    private static Looks.Look ofTheCatalog(long at) {
        return new Looks.Look(Optional.of(Set.of(TABLE)), Set.of(TABLE), Map.of(), at, at);
    }

    @Test
    void what_was_put_back_into_the_publication_does_not_give_way_to_a_look_at_the_catalog() {
        Looks.Look missed = Looks.Look.missed(Set.of(TABLE), 2, 2);
        queue.add(ofTheCatalog(1));
        queue.add(missed);
        queue.add(ofTheCatalog(3));
        assertThat(taken()).contains(missed).hasSize(3);
    }

    @Test
    void a_look_at_the_catalog_gives_way_to_one_that_says_as_much() {
        queue.add(ofTheCatalog(1));
        queue.add(ofTheCatalog(2));
        queue.add(ofTheCatalog(3));
        assertThat(taken()).containsExactly(ofTheCatalog(1), ofTheCatalog(3));
    }

    private List<Looks.Look> taken() {
        List<Looks.Look> taken = new ArrayList<>();
        for (Looks.Look next = queue.next(); next != null; next = queue.next()) {
            taken.add(next);
            queue.done();
        }
        return taken;
    }
}
