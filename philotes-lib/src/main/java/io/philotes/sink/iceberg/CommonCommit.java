// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * The part of a catalog that changes several tables at once, or none of them. Of Iceberg's own only the REST catalog has it,
 * where its server names the endpoint {@code POST …/transactions/commit} of the REST specification.
 */
@FunctionalInterface
interface CommonCommit {

    /** Throws what the catalog throws for the commit of one table; then all of them were refused, or none is known of. */
    void commit(List<TableCommit> tables);

    /** Empty when the catalog cannot. Asks no server for anything. */
    static Optional<CommonCommit> of(Catalog catalog) {
        if (catalog instanceof CommonCommit own) {
            return Optional.of(own);
        }
        return catalog instanceof RESTCatalog rest && names(rest)
                ? Optional.of(rest::commitTransaction)
                : Optional.empty();
    }

    /** It tells only by what it throws: first it asks whether the endpoint was named, then whether there are any tables. */
    private static boolean names(RESTCatalog rest) {
        try {
            rest.commitTransaction(List.of());
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
