// SPDX-License-Identifier: Apache-2.0
package io.philotes.catalogs;

/** What happens to one commit between the sink and the REST catalog. */
enum CommitFault {
    /** The server never sees it; the connection breaks. */
    REQUEST_LOST(false, 0, false),
    /** The server makes it; the connection breaks before the reply. */
    REPLY_LOST(true, 0, false),
    /** Refused on the way. */
    UNAVAILABLE(false, 503, false),
    /** Made, and then reported as unavailable. */
    MADE_BUT_UNAVAILABLE(true, 503, false),
    /** Made, and then reported as a server error. */
    MADE_BUT_FAILED(true, 500, false),
    /** Made, and then the client is told to send it again, which Iceberg's HTTP client does by itself. */
    MADE_BUT_TRY_AGAIN(true, 503, true),
    /** Made, and then the client is told that it asks too often; it sends it again by itself. */
    MADE_BUT_TOO_MANY(true, 429, false);

    private final boolean forwarded;
    private final int status;
    private final boolean retryAfter;

    CommitFault(boolean forwarded, int status, boolean retryAfter) {
        this.forwarded = forwarded;
        this.status = status;
        this.retryAfter = retryAfter;
    }

    boolean forwarded() {
        return forwarded;
    }

    /** 0: no answer at all. */
    int status() {
        return status;
    }

    boolean retryAfter() {
        return retryAfter;
    }
}
