// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** PyIceberg. Stateless. */
final class PyIcebergSnippet {

    private PyIcebergSnippet() {}

    static String of(SnippetLake lake) {
        List<String> lines = new ArrayList<>();
        String extras = lake.isRest() ? "pyarrow" : lake.isLocal() ? "pyarrow,sql-sqlite" : "pyarrow,sql-postgres";
        lines.add("# pip install 'pyiceberg[" + extras + "]'");
        lines.add("from pyiceberg.catalog import load_catalog");
        lines.add("");
        lines.add("catalog = load_catalog(");
        lines.add("    " + literal(lake.catalog()) + ",");
        lines.add("    type=" + literal(lake.isRest() ? "rest" : "sql") + ",");
        lines.add("    uri=" + literal(uri(lake)) + ",");
        lines.add("    warehouse=" + literal((lake.isLocal() ? "file://" : "") + lake.warehouse()) + ",");
        if (lake.signsIn()) {
            lines.add("    token=\"...\",");
        }
        lake.storage().ifPresent(storage -> storage(storage, lines));
        lines.add(")");
        lines.add("table = catalog.load_table((" + literal(lake.namespace()) + ", " + literal(lake.table()) + "))");
        lines.add("print(table.scan(limit=10).to_arrow())");
        return String.join("\n", lines);
    }

    /** With an endpoint buckets go into the path unless told otherwise. */
    private static void storage(SnippetStorage storage, List<String> lines) {
        Map<String, String> options = new LinkedHashMap<>();
        storage.endpoint().ifPresent(uri -> options.put("s3.endpoint", uri));
        storage.region().ifPresent(region -> options.put("s3.region", region));
        if (storage.endpoint().isPresent() && !storage.pathStyle()) {
            options.put("s3.force-virtual-addressing", "true");
        }
        if (storage.hasKeys()) {
            options.put("s3.access-key-id", "...");
            options.put("s3.secret-access-key", "...");
        }
        if (!options.isEmpty()) {
            lines.add("    **{");
            options.forEach((key, value) -> lines.add("        " + literal(key) + ": " + literal(value) + ","));
            lines.add("    },");
        }
    }

    private static String uri(SnippetLake lake) {
        if (lake.isLocal()) {
            return "sqlite:///" + lake.file();
        }
        String user = lake.user().map(name -> name + ":...@").orElse("");
        return lake.isRest()
                ? lake.uri()
                : lake.uri().replaceFirst("^jdbc:postgresql://", "postgresql+psycopg2://" + user);
    }

    private static String literal(String text) {
        return TextNode.valueOf(text).toString();
    }
}
