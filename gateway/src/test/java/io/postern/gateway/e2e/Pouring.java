package io.postern.gateway.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.IntConsumer;

/** A client that sends as fast as it can, and its server. */
interface Pouring extends AutoCloseable {

    Duration PATIENCE = Duration.ofSeconds(30);

    /** Until it is cut. */
    void send();

    /** Until nothing comes any more, or who is told of it throws. */
    void receive(IntConsumer arrived);

    /** Bytes that have come and are not read. */
    int waiting() throws IOException;

    void decided();

    @Override
    void close() throws IOException;

    /** A connection. */
    record Bytes(Socket client, Socket server) implements Pouring {

        @Override
        public void send() {
            byte[] some = new byte[64 << 10];
            try {
                while (true) {
                    client.getOutputStream().write(some);
                }
            } catch (IOException reset) {
                // As it should be.
            }
        }

        @Override
        public void receive(IntConsumer arrived) {
            byte[] some = new byte[256 << 10];
            try {
                server.setSoTimeout((int) PATIENCE.toMillis());
                for (int count = server.getInputStream().read(some);
                        count >= 0;
                        count = server.getInputStream().read(some)) {
                    arrived.accept(count);
                }
            } catch (SocketTimeoutException notCut) {
                throw new AssertionError("nothing has come and nothing was cut", notCut);
            } catch (IOException reset) {
                // As it should be.
            }
        }

        @Override
        public int waiting() throws IOException {
            return server.getInputStream().available();
        }

        @Override
        public void decided() {
            // It is cut.
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** Who sends datagrams to the server of {@link Datagrams}, one at a time. */
    interface Client extends AutoCloseable {
        void send(byte[] datagram) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Nobody tells either end that it is cut: the client goes on, and what it sends is dropped. */
    final class Datagrams implements Pouring {

        private static final int QUIET_MILLIS = 500;

        private final Client client;
        private final DatagramSocket server;
        private volatile boolean decided;
        private volatile boolean over;

        Datagrams(Client client, DatagramSocket server) {
            this.client = client;
            this.server = server;
        }

        @Override
        public void send() {
            byte[] some = new byte[1_200];
            while (!over) {
                try {
                    client.send(some);
                } catch (IOException full) {
                    // A system that is short of room for a flood is none of the test's business.
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void receive(IntConsumer arrived) {
            DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
            try {
                server.setSoTimeout(QUIET_MILLIS);
                while (!over) {
                    try {
                        server.receive(packet);
                        arrived.accept(packet.getLength());
                    } catch (SocketTimeoutException quiet) {
                        over = decided;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                over = true;
            }
        }

        /** Nobody tells how much waits to be read; it is some hundred KiB at most. */
        @Override
        public int waiting() {
            return 0;
        }

        @Override
        public void decided() {
            decided = true;
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
