// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import com.sun.management.ThreadMXBean;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.TestDirectories;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * What a row costs the Iceberg sink, from batches in memory to committed files on the local disk: CPU of all Java threads (so
 * without compiler and collector) and bytes allocated. Not a test: run {@code main} with {@code narrow|wide
 * insert|update|append|copy [rows per round] [rounds] [rows per commit]}.
 */
final class WriteCost {

    private static final int ROWS_PER_BATCH = 5_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CostRows rows;
    private final String what;
    private final int perRound;
    private final int perCommit;
    private long lsn = 0x10000;
    private long nextKey;

    private WriteCost(CostRows rows, String what, int perRound, int perCommit) {
        this.rows = rows;
        this.what = what;
        this.perRound = perRound;
        this.perCommit = perCommit;
    }

    public static void main(String[] arguments) throws Exception {
        CostRows rows = arguments[0].equals("wide") ? CostRows.wide() : CostRows.narrow();
        int perRound = Integer.parseInt(arguments.length > 2 ? arguments[2] : "200000");
        int rounds = Integer.parseInt(arguments.length > 3 ? arguments[3] : "6");
        int perCommit = Integer.parseInt(arguments.length > 4 ? arguments[4] : Integer.toString(perRound));
        Path directory = Files.createTempDirectory("write-cost");
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            new WriteCost(rows, arguments[1], perRound, perCommit).run(catalog, rounds);
            System.out.printf(Locale.ROOT, "data MB: %.1f%n", size(directory) / 1e6);
        } finally {
            TestDirectories.delete(directory);
        }
    }

    private static long size(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(f -> f.toString().endsWith(".parquet"))
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }

    private void run(JdbcCatalog catalog, int rounds) throws Exception {
        WriteMode mode = what.equals("append") ? WriteMode.APPEND : WriteMode.UPSERT;
        IcebergSink sink =
                IcebergSink.builder(catalog).namespace("cost").mode(mode).build();
        sink.open(new SinkContext("cost", "cost-id", 1, Clock.systemUTC(), PipelineMetrics.NONE));
        if (!what.equals("copy")) {
            try (TableLoad load = sink.load(TablePicture.of(rows.relation()), new Lsn(0x1000))) {
                load.commit();
            }
        }
        for (int round = 1; round <= rounds; round++) {
            List<ChangeBatch> batches = batches(round);
            System.gc();
            Map<Long, long[]> before = used();
            long begun = System.nanoTime();
            if (what.equals("copy")) {
                copy(sink, batches);
            } else {
                write(sink, batches);
            }
            double n = perRound;
            System.out.printf(
                    Locale.ROOT,
                    "%s %s round %d: cpu %.3f us/row, wall %.3f us/row, allocated %.0f B/row%n",
                    rows.name(),
                    what,
                    round,
                    since(before, 0) / 1e3 / n,
                    (System.nanoTime() - begun) / 1e3 / n,
                    since(before, 1) / n);
        }
        sink.close();
    }

    private void write(IcebergSink sink, List<ChangeBatch> batches) throws InterruptedException {
        int since = 0;
        for (int i = 0; i < batches.size(); i++) {
            sink.write(batches.get(i));
            since += ROWS_PER_BATCH;
            if (since >= perCommit || i == batches.size() - 1) {
                sink.commit(batches.get(i).endLsn()).toCompletableFuture().join();
                since = 0;
            }
        }
    }

    private void copy(IcebergSink sink, List<ChangeBatch> batches) {
        TupleView view = new TupleView();
        try (TableLoad load = sink.load(TablePicture.of(rows.relation()), new Lsn(lsn += 0x1000))) {
            try (RangeWriter writer = load.writer()) {
                for (ChangeBatch batch : batches) {
                    var cursor = batch.cursor();
                    while (cursor.next()) {
                        if (cursor.kind() == io.philotes.model.ChangeCursor.Kind.INSERT) {
                            writer.write(cursor.newTuple());
                        }
                    }
                }
            }
            load.commit();
        }
    }

    private List<ChangeBatch> batches(int round) {
        Random random = new Random(round);
        List<ChangeBatch> batches = new ArrayList<>();
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        boolean updates = what.equals("update") && round > 1;
        for (int row = 0; row < perRound; ) {
            lsn += 0x100;
            builder.begin(new Lsn(lsn), 1_700_000_000_000_000L + lsn, (int) lsn);
            for (int i = 0; i < 1000; i++, row++) {
                long key = updates ? random.nextInt((int) nextKey) : nextKey++;
                byte[] tuple = rows.tuple(key, random);
                if (updates) {
                    builder.update(rows.relation(), (byte) 0, tuple, 0, tuple.length);
                } else {
                    builder.insert(rows.relation(), tuple, 0, tuple.length);
                }
            }
            builder.commit(new Lsn(lsn + 8));
            if (row % ROWS_PER_BATCH == 0) {
                batches.add(builder.cutWhole());
            }
        }
        return batches;
    }

    /** Of the threads that live: one that ended since is missed, and was idle before. */
    private static Map<Long, long[]> used() {
        Map<Long, long[]> used = new HashMap<>();
        for (long id : THREADS.getAllThreadIds()) {
            used.put(id, new long[] {THREADS.getThreadCpuTime(id), THREADS.getThreadAllocatedBytes(id)});
        }
        return used;
    }

    private static double since(Map<Long, long[]> before, int what) {
        double all = 0;
        for (Map.Entry<Long, long[]> thread : used().entrySet()) {
            all += thread.getValue()[what] - before.getOrDefault(thread.getKey(), new long[2])[what];
        }
        return all;
    }
}
