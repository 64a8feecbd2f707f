// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TupleView;
import io.philotes.source.RowConsumer;

/** Passes rows of a table copy on with their masked columns masked. Confined to one thread. */
final class MaskedRows implements RowConsumer {

    private final RuledRelation relation;
    private final RowConsumer consumer;
    private final TupleRewriter rewriter = new TupleRewriter();
    private final TupleView view = new TupleView();

    MaskedRows(RuledRelation relation, RowConsumer consumer) {
        this.relation = relation;
        this.consumer = consumer;
    }

    @Override
    public void accept(TupleView row) {
        rewriter.clear();
        rewriter.appendCopied(relation, row);
        view.readCopyTuple(rewriter.bytes(), 0, rewriter.length());
        consumer.accept(view);
    }
}
