package io.postern.gateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One side of many connections, in a process of its own: a process may have only so many file descriptors. It lasts until its
 * input ends.
 */
final class HeldSockets implements AutoCloseable {

    private static final String ALL = "all";

    private final Process process;
    private final BufferedReader said;

    private HeldSockets(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** A server that accepts so many, at a port that it tells, and says nothing to them. */
    static HeldSockets servers(Path dir, int count) throws IOException {
        return start(dir, "servers", Integer.toString(count));
    }

    /** Clients of a gateway's port that each have sent {@code request}, have had an answer, and have said one byte. */
    static HeldSockets clients(Path dir, int count, int port, String request) throws IOException {
        Path file = Files.writeString(dir.resolve("request"), request);
        return start(dir, "clients", Integer.toString(count), Integer.toString(port), file.toString());
    }

    private static HeldSockets start(Path dir, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                HeldSockets.class.getName()));
        command.addAll(List.of(arguments));
        return new HeldSockets(new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    int port() throws IOException {
        return Integer.parseInt(line());
    }

    void awaitAll() throws IOException {
        if (!line().equals(ALL)) {
            throw new AssertionError("not all of them");
        }
    }

    private String line() throws IOException {
        String line = said.readLine();
        if (line == null) {
            throw new AssertionError("it ended");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** @param arguments what it is to be, see {@link #servers} and {@link #clients} */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        List<Socket> all = new ArrayList<>(count);
        if (arguments[0].equals("servers")) {
            try (ServerSocket server = new ServerSocket(0, 4_096, InetAddress.getLoopbackAddress())) {
                System.out.println(server.getLocalPort());
                while (all.size() < count) {
                    all.add(server.accept());
                }
            }
        } else {
            byte[] request = Files.readAllBytes(Path.of(arguments[3]));
            while (all.size() < count) {
                all.add(client(Integer.parseInt(arguments[2]), request));
            }
        }
        System.out.println(ALL);
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
    }

    private static Socket client(int port, byte[] request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream();
        out.write(request);
        int emptyLines = 0;
        while (emptyLines < 4) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("refused");
            }
            emptyLines = octet == "\r\n\r\n".charAt(emptyLines) ? emptyLines + 1 : octet == '\r' ? 1 : 0;
        }
        out.write(0);
        return socket;
    }
}
