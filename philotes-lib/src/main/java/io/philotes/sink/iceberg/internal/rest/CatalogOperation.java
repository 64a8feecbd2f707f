// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.rest;

import java.util.Arrays;
import java.util.List;

/** What a request to a REST catalog asks for, in a word that holds no name of anything. Stateless. */
final class CatalogOperation {

    private CatalogOperation() {}

    /**
     * The word for a request.
     *
     * @param method of the client that sends it
     * @param path as the REST specification has it, {@code v1/{prefix}/namespaces/{namespace}/tables/{table}} for one
     */
    static String of(String method, String path) {
        if (method.equals("postForm")) {
            return "token";
        }
        List<String> segments = Arrays.asList(path.split("/"));
        int namespaces = segments.indexOf("namespaces");
        if (namespaces < 0) {
            return path.endsWith("/transactions/commit") ? "commit" : path.endsWith("/config") ? "config" : "other";
        }
        List<String> rest = segments.subList(namespaces + 1, segments.size());
        if (rest.size() < 2) {
            return "namespace";
        }
        if (!rest.get(1).equals("tables")) {
            return "other";
        }
        return switch (rest.size()) {
            case 2 -> method.equals("post") ? "create-table" : "list-tables";
            case 3 -> ofTable(method);
            default -> rest.get(3).equals("credentials") ? "credentials" : "other";
        };
    }

    private static String ofTable(String method) {
        return switch (method) {
            case "post" -> "commit";
            case "delete" -> "drop-table";
            default -> "load-table";
        };
    }
}
