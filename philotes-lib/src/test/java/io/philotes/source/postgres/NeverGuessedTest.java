// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.TableFacts;
import io.philotes.model.TablePicture;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random lives of a table: whatever is known before a Relation message and after it, its reading is true or there is none. */
class NeverGuessedTest {

    private static final TypeCatalog NO_TYPES = new TypeCatalog();
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    /** The table between two changes of its definition. */
    private record Moment(Relation message, List<Integer> attnums, CatalogPicture picture) {

        static Moment of(SimulatedTable table, String tracking) {
            return new Moment(table.message(), table.attnums(), table.picture(tracking));
        }

        TablePicture known() {
            PublishedTable published = picture.published("p");
            return new TablePicture(RelationShapes.ofCatalog(picture.table(), published, NO_TYPES), picture.facts());
        }
    }

    private static List<Moment> life(Random random, String tracking) {
        SimulatedTable table = new SimulatedTable();
        table.add("id");
        table.add("a");
        table.add("b");
        List<Moment> moments = new ArrayList<>(List.of(Moment.of(table, tracking)));
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            alter(table, random);
            moments.add(Moment.of(table, tracking));
        }
        return moments;
    }

    private static void alter(SimulatedTable table, Random random) {
        List<String> used = table.names();
        List<String> free = NAMES.stream().filter(name -> !used.contains(name)).toList();
        String one = used.get(random.nextInt(used.size()));
        String other = used.get(random.nextInt(used.size()));
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                if (!free.isEmpty()) {
                    table.add(free.get(random.nextInt(free.size())));
                }
            }
            case 2, 3 -> {
                if (used.size() > 1) {
                    table.drop(one);
                }
            }
            case 4 -> {
                if (!free.isEmpty()) {
                    table.rename(one, free.get(random.nextInt(free.size())));
                }
            }
            default -> {
                if (one.equals(other)) {
                    table.retype(one, 20 + random.nextInt(6));
                } else {
                    table.swap(one, other);
                }
            }
        }
    }

    private static RelationResolver.Resolution resolve(Moment sent, Optional<TablePicture> before, Moment after) {
        CatalogNow.Seen seen = new CatalogNow.Seen(
                Optional.of(after.picture()), after.picture().facts().tracking());
        return RelationResolver.resolve(sent.message(), before, seen, "p", NO_TYPES);
    }

    private static List<Integer> attnums(TablePicture picture) {
        return picture.relation().columns().stream().map(Column::attnum).toList();
    }

    @Property(tries = 20_000)
    void a_reading_is_true_or_there_is_none(@ForAll long seed) {
        Random random = new Random(seed);
        List<Moment> life = life(random, "");
        Optional<TablePicture> known = start(life.get(0), random);
        for (int i = 0; i < life.size(); i++) {
            if (random.nextInt(3) == 0) {
                known = Optional.of(life.get(i).known());
            }
            if (random.nextInt(3) > 0) {
                Moment after = life.get(i + random.nextInt(life.size() - i));
                RelationResolver.Resolution found = resolve(life.get(i), known, after);
                if (found.picture().isPresent()) {
                    assertThat(attnums(found.picture().get()))
                            .as("moment %d", i)
                            .isEqualTo(life.get(i).attnums());
                    known = found.picture();
                }
            }
        }
    }

    /** A picture, a shape alone, or nothing. */
    private static Optional<TablePicture> start(Moment first, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new TablePicture(first.known().relation(), TableFacts.NONE));
            default -> Optional.of(first.known());
        };
    }

    @Property(tries = 5_000)
    void who_was_told_of_every_change_always_has_a_reading(@ForAll long seed) {
        Random random = new Random(seed);
        List<Moment> life = life(random, "1:1");
        for (int i = 0; i < life.size(); i++) {
            Moment after = life.get(i + random.nextInt(life.size() - i));
            RelationResolver.Resolution found =
                    resolve(life.get(i), Optional.of(life.get(i).known()), after);
            assertThat(attnums(found.picture().orElseThrow()))
                    .as("moment %d", i)
                    .isEqualTo(life.get(i).attnums());
        }
    }

    /** Without drops every column that was is, and the order tells which is which, whatever their names. */
    @Property(tries = 5_000)
    void without_drops_there_always_is_a_reading(@ForAll long seed) {
        Random random = new Random(seed);
        List<Moment> life = life(random, "");
        Moment first = life.get(0);
        for (int i = 0; i < life.size(); i++) {
            Moment after = life.get(i + random.nextInt(life.size() - i));
            boolean dropped =
                    after.attnums().size() < after.picture().table().columns().size();
            if (!dropped) {
                assertThat(attnums(resolve(life.get(i), Optional.of(first.known()), after)
                                .picture()
                                .orElseThrow()))
                        .isEqualTo(life.get(i).attnums());
            }
        }
    }
}
