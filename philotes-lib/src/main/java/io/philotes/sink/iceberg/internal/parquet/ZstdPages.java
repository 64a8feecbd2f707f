// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses pages with one zstd context for a whole file, array to array: parquet-java makes a stream, and with it a context,
 * for each page, and parses a Hadoop configuration for each file. Confined to one thread; to be released.
 */
final class ZstdPages implements BytesInputCompressor {

    private static final HeapByteBufferAllocator HEAP = new HeapByteBufferAllocator();

    private final int level;
    private ZstdCompressCtx context;
    private byte[] out = new byte[0];

    ZstdPages(int level) {
        this.level = level;
    }

    /** The result is valid until the next call. */
    @Override
    public BytesInput compress(BytesInput page) {
        if (context == null) {
            context = new ZstdCompressCtx().setLevel(level);
        }
        ByteBuffer bytes = page.toByteBuffer(HEAP, unused -> {});
        int bound = Math.toIntExact(Zstd.compressBound(bytes.remaining()));
        if (out.length < bound || (out.length > PageBytes.MOST_KEPT && bound <= PageBytes.MOST_KEPT)) {
            out = new byte[bound];
        }
        int length = context.compressByteArray(
                out, 0, out.length, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        return BytesInput.from(ByteBuffer.wrap(out, 0, length));
    }

    int heapBytes() {
        return out.length;
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
        if (context != null) {
            context.close();
            context = null;
        }
        out = new byte[0];
    }
}
