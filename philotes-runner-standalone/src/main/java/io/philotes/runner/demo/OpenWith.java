// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import java.nio.file.Path;

/** How other engines open the demo's lake. */
final class OpenWith {

    private OpenWith() {}

    /** @param metadataFile the newest metadata file of the table orders */
    static String text(Path lake, String metadataFile, int formatVersion) {
        return """
                Open the lake with other engines; it is an Iceberg JDBC catalog in SQLite, and its name is 'philotes':
                  uri        jdbc:sqlite:%1$s/catalog.db
                  warehouse  %1$s/warehouse

                Spark 4.1
                  spark-sql --packages org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0,org.xerial:sqlite-jdbc:3.54.1.0 \\
                    --conf spark.sql.catalog.philotes=org.apache.iceberg.spark.SparkCatalog \\
                    --conf spark.sql.catalog.philotes.type=jdbc \\
                    --conf spark.sql.catalog.philotes.uri=jdbc:sqlite:%1$s/catalog.db \\
                    --conf spark.sql.catalog.philotes.jdbc.schema-version=V1 \\
                    --conf spark.sql.catalog.philotes.warehouse=%1$s/warehouse
                  SELECT status, count(*) FROM philotes.shop.orders GROUP BY status;

                Trino%3$s: etc/catalog/philotes.properties, and the SQLite driver's jar in plugin/iceberg
                  connector.name=iceberg
                  iceberg.catalog.type=jdbc
                  iceberg.jdbc-catalog.catalog-name=philotes
                  iceberg.jdbc-catalog.driver-class=org.sqlite.JDBC
                  iceberg.jdbc-catalog.connection-url=jdbc:sqlite:%1$s/catalog.db
                  iceberg.jdbc-catalog.default-warehouse-dir=%1$s/warehouse
                  fs.hadoop.enabled=true

                DuckDB%3$s: one table, from its metadata file
                  INSTALL iceberg; LOAD iceberg;
                  SELECT status, count(*) FROM iceberg_scan('%2$s') GROUP BY status;
                """.formatted(
                        lake,
                        metadataFile,
                        formatVersion == 3 ? " (a version that reads Iceberg format 3; else --format-version 2)" : "");
    }
}
