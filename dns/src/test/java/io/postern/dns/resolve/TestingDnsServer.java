package io.postern.dns.resolve;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A DNS server on loopback, UDP and TCP on one port, that answers as its script says and remembers what it was asked. */
final class TestingDnsServer implements AutoCloseable {

    /** What to do with a question; called on the server's threads. */
    interface Script {
        void on(Asked asked) throws IOException;
    }

    /** One question; the reply is prepared and goes out with {@link #send}. */
    record Asked(Message query, Message reply, SocketAddress from, boolean tcp, Sender sender) {

        boolean is(int type) {
            return query.getQuestion().getType() == type;
        }

        String name() {
            return query.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT);
        }

        Asked rcode(int rcode) {
            reply.getHeader().setRcode(rcode);
            return this;
        }

        Asked flag(int flag) {
            reply.getHeader().setFlag(flag);
            return this;
        }

        Asked address(String name, long ttl, String address) throws IOException {
            InetAddress inet = InetAddress.getByName(address);
            Name owner = Name.fromString(name + ".");
            boolean ipv4 = inet.getAddress().length == 4;
            Record record =
                    ipv4 ? new ARecord(owner, DClass.IN, ttl, inet) : new AAAARecord(owner, DClass.IN, ttl, inet);
            reply.addRecord(record, Section.ANSWER);
            return this;
        }

        Asked alias(String name, long ttl, String target) throws IOException {
            Name owner = Name.fromString(name + ".");
            reply.addRecord(new CNAMERecord(owner, DClass.IN, ttl, Name.fromString(target + ".")), Section.ANSWER);
            return this;
        }

        Asked soa(long ttl, long minimum) throws IOException {
            Name zone = Name.fromString("example.");
            reply.addRecord(
                    new SOARecord(zone, DClass.IN, ttl, zone, zone, 1, 3600, 600, 86_400, minimum), Section.AUTHORITY);
            return this;
        }

        void send() throws IOException {
            sender.send(reply.toWire());
        }
    }

    interface Sender {
        void send(byte[] bytes) throws IOException;
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Script script;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    private TestingDnsServer(Script script) throws IOException {
        this.script = script;
        this.tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.udp = new DatagramSocket(address());
        run(this::serveUdp);
        run(this::acceptTcp);
    }

    static TestingDnsServer start(Script script) throws IOException {
        return new TestingDnsServer(script);
    }

    /** Answers every question for addresses with these two. */
    static TestingDnsServer bothFamilies(long ttl, String ipv4, String ipv6) throws IOException {
        return start(asked ->
                asked.address(asked.name(), ttl, asked.is(Type.A) ? ipv4 : ipv6).send());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    List<Asked> asked() {
        return asked;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private void serveUdp() throws IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            udp.receive(packet);
            byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
            SocketAddress from = packet.getSocketAddress();
            serve(query, from, false, bytes -> udp.send(new DatagramPacket(bytes, bytes.length, from)));
        }
    }

    private void acceptTcp() throws IOException {
        while (true) {
            Socket client = tcp.accept();
            run(() -> serveTcp(client));
        }
    }

    private void serveTcp(Socket client) throws IOException {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] query = in.readNBytes(in.readUnsignedShort());
                serve(query, client.getRemoteSocketAddress(), true, bytes -> {
                    byte[] framed = new byte[bytes.length + 2];
                    framed[0] = (byte) (bytes.length >>> 8);
                    framed[1] = (byte) bytes.length;
                    System.arraycopy(bytes, 0, framed, 2, bytes.length);
                    out.write(framed);
                });
            }
        }
    }

    private void serve(byte[] bytes, SocketAddress from, boolean overTcp, Sender sender) throws IOException {
        Message query = new Message(bytes);
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        Asked question = new Asked(query, reply, from, overTcp, sender);
        asked.add(question);
        script.on(question);
    }

    private interface Serving {
        void run() throws IOException;
    }

    private static void run(Serving serving) {
        Thread thread = new Thread(
                () -> {
                    try {
                        serving.run();
                    } catch (IOException closed) {
                        // The test is over, or the client has gone.
                    }
                },
                "testing-dns");
        thread.setDaemon(true);
        thread.start();
    }
}
