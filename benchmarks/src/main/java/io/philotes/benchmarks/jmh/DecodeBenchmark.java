// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.jmh;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.source.postgres.internal.pgoutput.Insert;
import io.philotes.source.postgres.internal.pgoutput.PgOutputDecoder;
import io.philotes.source.postgres.internal.pgoutput.TupleRange;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the message of a row to its place in a batch: what capture does, for each row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-Dlogback.configurationFile=benchmark-logback.xml"})
public class DecodeBenchmark {

    private static final int ROWS = 1_000;

    private final byte[][] messages = new byte[ROWS][];
    private final ChangeBatchBuilder builder = new ChangeBatchBuilder();
    private long lsn = 0x10000;

    @Setup
    public void makeMessages() {
        for (int i = 0; i < ROWS; i++) {
            messages[i] = WireRows.insertMessage(i);
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public ChangeBatch decode() {
        lsn += 0x100;
        builder.begin(new Lsn(lsn), lsn, (int) lsn);
        for (byte[] message : messages) {
            TupleRange tuple = ((Insert) PgOutputDecoder.decode(message, 0, message.length)).newTuple();
            builder.insert(WireRows.RELATION, message, tuple.offset(), tuple.length());
        }
        builder.commit(new Lsn(lsn + 8));
        return builder.cutWhole();
    }
}
