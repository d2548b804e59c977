package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A gateway, an origin and a tunnel from one client to it that has carried nothing yet; closed together.
 *
 * @param server the origin's end of the tunnel
 */
record TestingPath(TestingGateway gateway, TestingOrigin origin, TestingConnection client, TestingConnection server)
        implements AutoCloseable {

    static TestingPath open(Path dir) throws IOException {
        return open(dir, "");
    }

    /** @param more further top-level settings as YAML */
    static TestingPath open(Path dir, String more) throws IOException {
        TestingGateway gateway = TestingGateway.start(dir, more, "");
        TestingOrigin origin = new TestingOrigin();
        TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
        return new TestingPath(gateway, origin, client, origin.accept());
    }

    /** The client says something that is no known protocol, and the server has it: from here on bytes are relayed. */
    void begin() throws IOException {
        client.send("\0");
        assertThat(server.read(1)).isEqualTo("\0");
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        origin.close();
        gateway.close();
    }
}
