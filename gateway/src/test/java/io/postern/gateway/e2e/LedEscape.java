package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Bind;
import io.postern.gateway.network.TunnelRules;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows of {@link EscapeIT} for TPROXY, printed by a process that runs where {@code networks.sh} has the gateway: its clients are
 * sockets of the device's network, each with an address of its own that says which app it is, its servers of the internet's.
 */
final class LedEscape {

    private static final String SERVER = "198.18.7.2";
    private static final String DEVICE = "device";
    private static final String INTERNET = "internet";
    private static final int LAST = 250;

    private LedEscape() {}

    /** Ends with whatever threads are left, also where it fails. */
    public static void main(String[] arguments) {
        int exit = 0;
        try {
            print(Path.of(arguments[0]));
        } catch (Throwable failed) {
            failed.printStackTrace(System.out);
            exit = 1;
        }
        System.exit(exit);
    }

    private static void print(Path dir) throws Exception {
        Files.writeString(
                dir.resolve("addresses.csv"),
                IntStream.range(0, EscapeRounds.flows(2))
                        .mapToObj(
                                number -> address(number) + ",LC01,work," + EscapeRounds.app(number) + ",tunnel-key\n")
                        .collect(Collectors.joining("", "address,device,profile,app,proof\n", "")));
        String settings = """
                listeners: [{name: tunnel, type: transparent, bind: '0.0.0.0:0', udp: true}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                upstream: {allow-networks: ['198.18.7.0/24']}
                """ + EscapeIT.SETTINGS;
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "rules: []\n");
                ServerSocket origin = NetworkNamespace.within(
                        INTERNET, () -> new ServerSocket(0, 16, InetAddress.getByName(SERVER)))) {
            origin.setSoTimeout((int) Pouring.PATIENCE.toMillis());
            lead(gateway.address("tunnel"));
            new EscapeRounds(gateway).print(List.of(new Connecting(origin), new Sending()));
        }
    }

    /** As {@code network up} does. Whatever address of 10.77.0.0/16 it binds is the device's. */
    private static void lead(InetSocketAddress listener) throws Exception {
        String rules = new TunnelRules(
                        List.of("home0"),
                        List.of(new TunnelRules.Listener(new Bind(listener.getAddress(), listener.getPort()), true)),
                        List.of(),
                        new TunnelRules.Steering(0x50, 5015))
                .up();
        String routes = """
                ip route add 10.77.0.0/16 via 192.0.2.2
                ip netns exec device ip route add local 10.77.0.0/16 dev lo
                """;
        Process sh = new ProcessBuilder("sh", "-c", rules + routes).inheritIO().start();
        assertThat(sh.waitFor()).isZero();
    }

    private static String address(int number) {
        return "10.77." + number / LAST + "." + (number % LAST + 1);
    }

    private record Connecting(ServerSocket origin) implements EscapeRounds.Way {

        @Override
        public String label() {
            return "tproxy";
        }

        @Override
        public String destination() {
            return SERVER;
        }

        @Override
        public Pouring open(int number) throws Exception {
            Socket client = NetworkNamespace.within(DEVICE, () -> {
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress(address(number), 0));
                socket.connect(origin.getLocalSocketAddress());
                return socket;
            });
            return new Pouring.Bytes(client, origin.accept());
        }
    }

    private record Sending() implements EscapeRounds.Way {

        @Override
        public String label() {
            return "tproxy-udp";
        }

        @Override
        public String destination() {
            return SERVER;
        }

        @Override
        public Pouring open(int number) throws Exception {
            DatagramSocket server =
                    NetworkNamespace.within(INTERNET, () -> new DatagramSocket(new InetSocketAddress(SERVER, 0)));
            DatagramSocket client = NetworkNamespace.within(
                    DEVICE, () -> new DatagramSocket(new InetSocketAddress(address(number), 0)));
            return new Pouring.Datagrams(
                    new Pouring.Client() {
                        @Override
                        public void send(byte[] datagram) throws IOException {
                            client.send(new DatagramPacket(datagram, datagram.length, server.getLocalSocketAddress()));
                        }

                        @Override
                        public void close() {
                            client.close();
                        }
                    },
                    server);
        }
    }
}
