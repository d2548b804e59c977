package io.postern.gateway.demo;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.facts.NativeEventWriter;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fleet's agents, all by one connection: tell the context listener what they know, in its native events. */
final class FactClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MOST = 1_000;
    /** Agents gather for a while before they use the radio. */
    private static final long GATHERED_MILLIS = 120_000;

    private final InetSocketAddress listener;
    private final String token;
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();
    private final List<ContextEvent> waiting = new ArrayList<>();
    private long told;

    FactClient(InetSocketAddress listener, String token) {
        this.listener = listener;
        this.token = token;
    }

    void tell(ContextEvent fact) {
        waiting.add(fact);
    }

    /** Sends what has waited for long enough by then. */
    void reached(long nowMillis) throws IOException {
        if (!waiting.isEmpty()
                && (waiting.size() >= MOST || nowMillis - waiting.get(0).timeMillis() >= GATHERED_MILLIS)) {
            flush();
        }
    }

    void flush() throws IOException {
        if (waiting.isEmpty()) {
            return;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (NativeEventWriter lines = new NativeEventWriter(body)) {
            waiting.forEach(lines::write);
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /v1/context/events HTTP/1.1\r\nHost: context\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " + body.size() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body.toByteArray());
        String head = answer(request.toByteArray());
        if (head.isEmpty()) {
            // The listener lets no connection live for long; facts have ids, so nothing is told twice.
            connect();
            head = answer(request.toByteArray());
        }
        taken(head);
        told += waiting.size();
        waiting.clear();
    }

    private void connect() throws IOException {
        socket.close();
        socket = new Socket();
        socket.connect(listener, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** The head of the answer; empty when the connection was closed by then. */
    private String answer(byte[] request) {
        try {
            socket.getOutputStream().write(request);
            return head();
        } catch (IOException closed) {
            return "";
        }
    }

    private void taken(String head) throws IOException {
        int length = head.lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!head.startsWith("HTTP/1.1 202") || !body.contains("\"refused\":0")) {
            throw new IOException(
                    "facts were not all taken: " + head.lines().findFirst().orElse("") + " " + body);
        }
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the context listener hung up: " + head);
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    /** Facts that were taken. */
    long told() {
        return told;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
