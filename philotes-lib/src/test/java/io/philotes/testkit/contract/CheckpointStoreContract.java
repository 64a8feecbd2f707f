// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.model.Incarnation;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import io.philotes.model.TimelinePath;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CheckpointStore} promises, as tests: extend it and say how a store is made.
 *
 * <ul>
 *   <li>What was saved is loaded by another store, all of it.
 *   <li>Progress never moves backwards: a smaller position of the same epoch, and any smaller epoch, are not stored, and
 *       {@code save} answers what is.
 *   <li>Pipelines do not share, whatever their names; {@code remove} forgets one.
 * </ul>
 *
 * <p>Each test has an object of the test class, and so a storage, of its own.
 */
public abstract class CheckpointStoreContract {

    /** A store on the same storage each time it is called within one test. */
    protected abstract CheckpointStore store();

    /** A checkpoint with names and reasons that want to be quoted. */
    public static Checkpoint checkpoint(long epoch, long coveredUpTo) {
        return new Checkpoint(
                "b5e1f0aa",
                epoch,
                "7301234567890123456",
                "philotes_shop",
                new Lsn(coveredUpTo),
                Map.of(
                        new TableId("public", "orders"),
                        new TableProgress(TableState.STREAMING, new Lsn(coveredUpTo), new Lsn(coveredUpTo), ""),
                        new TableId("Quoted \" . Schema", "Iıİ\u0000\n😀"),
                        new TableProgress(TableState.HELD, new Lsn(-5), Lsn.ZERO, "a \"reason\"\nof two lines")));
    }

    @Test
    void nothing_is_stored_at_first() {
        assertThat(store().load("shop")).isEmpty();
    }

    @Test
    void what_was_saved_is_loaded_by_another_store() {
        Checkpoint saved = checkpoint(1, 100);
        assertThat(store().save("shop", saved)).isEqualTo(saved);
        assertThat(store().load("shop")).contains(saved);
    }

    @Test
    void by_what_the_source_is_known_is_kept() {
        SourceMark mark = new SourceMark(
                "7301234567890123456",
                TimelinePath.parse("1@0/5000000,3@0/7000000,4"),
                5,
                4_294_967_295L,
                Optional.of(new Incarnation("11111111-1111-1111-1111-111111111111", 7)));
        Checkpoint saved = new Checkpoint("b5e1f0aa", 1, mark, "s", new Lsn(5), Map.of());

        store().save("shop", saved);

        assertThat(store().load("shop")).contains(saved);
    }

    @Test
    void positions_are_unsigned() {
        store().save("shop", checkpoint(1, Long.MAX_VALUE));
        Checkpoint higher = checkpoint(1, -1);
        assertThat(store().save("shop", higher)).isEqualTo(higher);
        assertThat(store().load("shop")).contains(higher);
    }

    @Test
    void a_smaller_position_of_the_same_epoch_is_not_stored() {
        Checkpoint stored = checkpoint(3, 100);
        store().save("shop", stored);
        assertThat(store().save("shop", checkpoint(3, 99))).isEqualTo(stored);
        assertThat(store().load("shop")).contains(stored);
    }

    @Test
    void a_smaller_epoch_is_never_stored() {
        Checkpoint stored = checkpoint(3, 100);
        store().save("shop", stored);
        assertThat(store().save("shop", checkpoint(2, 500))).isEqualTo(stored);
        assertThat(store().load("shop")).contains(stored);
    }

    @Test
    void the_same_position_is_stored_again_and_a_greater_epoch_wins() {
        store().save("shop", checkpoint(3, 100));
        Checkpoint newer = checkpoint(4, 50);
        assertThat(store().save("shop", newer)).isEqualTo(newer);
        Checkpoint same = new Checkpoint("b5e1f0aa", 4, "1", "other", new Lsn(50), Map.of());
        assertThat(store().save("shop", same)).isEqualTo(same);
        assertThat(store().load("shop")).contains(same);
    }

    @Test
    void pipelines_do_not_share() {
        store().save("shop", checkpoint(1, 100));
        store().save("Shop", checkpoint(1, 200));
        store().save("a/b ..%2f", checkpoint(1, 300));
        assertThat(store().load("shop")).contains(checkpoint(1, 100));
        assertThat(store().load("Shop")).contains(checkpoint(1, 200));
        assertThat(store().load("a/b ..%2f")).contains(checkpoint(1, 300));
        assertThat(store().load("a/b ..")).isEmpty();
    }

    @Test
    void remove_forgets_one_pipeline() {
        store().save("shop", checkpoint(9, 900));
        store().save("other", checkpoint(1, 1));
        store().remove("shop");
        store().remove("shop");
        assertThat(store().load("shop")).isEmpty();
        assertThat(store().load("other")).isPresent();
        Checkpoint again = checkpoint(1, 5);
        assertThat(store().save("shop", again)).isEqualTo(again);
    }
}
