// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.auth;

import org.apache.iceberg.rest.RESTClient;

/** Where tokens come from. Thread-safe. */
@FunctionalInterface
public interface Tokens {

    /**
     * The token for a request that goes out now.
     *
     * @param client to fetch one with; signs nothing itself
     * @throws org.apache.iceberg.exceptions.NotAuthorizedException when there is none
     */
    String now(RESTClient client);
}
