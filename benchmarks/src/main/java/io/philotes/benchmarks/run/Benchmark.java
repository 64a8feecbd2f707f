// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.result.Result;
import java.io.IOException;
import java.sql.SQLException;

/** Something that comes to a result. Implementations are immutable. */
public interface Benchmark {

    /** As it is asked for on the command line. */
    String name();

    /** @throws BenchmarkException when a part fails, or the lake is not equal to the source */
    Result run(BenchmarkOptions options, Progress progress) throws IOException, SQLException, InterruptedException;
}
