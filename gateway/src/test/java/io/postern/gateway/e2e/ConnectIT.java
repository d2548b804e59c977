package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConnectIT {

    @TempDir
    Path dir;

    @Test
    void aTaggedTunnelIsAttributedRelayedAndRecorded() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                ServerSocket origin = new ServerSocket(0);
                Socket client = new Socket(
                        gateway.address().getAddress(), gateway.address().getPort())) {
            String target = "127.0.0.1:" + origin.getLocalPort();
            write(
                    client,
                    "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: "
                            + TestingGateway.basic(TestingGateway.tag("com.acme.mail")) + "\r\n\r\n");
            try (Socket server = origin.accept()) {
                assertThat(head(client)).startsWith("HTTP/1.1 200 ");
                write(client, "GET / HTTP/1.1\r\nHost: intranet.acme.example\r\n\r\n");
                assertThat(head(server)).startsWith("GET / HTTP/1.1\r\n");
                write(server, "HTTP/1.1 204 No Content\r\n\r\n");
                assertThat(head(client)).startsWith("HTTP/1.1 204");
            }
            client.shutdownOutput();
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo("com.acme.mail");
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
            assertThat(line.at("/app_name").asString()).isEqualTo("http");
        }
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(Socket from) throws IOException {
        from.setSoTimeout(20_000);
        StringBuilder head = new StringBuilder();
        InputStream in = from.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return head + "<end>";
            }
            head.append((char) octet);
        }
        return head.toString();
    }
}
