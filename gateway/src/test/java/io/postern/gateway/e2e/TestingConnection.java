package io.postern.gateway.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** One end of a connection, raw: what is sent is exactly what is given, and no read waits for ever. */
public final class TestingConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    public TestingConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    public Socket socket() {
        return socket;
    }

    public TestingConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public TestingConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Up to and including the empty line; what came when the peer ended before it, with a mark. */
    public String head() throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return head + "<end>";
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    /** A head and as much body as its Content-Length says. */
    public String message() throws IOException {
        String head = head();
        int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        return at < 0 ? head : head + read(Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at))));
    }

    /** Exactly so many bytes, fewer when the peer ends before. */
    public String read(int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    /** Everything until the peer's end of stream. */
    public String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Everything until the peer's end, orderly or not. */
    public String untilGone() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketTimeoutException stays) {
            throw new AssertionError("the peer is still there, and said " + all, stays);
        } catch (IOException reset) {
            // As gone as can be.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Says nothing more and goes on listening. */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Breaks off. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
