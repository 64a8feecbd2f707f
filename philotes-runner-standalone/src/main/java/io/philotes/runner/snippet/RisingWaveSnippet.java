// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import java.util.ArrayList;
import java.util.List;

/** RisingWave, which reads through a catalog and from an object store. Stateless. */
final class RisingWaveSnippet {

    private RisingWaveSnippet() {}

    static String of(SnippetLake lake) {
        List<String> options = new ArrayList<>();
        options.add("connector = 'iceberg'");
        options.add("catalog.type = " + (lake.isRest() ? "'rest'" : "'jdbc'"));
        options.add("catalog.name = " + Engine.text(lake.catalog()));
        options.add("catalog.uri = " + Engine.text(lake.uri()));
        if (lake.signsIn()) {
            options.add("catalog.token = '...'");
        }
        lake.user().ifPresent(user -> {
            options.add("catalog.jdbc.user = " + Engine.text(user));
            options.add("catalog.jdbc.password = '...'");
        });
        options.add("warehouse.path = " + Engine.text(lake.warehouse()));
        options.add("database.name = " + Engine.text(lake.namespace()));
        options.add("table.name = " + Engine.text(lake.table()));
        lake.storage().ifPresent(storage -> storage(storage, options));
        String name = Engine.name(lake.table());
        String more = lake.storage().isPresent()
                ? ""
                : "   -- for files on S3 add s3.endpoint or s3.region, s3.access.key, s3.secret.key";
        return "CREATE SOURCE " + name + " WITH (\n  " + String.join(",\n  ", options) + "\n);\nSELECT * FROM " + name
                + " LIMIT 10;" + more;
    }

    /** It has no keys of its own. */
    private static void storage(SnippetStorage storage, List<String> options) {
        storage.endpoint().ifPresent(uri -> options.add("s3.endpoint = " + Engine.text(uri)));
        storage.region().ifPresent(region -> options.add("s3.region = " + Engine.text(region)));
        if (storage.pathStyle()) {
            options.add("s3.path.style.access = 'true'");
        }
        options.add("s3.access.key = '...'");
        options.add("s3.secret.key = '...'");
    }
}
