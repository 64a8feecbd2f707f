// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The columns that tell of the change that wrote a row, behind the source's own. All optional. Rows of a table copy have an
 * {@code insert} at the copy's consistent point, without the rest; in a history that has rows there is a {@code truncate} one
 * byte before it, which ends those.
 */
public final class CdcColumns {

    /** Every name here starts with it; source columns that do so are escaped in a table that has such columns. */
    public static final String PREFIX = "_cdc_";

    /**
     * string: {@code insert}, {@code update}, {@code delete} or {@code truncate}, the change that wrote the row's present
     * content. On a row that is marked {@link #DELETED}, {@code update} says that its key was changed.
     */
    public static final String OPERATION = "_cdc_operation";

    /** string: the transaction's commit LSN as 16 lower-case hexadecimal digits with leading zeros, so that it sorts. */
    public static final String LSN = "_cdc_lsn";

    /** long: the change's place in its transaction, from 0; with {@link #LSN} the order of changes. */
    public static final String ORDINAL = "_cdc_ordinal";

    /** timestamptz: the transaction's commit time. */
    public static final String TIMESTAMP = "_cdc_timestamp";

    /** long: the transaction's id, unsigned 32 bits; it wraps. */
    public static final String TRANSACTION_ID = "_cdc_transaction_id";

    /** boolean, in a mirror that keeps deleted rows: whether the source has deleted the row. */
    public static final String DELETED = "_cdc_deleted";

    /**
     * list of string, in append mode: names of the columns that are NULL here because the update did not touch them and the server did not
     * send them; NULL when there is none.
     */
    public static final String UNCHANGED = "_cdc_unchanged";

    private CdcColumns() {}

    static Map<String, Type> of(RowMode mode) {
        Map<String, Type> types = new LinkedHashMap<>();
        if (!mode.hasCdcColumns()) {
            return types;
        }
        types.put(OPERATION, Types.StringType.get());
        types.put(LSN, Types.StringType.get());
        types.put(ORDINAL, Types.LongType.get());
        types.put(TIMESTAMP, Types.TimestampType.withZone());
        types.put(TRANSACTION_ID, Types.LongType.get());
        if (mode.keepsDeleted()) {
            types.put(DELETED, Types.BooleanType.get());
        }
        if (!mode.mirrors()) {
            types.put(UNCHANGED, Types.ListType.ofOptional(1, Types.StringType.get()));
        }
        return types;
    }
}
