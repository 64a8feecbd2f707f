// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import org.apache.iceberg.types.Type;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.schema.MessageType;

/**
 * Writes a list of primitives. A list stands in Parquet as {@code list → repeated group → element}; a definition level says
 * how far down a value is there, a repetition level whether it begins a row (0) or goes on with the list.
 */
final class ListWriter implements SlotWriter {

    private final LeafWriter element;
    private final int repeatedDefinition;
    private final int repeatedRepetition;

    ListWriter(Type elementType, ColumnDescriptor elementColumn, MessageType message) {
        String[] path = elementColumn.getPath();
        this.element = new LeafWriter(elementType, elementColumn);
        this.repeatedDefinition = message.getMaxDefinitionLevel(path[0], path[1]);
        this.repeatedRepetition = message.getMaxRepetitionLevel(path[0], path[1]);
    }

    @Override
    public void write(Slots slots, int at, int repetitionLevel) {
        if (slots.isNull(at)) {
            element.writeAbsent(repetitionLevel, repeatedDefinition - 2);
            return;
        }
        Slots elements = slots.list(at);
        if (elements.size() == 0) {
            element.writeAbsent(repetitionLevel, repeatedDefinition - 1);
            return;
        }
        element.write(elements, 0, repetitionLevel);
        for (int i = 1; i < elements.size(); i++) {
            element.write(elements, i, repeatedRepetition);
        }
    }

    @Override
    public void setColumnStore(ColumnWriteStore store) {
        element.setColumnStore(store);
    }
}
