package io.postern.gateway.demo;

import io.postern.gateway.identity.CompactTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Runs errands as a proxy client on a device would: real sockets, real TLS, a tag on every connection. */
final class DeviceClient {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final InetSocketAddress gateway;
    private final SSLContext tls;
    private final Function<Errand, CompactTag> tags;

    DeviceClient(InetSocketAddress gateway, SSLContext tls, Function<Errand, CompactTag> tags) {
        this.gateway = gateway;
        this.tls = tls;
        this.tags = tags;
    }

    /** @return what the gateway answered first, or how it ended the flow */
    String run(Errand errand) {
        try (Socket socket = new Socket()) {
            socket.connect(gateway, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return errand.speech() == Speech.HTTP ? plain(socket, errand) : tunnel(socket, errand);
        } catch (IOException cut) {
            return "cut";
        }
    }

    private String plain(Socket socket, Errand errand) throws IOException {
        String path = errand.down() == 0 ? "/generate_204" : "/bytes/" + errand.down();
        write(
                socket,
                "GET http://" + errand.host() + path + " HTTP/1.1\r\nHost: " + errand.host() + "\r\n"
                        + authorization(errand) + "User-Agent: demo\r\nConnection: close\r\n\r\n");
        String status = status(socket.getInputStream());
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        return status;
    }

    private String tunnel(Socket socket, Errand errand) throws IOException {
        String target = errand.host() + ":" + errand.port();
        write(socket, "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization(errand) + "\r\n");
        String status = status(socket.getInputStream());
        if (status.equals("200")) {
            talk(socket, errand);
        }
        return status;
    }

    private void talk(Socket socket, Errand errand) throws IOException {
        switch (errand.speech()) {
            case TLS -> {
                SSLSocket secure =
                        (SSLSocket) tls.getSocketFactory().createSocket(socket, errand.host(), errand.port(), false);
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                order(secure, errand);
            }
            case HTTP_TUNNELLED, HTTP -> {
                write(socket, "GET /bytes/" + errand.down() + " HTTP/1.1\r\nHost: " + errand.host() + "\r\n\r\n");
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            case SERVER_FIRST -> {
                status(socket.getInputStream());
                order(socket, errand);
            }
            case OPAQUE -> order(socket, errand);
        }
    }

    /** The first byte is no letter, so that plain it is nobody's protocol. */
    private static void order(Socket socket, Errand errand) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("\u0007" + errand.up() + " " + errand.down() + "\n").getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[errand.up()]);
        out.flush();
        socket.getInputStream().readNBytes(errand.down());
    }

    private String authorization(Errand errand) {
        if (errand.credentials() == Errand.Credentials.NONE) {
            return "";
        }
        CompactTag tag = tags.apply(errand);
        String pair = tag.user() + ":" + tag.password();
        return "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII))
                + "\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads one head, or one line that is no head, and gives its second word. */
    private static String status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int octet = in.read();
        while (octet >= 0) {
            head.append((char) octet);
            boolean http = head.indexOf("HTTP/") == 0;
            if (octet == '\n' && ((!http && head.length() > 5) || head.indexOf("\r\n\r\n") > 0)) {
                break;
            }
            octet = in.read();
        }
        String[] words = head.toString().split("[ \r\n]", 3);
        return words.length > 1 ? words[1] : "cut";
    }
}
