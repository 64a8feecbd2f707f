// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import java.util.ArrayList;
import java.util.List;

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
        lines.add(")");
        lines.add("table = catalog.load_table((" + literal(lake.namespace()) + ", " + literal(lake.table()) + "))");
        lines.add("print(table.scan(limit=10).to_arrow())");
        return String.join("\n", lines);
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
        return Json.line(text);
    }
}
