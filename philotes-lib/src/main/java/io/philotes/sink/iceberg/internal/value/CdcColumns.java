// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The columns that append mode adds behind the source's own. All optional. */
public final class CdcColumns {

    /** Every name here starts with it; source columns that do so are escaped in append mode. */
    public static final String PREFIX = "_cdc_";

    /** string: {@code insert}, {@code update}, {@code delete} or {@code truncate}. */
    public static final String OPERATION = "_cdc_operation";

    /** string: the transaction's commit LSN as 16 lower-case hexadecimal digits with leading zeros, so that it sorts. */
    public static final String LSN = "_cdc_lsn";

    /** long: the change's place in its transaction, from 0; with {@link #LSN} the order of changes. */
    public static final String ORDINAL = "_cdc_ordinal";

    /** timestamptz: the transaction's commit time. */
    public static final String TIMESTAMP = "_cdc_timestamp";

    /** long: the transaction's id, unsigned 32 bits; it wraps. */
    public static final String TRANSACTION_ID = "_cdc_transaction_id";

    /**
     * list of string: names of the columns that are NULL here because the update did not touch them and the server did not
     * send them; NULL when there is none.
     */
    public static final String UNCHANGED = "_cdc_unchanged";

    private CdcColumns() {}

    /** The columns in table order with their types; the list's element id is a placeholder. */
    public static Map<String, Type> types() {
        Map<String, Type> types = new LinkedHashMap<>();
        types.put(OPERATION, Types.StringType.get());
        types.put(LSN, Types.StringType.get());
        types.put(ORDINAL, Types.LongType.get());
        types.put(TIMESTAMP, Types.TimestampType.withZone());
        types.put(TRANSACTION_ID, Types.LongType.get());
        types.put(UNCHANGED, Types.ListType.ofOptional(1, Types.StringType.get()));
        return types;
    }
}
