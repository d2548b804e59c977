package io.postern.gateway.e2e;

import io.postern.dns.resolve.TestingNameServer;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;

/** A gateway that devices ask for names, and what they ask it by. */
final class TestingDns {

    /** Within which nothing comes where nothing is to come. */
    static final Duration SILENCE = Duration.ofMillis(700);

    private TestingDns() {}

    /**
     * @param listener more of the listener's settings; may be empty
     * @param dns more of what is set of {@code dns}
     */
    static TestingGateway gateway(Path dir, TestingNameServer server, String listener, String dns, String policy)
            throws Exception {
        Files.writeString(
                dir.resolve("addresses.csv"),
                "address,device,profile,app,proof\n127.0.0.1,LC01,work,-\n127.0.0.2,LC01,work,com.acme.mail\n");
        return TestingGateway.start(
                dir, """
                listeners: [{name: names, type: dns, bind: '127.0.0.1:0'%s}]
                upstream: {allow-networks: [192.0.2.0/24]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                dns: {upstreams: ['127.0.0.1:%d'], %s}
                """.formatted(listener.isEmpty() ? "" : ", " + listener, server.port(), dns), policy);
    }

    static SimpleResolver resolver(TestingGateway gateway, boolean tcp) {
        SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(20));
        return resolver;
    }

    static Message query(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    static Message ask(TestingGateway gateway, boolean tcp, String name, int type) throws Exception {
        return resolver(gateway, tcp).send(query(name, type));
    }

    static Message raw(TestingGateway gateway, Message query) throws Exception {
        try (DatagramSocket socket = socket(gateway)) {
            send(socket, query.toWire());
            socket.setSoTimeout(20_000);
            return new Message(received(socket));
        }
    }

    static DatagramSocket socket(TestingGateway gateway) throws Exception {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.connect(gateway.address("names"));
        return socket;
    }

    static void send(DatagramSocket socket, byte[] bytes) throws Exception {
        socket.send(new DatagramPacket(bytes, bytes.length));
    }

    static byte[] received(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException silence) {
            return new byte[0];
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    static List<String> addresses(Message answer) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(ARecord.class::isInstance)
                .map(record -> ((ARecord) record).getAddress().getHostAddress())
                .toList();
    }

    static int ede(Message answer) {
        OPTRecord edns = answer.getOPT();
        return edns == null
                ? -1
                : edns.getOptions().stream()
                        .filter(ExtendedErrorCodeOption.class::isInstance)
                        .mapToInt(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
                        .findFirst()
                        .orElse(-1);
    }
}
