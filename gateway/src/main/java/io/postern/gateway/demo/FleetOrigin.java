package io.postern.gateway.demo;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody the fleet talks to: answers a {@link Hellos hello} and every burst after it with as many bytes as they ask for, in
 * the form of TLS.
 */
final class FleetOrigin implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FleetOrigin.class);

    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;
    private static final int TLS_1_2 = 0x0303;

    static final int HEADER = 5;
    /** Of a burst: how long it is and how long its answer shall be. */
    static final int ORDER = 8;

    private static final int MOST = 16_384;
    private static final byte[] ZEROES = new byte[MOST];

    /** Of TLS 1.3 with X25519; its random and key are nobody's. */
    private static final byte[] SERVER_HELLO = serverHello();

    /** The shortest answer to a hello. */
    static final int SHORTEST = HEADER + SERVER_HELLO.length + HEADER + 1;

    private final ServerSocket server;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "demo-fleet-origin");
        thread.setDaemon(true);
        return thread;
    });

    private final AtomicInteger alive = new AtomicInteger();

    private FleetOrigin(ServerSocket server) {
        this.server = server;
    }

    static FleetOrigin open() throws IOException {
        FleetOrigin origin =
                new FleetOrigin(new ServerSocket(0, 256, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        origin.workers.execute(origin::accept);
        return origin;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections that their other end has not let go of. */
    int alive() {
        return alive.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                alive.incrementAndGet();
                workers.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), MOST));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), MOST));
            while (answer(in, out)) {
                out.flush();
            }
        } catch (IOException gone) {
            LOG.debug("a flow of the fleet was cut", gone);
        } finally {
            alive.decrementAndGet();
        }
    }

    private static boolean answer(DataInputStream in, DataOutputStream out) throws IOException {
        int type;
        try {
            type = in.readUnsignedByte();
        } catch (EOFException end) {
            return false;
        }
        in.readUnsignedShort();
        int length = in.readUnsignedShort();
        if (type == HANDSHAKE) {
            byte[] hello = in.readNBytes(length);
            int wanted = ByteBuffer.wrap(hello).getInt(Hellos.RANDOM - HEADER);
            record(out, HANDSHAKE, SERVER_HELLO, SERVER_HELLO.length);
            data(out, wanted - HEADER - SERVER_HELLO.length);
        } else {
            int burst = in.readInt();
            int wanted = in.readInt();
            in.skipNBytes(burst - HEADER - ORDER);
            data(out, wanted);
        }
        return true;
    }

    private static void record(DataOutputStream out, int type, byte[] body, int length) throws IOException {
        out.writeByte(type);
        out.writeShort(TLS_1_2);
        out.writeShort(length);
        out.write(body, 0, length);
    }

    /** So many bytes of application data, headers included; one body byte at least in each. */
    static void data(DataOutputStream out, int bytes) throws IOException {
        for (int left = bytes; left > HEADER; ) {
            int body = Math.min(MOST, left - HEADER);
            if (left - HEADER - body > 0 && left - HEADER - body <= HEADER) {
                body -= HEADER;
            }
            record(out, DATA, ZEROES, body);
            left -= HEADER + body;
        }
    }

    private static byte[] serverHello() {
        byte[] hello = new byte[4 + 2 + 32 + 1 + 2 + 1 + 2 + 6 + 40];
        ByteBuffer all = ByteBuffer.wrap(hello);
        all.putInt(0x0200_0000 | hello.length - 4).putShort((short) TLS_1_2);
        all.position(all.position() + 32);
        all.put((byte) 0).putShort((short) 0x1301).put((byte) 0).putShort((short) 46);
        all.putShort((short) 0x002b).putShort((short) 2).putShort((short) 0x0304);
        all.putShort((short) 0x0033)
                .putShort((short) 36)
                .putShort((short) 0x001d)
                .putShort((short) 32);
        return hello;
    }

    @Override
    public void close() throws IOException {
        server.close();
        workers.shutdownNow();
    }
}
