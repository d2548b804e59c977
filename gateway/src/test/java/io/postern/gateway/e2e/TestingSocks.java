package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What SOCKS5 clients say and hear, one char per byte. */
final class TestingSocks {

    /** A setting: one listener named {@code apps} that speaks SOCKS5. */
    static final String LISTENER = "listeners: [{name: apps, type: socks5, bind: '127.0.0.1:0'}]\n";

    static final String OFFERS_PASSWORD = "\5\1\2";
    static final String OFFERS_NOTHING = "\5\1\0";

    static final String TAKES_PASSWORD = "\5\2";
    static final String TAKES_NOTHING = "\5\0";
    static final String UNACCEPTABLE = "\5\u00ff";
    static final String WELCOME = "\1\0";
    static final String FAILURE = "\1\1";
    static final String OPENED = reply(0);

    private TestingSocks() {}

    /** The bound address is nobody's business. */
    static String reply(int code) {
        return "\5" + (char) code + "\0\1\0\0\0\0\0\0";
    }

    static String password(CompactTag tag) {
        return password(tag.user(), tag.password());
    }

    static String password(String user, String password) {
        return "\1" + (char) user.length() + user + (char) password.length() + password;
    }

    /** CONNECT by name, whatever it is. */
    static String name(String host, int port) {
        return "\5\1\0\3" + (char) host.length() + host + port(port);
    }

    /** CONNECT to an address. */
    static String address(String host, int port) {
        byte[] octets = ((HostText.Literal) HostText.of(host)).address().getAddress();
        return "\5\1\0" + (octets.length == 4 ? '\1' : '\4') + new String(octets, StandardCharsets.ISO_8859_1)
                + port(port);
    }

    /** CONNECT to {@code host:port}, by name unless it is an IPv4 address. */
    static String connect(String target) {
        int colon = target.lastIndexOf(':');
        String host = target.substring(0, colon);
        int port = Integer.parseInt(target.substring(colon + 1));
        return HostText.of(host) instanceof HostText.Literal ? address(host, port) : name(host, port);
    }

    /** All a client says before its flow. */
    static String all(String app, String target) {
        return OFFERS_PASSWORD + password(TestingGateway.tag(app)) + connect(target);
    }

    /** All that a client hears whose flow is answered so. */
    static String heard(String reply) {
        return TAKES_PASSWORD + WELCOME + reply;
    }

    /** A tunnel that the gateway has opened, each answer waited for. */
    static TestingConnection tunnel(TestingConnection client, String app, String target) throws IOException {
        assertThat(client.send(OFFERS_PASSWORD).read(2)).isEqualTo(TAKES_PASSWORD);
        assertThat(client.send(password(TestingGateway.tag(app))).read(2)).isEqualTo(WELCOME);
        assertThat(client.send(connect(target)).read(10)).isEqualTo(OPENED);
        return client;
    }

    private static String port(int port) {
        return "" + (char) (port >> 8) + (char) (port & 0xFF);
    }
}
