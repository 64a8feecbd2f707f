// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import java.util.ArrayList;
import java.util.List;

/** Trino: a file of properties, and a query. Stateless. */
final class TrinoSnippet {

    private TrinoSnippet() {}

    static String of(SnippetLake lake) {
        List<String> lines = new ArrayList<>();
        String file = "etc/catalog/" + lake.catalog() + ".properties";
        lines.add("# " + file + (lake.isRest() ? "" : ", with the driver's jar in plugin/iceberg"));
        lines.add("connector.name=iceberg");
        if (lake.isRest()) {
            rest(lake, lines);
        } else {
            jdbc(lake, lines);
        }
        lake.storage().ifPresent(storage -> storage(storage, lines));
        lines.add("");
        lines.add("-- then, in Trino:");
        lines.add("SELECT * FROM " + Engine.name(lake.catalog()) + "." + Engine.name(lake.namespace()) + "."
                + Engine.name(lake.table()) + " LIMIT 10;");
        return String.join("\n", lines);
    }

    private static void rest(SnippetLake lake, List<String> lines) {
        lines.add("iceberg.catalog.type=rest");
        lines.add("iceberg.rest-catalog.uri=" + lake.uri());
        lines.add("iceberg.rest-catalog.warehouse=" + lake.warehouse());
        if (lake.signsIn()) {
            lines.add("iceberg.rest-catalog.security=OAUTH2");
            lines.add("iceberg.rest-catalog.oauth2.token=...");
        }
        if (lake.storage().isEmpty()) {
            lines.add("fs.s3.enabled=true");
        }
    }

    private static void jdbc(SnippetLake lake, List<String> lines) {
        lines.add("iceberg.catalog.type=jdbc");
        lines.add("iceberg.jdbc-catalog.catalog-name=" + lake.catalog());
        lines.add(
                "iceberg.jdbc-catalog.driver-class=" + (lake.isLocal() ? "org.sqlite.JDBC" : "org.postgresql.Driver"));
        lines.add("iceberg.jdbc-catalog.connection-url=" + lake.uri());
        lake.user().ifPresent(user -> {
            lines.add("iceberg.jdbc-catalog.connection-user=" + user);
            lines.add("iceberg.jdbc-catalog.connection-password=...");
        });
        lines.add("iceberg.jdbc-catalog.default-warehouse-dir=" + lake.warehouse());
        if (lake.storage().isEmpty()) {
            lines.add("fs.hadoop.enabled=true");
        }
    }

    private static void storage(SnippetStorage storage, List<String> lines) {
        lines.add("fs.s3.enabled=true");
        storage.endpoint().ifPresent(uri -> lines.add("s3.endpoint=" + uri));
        storage.region().ifPresent(region -> lines.add("s3.region=" + region));
        if (storage.pathStyle()) {
            lines.add("s3.path-style-access=true");
        }
        if (storage.hasKeys()) {
            lines.add("s3.aws-access-key=...");
            lines.add("s3.aws-secret-key=...");
        }
    }
}
