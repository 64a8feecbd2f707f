// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Somebody else's stream, which is not closed with the file that is written to it. */
final class StayingOpen extends FilterOutputStream {

    StayingOpen(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
