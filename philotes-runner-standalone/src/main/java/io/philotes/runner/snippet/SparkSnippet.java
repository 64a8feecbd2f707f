// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import java.util.ArrayList;
import java.util.List;

/** Spark SQL. Stateless. */
final class SparkSnippet {

    private static final String RUNTIME = "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0";
    private static final String AWS = "org.apache.iceberg:iceberg-aws-bundle:1.12.0";

    private SparkSnippet() {}

    static String of(SnippetLake lake) {
        String prefix = "spark.sql.catalog." + lake.catalog();
        List<String> lines = new ArrayList<>();
        lines.add("spark-sql --packages " + RUNTIME + driver(lake));
        lines.add("--conf " + prefix + "=org.apache.iceberg.spark.SparkCatalog");
        lines.add("--conf " + prefix + ".type=" + (lake.isRest() ? "rest" : "jdbc"));
        lines.add("--conf " + Engine.word(prefix + ".uri=" + lake.uri()));
        lines.add("--conf " + Engine.word(prefix + ".warehouse=" + lake.warehouse()));
        if (!lake.isRest()) {
            lines.add("--conf " + prefix + ".jdbc.schema-version=V1");
        }
        lake.user().ifPresent(user -> {
            lines.add("--conf " + Engine.word(prefix + ".jdbc.user=" + user));
            lines.add("--conf " + prefix + ".jdbc.password=...");
        });
        if (lake.signsIn()) {
            lines.add("--conf " + prefix + ".token=...");
        }
        lake.storage().ifPresent(storage -> storage(prefix, storage, lines));
        lines.add("--conf spark.sql.session.timeZone=UTC");
        String query =
                "SELECT * FROM " + name(lake.catalog()) + "." + name(lake.namespace()) + "." + name(lake.table());
        return String.join(" \\\n  ", lines) + "\n\n" + query + " LIMIT 10;";
    }

    private static void storage(String prefix, SnippetStorage storage, List<String> lines) {
        lines.add("--conf " + prefix + ".io-impl=org.apache.iceberg.aws.s3.S3FileIO");
        storage.endpoint().ifPresent(uri -> lines.add("--conf " + Engine.word(prefix + ".s3.endpoint=" + uri)));
        storage.region().ifPresent(region -> lines.add("--conf " + Engine.word(prefix + ".client.region=" + region)));
        if (storage.pathStyle()) {
            lines.add("--conf " + prefix + ".s3.path-style-access=true");
        }
        if (storage.hasKeys()) {
            lines.add("--conf " + prefix + ".s3.access-key-id=...");
            lines.add("--conf " + prefix + ".s3.secret-access-key=...");
        }
    }

    private static String driver(SnippetLake lake) {
        String files = lake.storage().isPresent() ? "," + AWS : "";
        return switch (lake.type()) {
            case LOCAL -> ",org.xerial:sqlite-jdbc:3.54.1.0" + files;
            case JDBC -> ",org.postgresql:postgresql:42.7.14" + files;
            default -> files;
        };
    }

    /** Levels of a namespace are apart by dots; quoted by backticks. */
    private static String name(String identifier) {
        return identifier.matches("[A-Za-z_][A-Za-z0-9_.]*") ? identifier : "`" + identifier.replace("`", "``") + "`";
    }
}
