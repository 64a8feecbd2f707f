// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Tuples.UNCHANGED;

import io.philotes.model.RelationSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A source table in memory that changes at random and says so in a feed, as PostgreSQL would. */
final class SourceModel {

    private final Random random;
    private final RelationSchema relation;
    private final List<Object[]> rows = new ArrayList<>();
    private final List<Object[]> deleted = new ArrayList<>();

    SourceModel(Random random, RelationSchema relation) {
        this.random = random;
        this.relation = relation;
        for (int i = 0; i < 20; i++) {
            rows.add(fresh(i));
        }
    }

    private Object[] fresh(int key) {
        return new Object[] {key, name(), amount(), "insert"};
    }

    private Object name() {
        return random.nextInt(6) == 0 ? null : "name " + random.nextInt(5);
    }

    private Object amount() {
        return random.nextInt(6) == 0 ? null : random.nextInt(9);
    }

    Object[][] rows() {
        return rows.stream().map(SourceModel::values).toArray(Object[][]::new);
    }

    /** Without the operation that wrote the row. */
    private static Object[] values(Object[] row) {
        return Arrays.copyOf(row, 3);
    }

    List<String> expected() {
        return rows.stream()
                .map(row -> row[0] + "|" + row[1] + "|" + row[2])
                .sorted()
                .toList();
    }

    /** Live and deleted rows with the operation that wrote them and whether they are deleted. */
    List<String> expectedWithDeleted() {
        return Stream.concat(
                        rows.stream().map(row -> text(row) + "|false"),
                        deleted.stream().map(row -> text(row) + "|true"))
                .sorted()
                .toList();
    }

    private static String text(Object[] row) {
        return Arrays.stream(row).map(String::valueOf).collect(Collectors.joining("|"));
    }

    private void bury(Object[] row, String operation) {
        Object[] tombstone = row.clone();
        tombstone[3] = operation;
        deleted.add(tombstone);
    }

    /** A row with the key is written: one that was deleted gives way, if the key names it. */
    private void take(Object key) {
        if (relation.hasKey()) {
            deleted.removeIf(row -> row[0].equals(key));
        }
    }

    /** One random change, told to the feed. */
    void change(ChangeFeed feed) {
        int dice = random.nextInt(40);
        if (dice == 0) {
            truncate(feed);
        } else if (dice < 14 || rows.isEmpty()) {
            insert(feed);
        } else if (dice < 24) {
            delete(feed);
        } else {
            update(feed);
        }
    }

    /** One random change that need not find a row. */
    void append(ChangeFeed feed, boolean mayTruncate) {
        if (mayTruncate && random.nextInt(40) == 0) {
            truncate(feed);
        } else {
            insert(feed);
        }
    }

    private void truncate(ChangeFeed feed) {
        rows.forEach(row -> bury(row, "truncate"));
        rows.clear();
        feed.truncate(relation);
    }

    private void insert(ChangeFeed feed) {
        int key = random.nextInt(40);
        if (relation.hasKey() && isTaken(key)) {
            return;
        }
        Object[] row = fresh(key);
        take(row[0]);
        rows.add(row);
        feed.insert(relation, values(row));
    }

    private boolean isTaken(int key) {
        return rows.stream().anyMatch(row -> row[0].equals(key));
    }

    private void delete(ChangeFeed feed) {
        Object[] row = rows.remove(random.nextInt(rows.size()));
        bury(row, "delete");
        if (relation.hasKey()) {
            feed.delete(relation, 'K', row[0], null, null);
        } else {
            feed.delete(relation, 'O', values(row));
        }
    }

    private void update(ChangeFeed feed) {
        Object[] row = rows.get(random.nextInt(rows.size()));
        Object[] old = values(row);
        Object[] sent = values(row);
        if (random.nextInt(3) == 0) {
            int key = random.nextInt(40);
            if (!relation.hasKey() || !isTaken(key)) {
                moveTo(key, row);
                sent[0] = key;
            }
        }
        if (random.nextBoolean()) {
            row[1] = name();
            sent[1] = row[1];
        } else if (random.nextBoolean()) {
            sent[1] = UNCHANGED;
        }
        row[2] = amount();
        row[3] = "update";
        sent[2] = row[2];
        tell(feed, old, sent);
    }

    private void moveTo(Object key, Object[] row) {
        if (relation.hasKey()) {
            bury(row, "update");
            take(key);
        }
        row[0] = key;
    }

    private void tell(ChangeFeed feed, Object[] old, Object[] sent) {
        if (!relation.hasKey()) {
            feed.update(relation, 'O', Arrays.asList(old), Arrays.asList(sent));
        } else if (!old[0].equals(sent[0])) {
            feed.update(relation, 'K', Arrays.asList(old[0], null, null), Arrays.asList(sent));
        } else {
            feed.update(relation, sent);
        }
    }
}
