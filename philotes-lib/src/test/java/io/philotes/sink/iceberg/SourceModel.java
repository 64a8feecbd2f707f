// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Tuples.UNCHANGED;

import io.philotes.model.RelationSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A source table in memory that changes at random and says so in a feed, as PostgreSQL would. */
final class SourceModel {

    private final Random random;
    private final RelationSchema relation;
    private final List<Object[]> rows = new ArrayList<>();

    SourceModel(Random random, RelationSchema relation) {
        this.random = random;
        this.relation = relation;
        for (int i = 0; i < 20; i++) {
            rows.add(fresh(i));
        }
    }

    private Object[] fresh(int key) {
        return new Object[] {key, name(), amount()};
    }

    private Object name() {
        return random.nextInt(6) == 0 ? null : "name " + random.nextInt(5);
    }

    private Object amount() {
        return random.nextInt(6) == 0 ? null : random.nextInt(9);
    }

    Object[][] rows() {
        return rows.toArray(Object[][]::new);
    }

    List<String> expected() {
        return rows.stream()
                .map(row -> row[0] + "|" + row[1] + "|" + row[2])
                .sorted()
                .toList();
    }

    /** One random change, told to the feed. */
    void change(ChangeFeed feed) {
        int dice = random.nextInt(40);
        if (dice == 0) {
            rows.clear();
            feed.truncate(relation);
        } else if (dice < 14 || rows.isEmpty()) {
            insert(feed);
        } else if (dice < 24) {
            delete(feed);
        } else {
            update(feed);
        }
    }

    private void insert(ChangeFeed feed) {
        int key = random.nextInt(40);
        if (relation.hasKey() && isTaken(key)) {
            return;
        }
        Object[] row = fresh(key);
        rows.add(row);
        feed.insert(relation, row);
    }

    private boolean isTaken(int key) {
        return rows.stream().anyMatch(row -> row[0].equals(key));
    }

    private void delete(ChangeFeed feed) {
        Object[] row = rows.remove(random.nextInt(rows.size()));
        if (relation.hasKey()) {
            feed.delete(relation, 'K', row[0], null, null);
        } else {
            feed.delete(relation, 'O', row);
        }
    }

    private void update(ChangeFeed feed) {
        Object[] row = rows.get(random.nextInt(rows.size()));
        Object[] old = row.clone();
        Object[] sent = row.clone();
        if (random.nextInt(3) == 0) {
            int key = random.nextInt(40);
            if (!relation.hasKey() || !isTaken(key)) {
                row[0] = key;
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
        sent[2] = row[2];
        tell(feed, old, sent);
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
