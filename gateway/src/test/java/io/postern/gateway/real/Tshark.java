package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What tshark sees in a capture: facts of flows, by the client's and the server's address, as {@link RecognitionRealIT} names them. */
final class Tshark {

    private static final List<String> FIELDS = List.of(
            "frame.protocols",
            "ip.src",
            "ip.dst",
            "ipv6.src",
            "ipv6.dst",
            "tcp.srcport",
            "tcp.dstport",
            "udp.srcport",
            "udp.dstport",
            "tcp.stream",
            "udp.stream",
            "tcp.len",
            "tcp.analysis.retransmission",
            "udp.length",
            "http.request.method",
            "http.host",
            "http.user_agent",
            "http.response.code",
            "http2.headers.method",
            "http2.headers.authority",
            "http2.headers.user_agent",
            "http2.headers.status",
            "quic.version",
            "dns.qry.name",
            "dns.qry.type",
            "websocket.opcode",
            "websocket.fin",
            "websocket.rsv");

    /** Of each of {@code tls} and {@code dtls}. */
    private static final List<String> HANDSHAKE = List.of(
            "type",
            "extensions_server_name",
            "extensions_alpn_str",
            "ja3",
            "ja3s",
            "ciphersuite",
            "certificate",
            "extension.type",
            "sig_hash_alg",
            "extensions.supported_version",
            "extensions_key_share_group");

    /** The first that is seen in a flow is its protocol: one that another one carries stands before that. */
    private static final List<String> PROTOCOLS =
            List.of("websocket", "http2", "http", "smtp", "imap", "quic", "dtls", "tls", "dns");

    private static final int UDP_HEADER = 8;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;
    /** X25519 with ML-KEM-768, and with its draft. */
    private static final Set<Integer> POST_QUANTUM = Set.of(0x11ec, 0x6399);

    private static final String CONTINUATION = "0";

    private final Map<String, Flow> flows = new HashMap<>();

    private Tshark() {}

    /** One, and what was said in it; of what is said more than once, the first. */
    private static final class Flow {
        final String client;
        final String name;
        final Set<String> layers = new LinkedHashSet<>();
        final Map<String, String> facts = new TreeMap<>();
        long out;
        long in;
        int requests;
        int messagesOut;
        int messagesIn;
        int fragmented;
        boolean deflated;

        Flow(String client, String name) {
            this.client = client;
            this.name = name;
        }

        void says(String fact, List<String> values) {
            values.stream().findFirst().ifPresent(value -> facts.putIfAbsent(fact, value));
        }

        Map<String, String> told() {
            facts.put(
                    "protocol",
                    PROTOCOLS.stream().filter(layers::contains).findFirst().orElse("unknown"));
            facts.put("out", Long.toString(out));
            facts.put("in", Long.toString(in));
            if (requests > 0) {
                facts.put("requests", Integer.toString(requests));
            }
            if (layers.contains("websocket")) {
                facts.put("messages-out", Integer.toString(messagesOut));
                facts.put("messages-in", Integer.toString(messagesIn));
                facts.put("fragmented", Integer.toString(fragmented));
                facts.put("deflated", Boolean.toString(deflated));
            }
            return facts;
        }
    }

    /** @param ports what is spoken on them, where tshark does not ask the bytes: {@code tcp.port==30025,smtp} */
    static Map<String, Map<String, String>> flows(Path dir, String capture, List<String> ports) {
        List<String> fields = Stream.concat(
                        FIELDS.stream(),
                        Stream.of("tls", "dtls")
                                .flatMap(over -> HANDSHAKE.stream().map(field -> over + ".handshake." + field)))
                .toList();
        List<String> arguments = new ArrayList<>(
                List.of("-n", "-r", capture, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"));
        ports.forEach(port -> arguments.addAll(List.of("-d", port)));
        fields.forEach(field -> arguments.addAll(List.of("-e", field)));
        Program.Ended ended = Program.installed("tshark", "tshark", dir).run(arguments);
        assertThat(ended.exit()).as(ended.err()).isZero();
        Tshark seen = new Tshark();
        ended.out().lines().forEach(line -> {
            String[] columns = line.split("\t", -1);
            assertThat(columns).hasSameSizeAs(fields);
            seen.packet(new Packet(IntStream.range(0, columns.length)
                    .boxed()
                    .collect(Collectors.toMap(fields::get, i -> columns[i]))));
        });
        return seen.flows.values().stream()
                .collect(Collectors.toMap(flow -> flow.name, Flow::told, (one, other) -> one, TreeMap::new));
    }

    /** One line of its output. */
    private record Packet(Map<String, String> columns) {

        List<String> all(String field) {
            String column = columns.getOrDefault(field, "");
            return column.isEmpty() ? List.of() : Arrays.asList(column.split("\\|", -1));
        }

        String any(String... fields) {
            return Arrays.stream(fields)
                    .flatMap(field -> all(field).stream())
                    .findFirst()
                    .orElse("");
        }

        List<String> handshake(String field) {
            List<String> tls = all("tls.handshake." + field);
            return tls.isEmpty() ? all("dtls.handshake." + field) : tls;
        }

        /** Without those that mean nothing (RFC 8701). */
        List<Integer> numbers(String field) {
            return handshake(field).stream()
                    .map(Integer::decode)
                    .filter(each -> (each & 0x0f0f) != 0x0a0a || each >> 8 != (each & 0xff))
                    .toList();
        }

        String source() {
            return any("ip.src", "ipv6.src") + " " + any("tcp.srcport", "udp.srcport");
        }

        String destination() {
            return any("ip.dst", "ipv6.dst") + " " + any("tcp.dstport", "udp.dstport");
        }

        /** WebSocket's, by their first frames. */
        int messages() {
            return (int) all("websocket.opcode").stream()
                    .filter(opcode -> !opcode.equals(CONTINUATION))
                    .count();
        }

        /** Messages of several frames, by their first. */
        int fragmented() {
            List<String> opcodes = all("websocket.opcode");
            List<String> last = all("websocket.fin");
            return (int) IntStream.range(0, opcodes.size())
                    .filter(i ->
                            !opcodes.get(i).equals(CONTINUATION) && last.get(i).equals("0"))
                    .count();
        }

        boolean tcp() {
            return !any("tcp.stream").isEmpty();
        }
    }

    private void packet(Packet packet) {
        // A refused datagram's error quotes it.
        if (packet.any("frame.protocols").contains(":icmp")) {
            return;
        }
        String transport = packet.tcp() ? "tcp" : "udp";
        Flow flow = flows.computeIfAbsent(
                transport + packet.any("tcp.stream", "udp.stream"),
                each -> new Flow(packet.source(), transport + " " + packet.source() + " > " + packet.destination()));
        flow.layers.addAll(Arrays.asList(packet.any("frame.protocols").split(":", -1)));
        long bytes = packet.tcp()
                ? Long.parseLong(packet.any("tcp.len"))
                : Long.parseLong(packet.any("udp.length")) - UDP_HEADER;
        if (!packet.any("tcp.analysis.retransmission").isEmpty()) {
            bytes = 0;
        }
        flow.fragmented += packet.fragmented();
        // RSV1: RFC 7692.
        flow.deflated |= packet.all("websocket.rsv").stream().anyMatch(each -> (Integer.decode(each) & 4) != 0);
        flow.says("dns-query", packet.all("dns.qry.name"));
        flow.says("dns-type", packet.all("dns.qry.type"));
        if (packet.source().equals(flow.client)) {
            flow.out += bytes;
            flow.messagesOut += packet.messages();
            fromClient(flow, packet);
        } else {
            flow.in += bytes;
            flow.messagesIn += packet.messages();
            fromServer(flow, packet);
        }
    }

    private static void fromClient(Flow flow, Packet packet) {
        for (String http : new String[] {"http.request.method", "http2.headers.method"}) {
            flow.requests += packet.all(http).size();
            flow.says("method", packet.all(http));
        }
        flow.says("host", packet.all("http.host"));
        flow.says("host", packet.all("http2.headers.authority"));
        flow.says("agent", packet.all("http.user_agent"));
        flow.says("agent", packet.all("http2.headers.user_agent"));
        flow.says(
                "quic",
                packet.all("quic.version").stream()
                        .map(each -> Integer.toString(Integer.decode(each)))
                        .toList());
        if (packet.handshake("type").contains("1") && !flow.facts.containsKey("ja3")) {
            flow.says("sni", packet.handshake("extensions_server_name"));
            flow.facts.put("alpn", String.join(",", packet.handshake("extensions_alpn_str")));
            flow.says("ja3", packet.handshake("ja3"));
            flow.facts.put("ja4", ja4(packet));
            flow.facts.put(
                    "ech", Boolean.toString(packet.numbers("extension.type").contains(ENCRYPTED_CLIENT_HELLO)));
            flow.facts.put(
                    "post-quantum",
                    Boolean.toString(packet.numbers("extensions_key_share_group").stream()
                            .anyMatch(POST_QUANTUM::contains)));
        }
    }

    private static void fromServer(Flow flow, Packet packet) {
        flow.says("status", packet.all("http.response.code"));
        flow.says("status", packet.all("http2.headers.status"));
        if (packet.handshake("type").contains("2")) {
            flow.says("ja3s", packet.handshake("ja3s"));
            flow.says("cipher", packet.handshake("ciphersuite"));
            flow.says("alpn-chosen", packet.handshake("extensions_alpn_str"));
        }
        flow.says(
                "certificate",
                packet.handshake("certificate").stream()
                        .map(Tshark::fingerprint)
                        .toList());
        flow.says(
                "subject",
                packet.handshake("certificate").stream().map(Tshark::commonName).toList());
    }

    private static String fingerprint(String hex) {
        return HexFormat.of().formatHex(sha256(HexFormat.of().parseHex(hex)));
    }

    private static String commonName(String hex) {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
            return certificate.getSubjectX500Principal().getName().replaceFirst("^CN=", "");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(hex, e);
        }
    }

    /** From what tshark reads; it has it itself only from 4.2 on. */
    private static String ja4(Packet hello) {
        List<Integer> extensions = hello.numbers("extension.type");
        List<Integer> ciphers = hello.numbers("ciphersuite");
        List<String> protocols = Arrays.asList(hello.any("frame.protocols").split(":", -1));
        boolean dtls = protocols.contains("dtls");
        String alpn =
                hello.handshake("extensions_alpn_str").stream().findFirst().orElse("00");
        String sorted = extensions.stream()
                .filter(each -> each != SERVER_NAME && each != ALPN)
                .map(Tshark::hex)
                .sorted()
                .collect(Collectors.joining(","));
        String signatures =
                hello.numbers("sig_hash_alg").stream().map(Tshark::hex).collect(Collectors.joining(","));
        int newest = hello.numbers("extensions.supported_version").stream()
                .max(Integer::compare)
                .orElse(0x0303);
        String version = dtls ? "d2" : "1" + (newest - 0x0301);
        return "%s%s%s%02d%02d%c%c_%s_%s"
                .formatted(
                        dtls ? "d" : protocols.contains("quic") ? "q" : "t",
                        version,
                        extensions.contains(SERVER_NAME) ? "d" : "i",
                        ciphers.size(),
                        extensions.size(),
                        alpn.charAt(0),
                        alpn.charAt(alpn.length() - 1),
                        digest(ciphers.stream().map(Tshark::hex).sorted().collect(Collectors.joining(","))),
                        digest(sorted + (signatures.isEmpty() ? "" : "_" + signatures)));
    }

    private static String hex(int number) {
        return HexFormat.of().toHexDigits((short) number);
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.US_ASCII)), 0, 6);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
