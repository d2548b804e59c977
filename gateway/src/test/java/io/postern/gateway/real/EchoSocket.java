package io.postern.gateway.real;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A WebSocket server on loopback that sends every short text back (RFC 6455), with nothing but sockets.
 *
 * <pre>
 * frame: FIN+opcode | MASK+length7 | mask32 | payload      RFC 6455 section 5.2
 * </pre>
 */
final class EchoSocket implements AutoCloseable {

    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;
    /** Longer payloads have their length in further bytes; nobody here sends them. */
    private static final int LONGEST = 125;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private EchoSocket(ServerSocket server) {
        this.server = server;
    }

    static EchoSocket start() throws IOException {
        EchoSocket socket = new EchoSocket(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()));
        socket.threads.execute(socket::accept);
        return socket;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            client.getOutputStream().write(upgrade(key(in)));
            echo(in, client.getOutputStream());
        } catch (EOFException | SocketException left) {
            // A browser that is done may just go.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(DataInputStream in) throws IOException {
        String key = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
                key = line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return key;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.readUnsignedByte(); octet != '\n'; octet = in.readUnsignedByte()) {
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    private static byte[] upgrade(String key) {
        return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accepted(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String accepted(String key) {
        try {
            byte[] text = (key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static void echo(DataInputStream in, OutputStream out) throws IOException {
        while (true) {
            int kind = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if ((kind != TEXT && kind != CLOSE) || length < MASKED || length - MASKED > LONGEST) {
                throw new IOException("a frame of kind " + kind + " and length " + length + " is not for this server");
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes(length - MASKED);
            byte[] frame = new byte[2 + payload.length];
            frame[0] = (byte) kind;
            frame[1] = (byte) payload.length;
            for (int index = 0; index < payload.length; index++) {
                frame[2 + index] = (byte) (payload[index] ^ mask[index % 4]);
            }
            out.write(frame);
            if (kind == CLOSE) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
