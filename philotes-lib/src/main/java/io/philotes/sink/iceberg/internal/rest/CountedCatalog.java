// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.rest;

import io.philotes.metrics.PipelineMetrics;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTSessionCatalog;

/** A REST catalog that tells of each request, once somebody wants to hear of them. Thread-safe, as REST catalogs are. */
public class CountedCatalog extends RESTCatalog {

    private volatile PipelineMetrics metrics = PipelineMetrics.NONE;

    /** Of the catalog's requests, if it is one that tells of them, these metrics are told from now on, and no others. */
    public static void tell(Catalog catalog, PipelineMetrics metrics) {
        if (catalog instanceof CountedCatalog counted) {
            counted.metrics = metrics;
        }
    }

    /** Called by the constructor of {@link RESTCatalog}, before there are any fields here; the client is made later. */
    @Override
    protected RESTSessionCatalog newSessionCatalog(Function<Map<String, String>, RESTClient> clientBuilder) {
        return super.newSessionCatalog(config -> CountedClient.around(clientBuilder.apply(config), () -> metrics));
    }
}
