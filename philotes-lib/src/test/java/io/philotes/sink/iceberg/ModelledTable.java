// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A source that changes at random, and its table, which must equal it after every commit, restart and replay. */
final class ModelledTable {

    private final Random random;
    private final RelationSchema relation;
    private final boolean keepsDeleted;
    private final TestLake lake;
    private final SourceModel source;
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private final List<ChangeBatch> sinceCommit = new ArrayList<>();
    private final List<ChangeBatch> all = new ArrayList<>();
    private Lsn committed = LOADED_AT;

    /** So many changes are to come before the first that must find a row: without a key, that one makes the index. */
    private int appends;

    /** One with rows that are loaded into the lake. */
    ModelledTable(Random random, RelationSchema relation, boolean keepsDeleted, TestLake lake) {
        this.random = random;
        this.relation = relation;
        this.keepsDeleted = keepsDeleted;
        this.lake = lake;
        this.source = new SourceModel(random, relation);
        lake.loaded(relation, source.rows());
        beginWithAppends();
    }

    private void beginWithAppends() {
        appends = relation.hasKey() ? 0 : random.nextInt(50);
    }

    static TableOptions options(boolean keepsDeleted, String... partitions) {
        TableOptions options = TableOptions.DEFAULTS.partitionBy(partitions);
        return keepsDeleted ? options.withSoftDelete() : options;
    }

    void write() {
        int transactions = 1 + random.nextInt(3);
        for (int t = 0; t < transactions; t++) {
            feed.begin();
            int changes = random.nextInt(12);
            for (int i = 0; i < changes; i++) {
                change();
            }
            feed.commit();
        }
        ChangeBatch batch = feed.batch();
        sinceCommit.add(batch);
        all.add(batch);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
    }

    private void change() {
        if (appends > 0) {
            appends--;
            source.append(feed, !keepsDeleted);
        } else {
            source.change(feed);
        }
    }

    /** What was not committed is forgotten, and comes again. */
    void discard() {
        lake.sink().discard();
        sinceCommit.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
    }

    void commit() {
        lake.commit(feed.end());
        committed = feed.end();
        sinceCommit.clear();
        requireEqual();
    }

    boolean isCommitted() {
        return sinceCommit.isEmpty();
    }

    void restart() {
        lake.restart().resume(relation, lake.sink().committedUpTo(relation).orElseThrow());
        List<ChangeBatch> replayed = random.nextBoolean() ? all : sinceCommit;
        replayed.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
        assertThat(lake.sink().committedUpTo(relation).orElseThrow()).isLessThanOrEqualTo(committed);
        beginWithAppends();
    }

    void requireEqual() {
        if (keepsDeleted) {
            assertThat(comparable(lake.rows("orders", "id", "name", "amount", "_cdc_operation", "_cdc_deleted")))
                    .isEqualTo(comparable(source.expectedWithDeleted()));
        } else {
            assertThat(lake.rows("orders")).isEqualTo(source.expected());
        }
    }

    /** Of rows that look the same without a key, any may be the one that stays, whatever wrote it; what deleted the others is certain. */
    private List<String> comparable(List<String> rows) {
        return relation.hasKey()
                ? rows
                : rows.stream()
                        .map(row -> row.replaceFirst("\\|[a-z]+\\|(?=false$)", "|"))
                        .sorted()
                        .toList();
    }

    /** A reader may look at any table snapshot, not only at the newest. */
    void requireUniqueKeysThroughout() {
        if (!relation.hasKey()) {
            return;
        }
        lake.table("orders").snapshots().forEach(snapshot -> {
            List<String> keys = lake.rows("orders", snapshot.snapshotId()).stream()
                    .map(row -> row.substring(0, row.indexOf('|')))
                    .toList();
            assertThat(keys)
                    .describedAs("table snapshot %s", snapshot.sequenceNumber())
                    .doesNotHaveDuplicates();
        });
    }
}
