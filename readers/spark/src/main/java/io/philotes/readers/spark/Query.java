// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers.spark;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs one statement as the {@code spark-sql} command does, and prints its rows as that does: {@code Query <key=value>... <sql>}. */
public final class Query {

    private Query() {}

    /** See above; each key is one of Spark's configuration. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "1");
        for (int i = 0; i < args.length - 1; i++) {
            String[] setting = args[i].split("=", 2);
            builder.config(setting[0], setting[1]);
        }
        try (SparkSession spark = builder.getOrCreate()) {
            for (Row row : spark.sql(args[args.length - 1]).collectAsList()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < row.length(); i++) {
                    values.add(row.isNullAt(i) ? "NULL" : row.get(i).toString());
                }
                out.println(String.join("\t", values));
            }
        }
    }
}
