// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChannelSocketTest {

    @TempDir
    Path directory;

    /** Both ends of a connection. */
    private record Ends(Socket socket, SocketChannel peer) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            socket.close();
            peer.close();
        }

        void send(byte... bytes) throws IOException {
            peer.write(ByteBuffer.wrap(bytes));
        }
    }

    private Ends ends(boolean streams) throws IOException {
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            Properties properties = new Properties();
            if (streams) {
                properties.setProperty("replication", "database");
            }
            UnixSocketFactory.use(file, properties);
            return new Ends(new UnixSocketFactory(properties).createSocket(), server.accept());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_written_in_any_pieces_is_read_in_any_pieces(boolean streams) throws Exception {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        byte[] sent = new byte[3_000_000];
        new Random(seed).nextBytes(sent);
        try (Ends ends = ends(streams)) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(ends.peer(), sent, seed));
            assertThat(readAll(ends.socket().getInputStream(), new Random(seed)))
                    .as("seed " + seed)
                    .isEqualTo(sent);
            writer.join();
        }
    }

    private static void write(SocketChannel peer, byte[] bytes, long seed) {
        Random random = new Random(seed);
        try {
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(20) == 0 ? 200_000 : 300));
                ByteBuffer piece = ByteBuffer.wrap(bytes, at, count);
                while (piece.hasRemaining()) {
                    peer.write(piece);
                }
                at += count;
            }
            peer.shutdownOutput();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static byte[] readAll(InputStream in, Random random) throws IOException {
        byte[] read = new byte[4_000_000];
        int at = 0;
        while (true) {
            int available = random.nextBoolean() ? in.available() : 0;
            int count;
            if (random.nextInt(10) == 0) {
                int single = in.read();
                read[at] = (byte) single;
                count = single < 0 ? -1 : 1;
            } else {
                count = in.read(read, at, 1 + random.nextInt(100_000));
            }
            if (count < 0) {
                assertThat(available).isZero();
                assertThat(in.read()).isEqualTo(-1);
                return Arrays.copyOf(read, at);
            }
            at += count;
        }
    }

    @Test
    void a_read_without_bytes_times_out_and_the_next_one_finds_them() throws Exception {
        try (Ends ends = ends(false)) {
            InputStream in = ends.socket().getInputStream();
            ends.socket().setSoTimeout(1);
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            assertThat(in.available()).isZero();
            ends.send((byte) 7, (byte) 8);
            ends.socket().setSoTimeout(30_000);
            assertThat(in.read()).isEqualTo(7);
            assertThat(in.available()).isEqualTo(1);
            assertThat(in.read(new byte[10])).isEqualTo(1);
        }
    }

    @Test
    void what_the_peer_does_not_take_is_waited_for() throws Exception {
        byte[] sent = new byte[20_000_000];
        new Random(1).nextBytes(sent);
        try (Ends ends = ends(false)) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                try {
                    ends.socket().getOutputStream().write(sent);
                    ends.socket().getOutputStream().write(5);
                    ends.socket().shutdownOutput();
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            ByteBuffer read = ByteBuffer.allocate(sent.length + 2);
            while (ends.peer().read(read) >= 0) {
                assertThat(read.hasRemaining()).isTrue();
            }
            assertThat(Arrays.copyOf(read.array(), sent.length)).isEqualTo(sent);
            assertThat(read.position()).isEqualTo(sent.length + 1);
            writer.join();
        }
    }

    @Test
    void an_interrupt_neither_ends_a_read_nor_is_lost() throws Exception {
        try (Ends ends = ends(true)) {
            CompletableFuture<String> read = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    Thread.currentThread().interrupt();
                    int first = ends.socket().getInputStream().read();
                    read.complete(first + " " + Thread.currentThread().isInterrupted());
                } catch (IOException e) {
                    read.completeExceptionally(e);
                }
            });
            reader.start();
            await().until(() -> !reader.isInterrupted());
            reader.interrupt();
            await().until(() -> !reader.isInterrupted());
            ends.send((byte) 9);
            assertThat(read.join()).isEqualTo("9 true");
        }
    }

    @Test
    void closing_ends_a_read_of_another_thread() throws Exception {
        try (Ends ends = ends(false)) {
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    ended.completeExceptionally(new AssertionError(
                            "read " + ends.socket().getInputStream().read()));
                } catch (IOException e) {
                    ended.complete(e);
                }
            });
            reader.start();
            await().until(() -> reader.getState() == Thread.State.RUNNABLE || ended.isDone());
            ends.socket().close();
            assertThat(ended.join()).isInstanceOf(IOException.class);
            assertThat(ends.socket().isClosed()).isTrue();
            assertThat(ends.peer().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThatThrownBy(() -> ends.socket().getInputStream()).isInstanceOf(SocketException.class);
            ends.socket().close();
        }
    }

    @Test
    void closing_ends_a_write_of_another_thread() throws Exception {
        try (Ends ends = ends(false)) {
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                try {
                    ends.socket().getOutputStream().write(new byte[20_000_000]);
                    ended.completeExceptionally(new AssertionError("nobody reads"));
                } catch (IOException e) {
                    ended.complete(e);
                }
            });
            writer.start();
            await().until(() -> waits(writer) || ended.isDone());
            ends.socket().close();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    private static boolean waits(Thread writer) {
        return Arrays.stream(writer.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("await")
                        && frame.getClassName().endsWith("Readiness"));
    }

    @Test
    void what_a_driver_sets_for_tcp_is_passed_over() throws Exception {
        try (Ends ends = ends(false)) {
            ends.socket().setTcpNoDelay(true);
            ends.socket().setKeepAlive(true);
            ends.socket().setReceiveBufferSize(1);
            assertThat(ends.socket().getSendBufferSize()).isPositive();
            assertThat(ends.socket().isConnected()).isTrue();
        }
    }
}
