// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.nio.charset.StandardCharsets;
import org.apache.iceberg.types.Types;

/** Sets the {@link CdcColumns} of one row. */
final class CdcFiller {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final RowLayout layout;
    private final Slots slots;

    CdcFiller(RowLayout layout, Slots slots) {
        this.layout = layout;
        this.slots = slots;
        if (!layout.mode().hasCdcColumns()) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot set the _cdc_ columns: the table has none")
                    .inTable(layout.relation().table());
        }
    }

    void fill(CdcOperation operation, Lsn commitLsn, long ordinal, long commitMicros, int transactionId) {
        byte[] text = operation.text();
        slots.setBytes(at(CdcColumns.OPERATION), text, 0, text.length);
        lsn(commitLsn.value());
        slots.setNumber(at(CdcColumns.ORDINAL), ordinal);
        slots.setNumber(at(CdcColumns.TIMESTAMP), commitMicros);
        slots.setNumber(at(CdcColumns.TRANSACTION_ID), Integer.toUnsignedLong(transactionId));
        if (layout.mode().keepsDeleted()) {
            slots.setNumber(at(CdcColumns.DELETED), 0);
        }
        if (!layout.mode().mirrors()) {
            unchanged();
        }
    }

    private void lsn(long value) {
        byte[] digits = slots.ownBytes(at(CdcColumns.LSN), 16);
        for (int i = 0; i < 16; i++) {
            digits[i] = HEX[(int) (value >>> (60 - 4 * i)) & 0xf];
        }
    }

    private void unchanged() {
        Slots names = null;
        for (int i = 0; i < slots.size(); i++) {
            if (slots.state(i) == Slots.UNCHANGED) {
                names = names == null ? slots.startList(at(CdcColumns.UNCHANGED)) : names;
                Types.NestedField field = layout.fields().get(i);
                byte[] name = field.name().getBytes(StandardCharsets.UTF_8);
                names.setBytes(names.add(), name, 0, name.length);
                slots.setNull(i);
            }
        }
        if (names == null) {
            slots.setNull(at(CdcColumns.UNCHANGED));
        }
    }

    private int at(String column) {
        return layout.cdcPosition(column);
    }
}
