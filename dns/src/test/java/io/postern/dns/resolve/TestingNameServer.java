package io.postern.dns.resolve;

import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
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
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A DNS server on loopback, UDP and TCP on one port, that answers as its script says and remembers what it was asked. */
public final class TestingNameServer implements AutoCloseable {

    /** What to do with a question; called on the server's threads. */
    public interface Script {
        void on(Asked asked) throws IOException;
    }

    /** The way back to who asked. */
    public interface Sender {
        void send(byte[] bytes) throws IOException;
    }

    /** One question; the reply is prepared and goes out with {@link #send}. */
    public record Asked(Message query, Message reply, SocketAddress from, boolean tcp, Sender sender, long ttl) {

        public boolean is(int type) {
            return query.getQuestion().getType() == type;
        }

        /** That is asked for, in lower case, without the last dot. */
        public String name() {
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

        public Asked address(String name, long seconds, String address) throws IOException {
            InetAddress inet = InetAddress.getByName(address);
            Name owner = Name.fromString(name + ".");
            boolean ipv4 = inet.getAddress().length == 4;
            Record record = ipv4
                    ? new ARecord(owner, DClass.IN, seconds, inet)
                    : new AAAARecord(owner, DClass.IN, seconds, inet);
            reply.addRecord(record, Section.ANSWER);
            return this;
        }

        public Asked alias(String name, long seconds, String target) throws IOException {
            Name owner = Name.fromString(name + ".");
            reply.addRecord(new CNAMERecord(owner, DClass.IN, seconds, Name.fromString(target + ".")), Section.ANSWER);
            return this;
        }

        Asked soa(long seconds, long minimum) throws IOException {
            Name zone = Name.fromString("example.");
            reply.addRecord(
                    new SOARecord(zone, DClass.IN, seconds, zone, zone, 1, 3600, 600, 86_400, minimum),
                    Section.AUTHORITY);
            return this;
        }

        /** Answers with 192.0.2.1. */
        public void addresses() throws IOException {
            address("192.0.2.1");
            send();
        }

        public void address(String address) throws IOException {
            Name name = query.getQuestion().getName();
            reply.addRecord(new ARecord(name, DClass.IN, ttl, InetAddress.getByName(address)), Section.ANSWER);
        }

        public void text(String text) {
            reply.addRecord(new TXTRecord(query.getQuestion().getName(), DClass.IN, ttl, text), Section.ANSWER);
        }

        /** Answers with 192.0.2.66 and an id that is so much off. */
        public void forged(int off) throws IOException {
            Message forged = new Message((query.getHeader().getID() + off) & 0xFFFF);
            forged.getHeader().setFlag(Flags.QR);
            forged.addRecord(query.getQuestion(), Section.QUESTION);
            Name name = query.getQuestion().getName();
            forged.addRecord(new ARecord(name, DClass.IN, 3600, InetAddress.getByName("192.0.2.66")), Section.ANSWER);
            sender.send(forged.toWire());
        }

        public void send() throws IOException {
            sender.send(reply.toWire());
        }
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Script script;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile long ttl = 60;

    private TestingNameServer(Script script, ServerSocket tcp, DatagramSocket udp) {
        this.script = script;
        this.tcp = tcp;
        this.udp = udp;
        run(this::serveUdp);
        run(this::acceptTcp);
    }

    /** A port that is free by TCP may be somebody's by UDP: then another one. */
    public static TestingNameServer start(Script script) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        BindException taken = new BindException("no port is free");
        for (int attempt = 0; attempt < 20; attempt++) {
            ServerSocket tcp = new ServerSocket(0, 50, loopback);
            try {
                return new TestingNameServer(
                        script, tcp, new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort())));
            } catch (BindException e) {
                tcp.close();
                taken = e;
            }
        }
        throw taken;
    }

    /** Answers every question for addresses with these two. */
    static TestingNameServer bothFamilies(long seconds, String ipv4, String ipv6) throws IOException {
        return start(asked -> asked.address(asked.name(), seconds, asked.is(Type.A) ? ipv4 : ipv6)
                .send());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    public int port() {
        return tcp.getLocalPort();
    }

    /** Of answers from now on. */
    public void ttl(long seconds) {
        ttl = seconds;
    }

    public List<Asked> asked() {
        return asked;
    }

    public void awaitAsked(int questions) {
        await().until(() -> asked.size() >= questions);
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
        Asked question = new Asked(query, reply, from, overTcp, sender, ttl);
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
                "testing-names");
        thread.setDaemon(true);
        thread.start();
    }
}
