package io.postern.gateway.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The world the devices talk to: one loopback server for each way of speaking. Each reads a line that says how much to
 * read and to answer, and does so.
 */
final class Origins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final byte[] CHUNK = new byte[8192];

    private final Map<Speech, ServerSocket> servers = new EnumMap<>(Speech.class);
    private final List<Thread> acceptors = new ArrayList<>();
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "demo-origin");
        thread.setDaemon(true);
        return thread;
    });

    static Origins open(Certificate certificate) throws IOException {
        Origins origins = new Origins();
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        for (Speech speech : Speech.values()) {
            ServerSocket server = speech == Speech.TLS
                    ? certificate.server().getServerSocketFactory().createServerSocket(0, 64, loopback)
                    : new ServerSocket(0, 64, loopback);
            origins.servers.put(speech, server);
            Thread acceptor = new Thread(() -> origins.accept(speech, server), "demo-accept-" + speech);
            acceptor.setDaemon(true);
            acceptor.start();
            origins.acceptors.add(acceptor);
        }
        return origins;
    }

    /** Where the server for this way of speaking listens on loopback. */
    int port(Speech speech) {
        ServerSocket server = servers.get(speech);
        if (server == null) {
            throw new IllegalStateException("no origin for " + speech);
        }
        return server.getLocalPort();
    }

    private void accept(Speech speech, ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                workers.execute(() -> serve(speech, client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Speech speech, Socket client) {
        try (client) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            switch (speech) {
                case HTTP, HTTP_TUNNELLED -> http(in, out);
                case SERVER_FIRST -> {
                    out.write("220 smtp.acme.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                    answer(in, out);
                }
                case TLS, OPAQUE -> answer(in, out);
            }
        } catch (IOException gone) {
            LOG.debug("a flow was cut, as some rules of the demo say it must", gone);
        }
    }

    /** {@code number number LF}: so many bytes follow, so many are wanted back. */
    private static void answer(InputStream in, OutputStream out) throws IOException {
        String[] order = line(in).substring(1).split(" ", 2);
        in.skipNBytes(Integer.parseInt(order[0]));
        send(out, Integer.parseInt(order[1]));
    }

    private static void http(InputStream in, OutputStream out) throws IOException {
        String first = line(in);
        while (!line(in).isEmpty()) {}
        if (first.contains("/generate_204")) {
            out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        int length = Integer.parseInt(first.replaceAll(".*/bytes/(\\d+) .*", "$1"));
        out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        send(out, length);
    }

    private static void send(OutputStream out, int bytes) throws IOException {
        for (int left = bytes; left > 0; left -= CHUNK.length) {
            out.write(CHUNK, 0, Math.min(left, CHUNK.length));
        }
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || line.size() > CHUNK.length) {
                throw new IOException("no line");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket server : servers.values()) {
            server.close();
        }
        workers.shutdownNow();
    }
}
