package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** curl, told by {@code enroll} how to reach the gateway, through each way in. */
@Tag("real")
class CurlIT {

    private static final int LARGE = 48 * 1024 * 1024 + 17;
    private static final String APP = "com.acme.mail";
    private static final String POLICY = """
            rules:
              - {name: no-shadow-it, when: {destination: [blocked.acme.test]}, action: block, mode: enforce}
            """;

    private static final Map<String, String> ENROLLED = new HashMap<>();

    @TempDir
    private static Path dir;

    private static SelfSigned certificate;
    private static WebOrigin plain;
    private static WebOrigin tls;
    private static ServedGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        certificate = SelfSigned.mint(dir, "www.acme.test");
        SelfSigned.mint(dir, "localhost");
        plain = WebOrigin.plain();
        tls = WebOrigin.tls(certificate.context());
        String settings = """
                listeners:
                  - {name: apps, type: http-connect, bind: '127.0.0.1:0'}
                  - {name: apps-tls, type: http-connect, bind: '127.0.0.1:0', tls: {certificate: localhost.crt, key: localhost.key}}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream:
                  allow-networks: ['127.0.0.0/8']
                  hosts:
                    'www.acme.test:80': '127.0.0.1:%d'
                    'www.acme.test:443': '127.0.0.1:%d'
                    'blocked.acme.test': '127.0.0.1'
                """.formatted(plain.port(), tls.port());
        gateway = ServedGateway.start(dir, settings, POLICY);
    }

    @AfterAll
    static void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
            plain.close();
            tls.close();
        }
    }

    /** How a client can ask. */
    private enum Way {
        ABSOLUTE_FORM("apps", "http"),
        ABSOLUTE_FORM_OVER_TLS("apps-tls", "http"),
        TUNNELLED_HTTP("apps", "http"),
        TUNNELLED_TLS("apps", "https"),
        TUNNELLED_TLS_OVER_TLS("apps-tls", "https");

        private final String listener;
        private final String scheme;

        Way(String listener, String scheme) {
            this.listener = listener;
            this.scheme = scheme;
        }

        String url(String path) {
            return scheme + "://www.acme.test" + path;
        }

        boolean tunnelled() {
            return this != ABSOLUTE_FORM && this != ABSOLUTE_FORM_OVER_TLS;
        }

        /** An app of its own, so that a test finds its records. */
        String app() {
            return "com.acme." + name().toLowerCase(Locale.ROOT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyWayIsAttributedRelayedAndRecorded(Way way) throws IOException {
        Program.Ended ended = curl(way, way.app(), way.url("/seen"));
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out())
                .startsWith("GET /seen HTTP/1.1\n")
                .containsIgnoringCase("\nhost: www.acme.test\n")
                .doesNotContainIgnoringCase("proxy-");

        JsonNode record = gateway.record(each -> isOf(each, way.app()));
        assertThat(record.at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(record.at("/unmapped/postern/listener").asString()).isEqualTo(way.listener);
        assertThat(record.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tag-verified");
        assertThat(record.at("/unmapped/postern/app_assurance").asString()).isEqualTo("device-asserted");
        assertThat(record.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(record.at("/dst_endpoint/hostname").asString()).isEqualTo("www.acme.test");
        assertThat(record.at("/disposition_id").asInt()).isEqualTo(1);
        if (way.scheme.equals("https")) {
            assertThat(record.at("/app_name").asString()).isEqualTo("tls");
            assertThat(record.at("/tls/sni").asString()).isEqualTo("www.acme.test");
            assertThat(record.at("/ja4_fingerprint_list/0/value").asString()).matches("t13d\\d{4}h2_\\w{12}_\\w{12}");
        } else {
            assertThat(record.at("/app_name").asString()).isEqualTo("http");
            assertThat(record.at("/unmapped/postern/http_host").asString()).isEqualTo("www.acme.test");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLargeDownloadArrivesWhole(Way way) throws IOException {
        Path file = Files.createTempFile(dir, "download", ".bin");
        Program.Ended ended = curl(way, APP, way.url("/bytes/" + LARGE), "--output", file.toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(WebOrigin.sha256(Files.readAllBytes(file))).isEqualTo(WebOrigin.sha256(WebOrigin.content(LARGE)));
    }

    @ParameterizedTest
    @EnumSource
    void aLargeUploadArrivesWhole(Way way) throws IOException {
        Path file = upload(LARGE);
        Program.Ended ended = curl(way, APP, way.url("/digest"), "--upload-file", file.toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo(LARGE + " " + WebOrigin.sha256(WebOrigin.content(LARGE)) + " length\n");
    }

    @ParameterizedTest
    @EnumSource
    void aChunkedUploadStaysChunked(Way way) throws IOException {
        Path file = upload(300_000);
        Program.Ended ended = curl(
                way, APP, way.url("/digest"), "--header", "Transfer-Encoding: chunked", "--data-binary", "@" + file);
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("300000 " + WebOrigin.sha256(WebOrigin.content(300_000)) + " chunked\n");
    }

    @ParameterizedTest
    @EnumSource
    void oneConnectionServesSeveralRequests(Way way) throws IOException {
        String app = way.app() + ".again";
        Program.Ended ended = curl(
                way,
                app,
                way.url("/bytes/100000"),
                "--output",
                "/dev/null",
                way.url("/seen"),
                "--output",
                "/dev/null",
                way.url("/bytes/3"),
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code} %{num_connects}\\n");
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("200 1\n200 0\n200 0\n");
        JsonNode record = gateway.record(each -> isOf(each, app));
        assertThat(record.at("/traffic/bytes_in").asInt()).isGreaterThan(100_000);
        assertThat(gateway.records().stream().filter(each -> isOf(each, app))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whoHasNoTagIsAskedForOne(Way way) throws IOException {
        Program.Ended ended = refused(way, proxyOnly(way));
        assertThat(ended.out()).endsWith("407\n").contains("Proxy-Authenticate: Basic realm=");
    }

    @ParameterizedTest
    @EnumSource
    void aForgedTagIsNoneAtAll(Way way) throws Exception {
        double forged = gateway.metric("postern_tags_rejected_total{reason=\"forged\"}");
        String file = enrolled(way, APP).replace("com.acme.mail~", "com.acme.bank~");
        Program.Ended ended = refused(way, file);
        assertThat(ended.out()).endsWith("407\n").contains("Proxy-Authenticate: Basic realm=");
        assertThat(gateway.metric("postern_tags_rejected_total{reason=\"forged\"}"))
                .isEqualTo(forged + 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    https://blocked.acme.test/      | http_request_denied
                    http://blocked.acme.test/       | http_request_denied
                    https://169.254.169.254/latest/ | destination_ip_prohibited
                    http://169.254.169.254/latest/  | destination_ip_prohibited
                    http://[::1]:22/                | destination_ip_prohibited
                    """)
    void whatMayNotBeReachedIsRefusedInWords(String url, String error) throws IOException {
        Path file = file(enrolled(Way.ABSOLUTE_FORM, APP));
        Program.Ended ended = curl(file, url, "--include", "--write-out", "%{http_connect} %{http_code}\\n");
        assertThat(ended.out()).contains("\r\nProxy-Status: postern; error=" + error + "\r\n");
        if (url.startsWith("https:")) {
            assertThat(ended.exit()).as("CONNECT tunnel failed").isEqualTo(56);
            assertThat(ended.out()).startsWith("HTTP/1.1 403 ").endsWith("403 000\n");
        } else {
            assertThat(ended.exit()).isZero();
            assertThat(ended.out()).startsWith("HTTP/1.1 403 ").endsWith("000 403\n");
        }
        JsonNode record = gateway.record(each -> each.at("/activity_id").asInt() == 5 && goesTo(each, URI.create(url)));
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo(APP);
        assertThat(record.at("/disposition_id").asInt()).isEqualTo(2);
        if (url.startsWith("http:")) {
            assertThat(ended.out())
                    .as("the page tells where to look")
                    .contains("\nFlow: " + record.at("/connection_info/uid").asString() + "\n");
        }
    }

    private static boolean goesTo(JsonNode record, URI url) {
        int port = url.getPort() > 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        JsonNode to = record.at("/dst_endpoint");
        String host = to.has("hostname")
                ? to.at("/hostname").asString()
                : to.at("/ip").asString();
        return url.getHost().replaceAll("[\\[\\]]", "").equals(host)
                && to.at("/port").asInt() == port;
    }

    private static boolean isOf(JsonNode record, String app) {
        return record.at("/actor/app_uid").asString().equals(app);
    }

    private static Path upload(int length) throws IOException {
        Path file = Files.createTempFile(dir, "upload", ".bin");
        Files.write(file, WebOrigin.content(length));
        return file;
    }

    /** The whole chain: what {@code enroll} prints is what curl reads. Asked once for each listener and app. */
    private static String enrolled(Way way, String app) throws IOException {
        String known = ENROLLED.get(way.listener + " " + app);
        if (known != null) {
            return known;
        }
        String file = way.listener.equals("apps")
                ? gateway.enroll(gateway.url("apps"), app)
                : gateway.enroll("https://localhost:" + gateway.port("apps-tls"), app, "--ca", "localhost.crt");
        ENROLLED.put(way.listener + " " + app, file);
        return file;
    }

    /** The same without its credential. */
    private static String proxyOnly(Way way) throws IOException {
        return enrolled(way, APP)
                .lines()
                .filter(line -> !line.startsWith("proxy-user"))
                .reduce("", (file, line) -> file + line + "\n");
    }

    private static Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(dir, "curl", ".conf"), content);
    }

    /** Its output: what the proxy said, and its status. */
    private static Program.Ended refused(Way way, String config) throws IOException {
        String status = way.tunnelled() ? "%{http_connect}\\n" : "%{http_code}\\n";
        List<String> arguments = new ArrayList<>(List.of(way.url("/seen"), "--include", "--write-out", status));
        if (way == Way.TUNNELLED_HTTP) {
            arguments.add("--proxytunnel");
        }
        return curl(file(config), arguments.toArray(String[]::new));
    }

    private static Program.Ended curl(Way way, String app, String... arguments) throws IOException {
        Path config = file(enrolled(way, app));
        return way == Way.TUNNELLED_HTTP
                ? curl(
                        config,
                        Stream.concat(Stream.of("--proxytunnel"), Stream.of(arguments))
                                .toArray(String[]::new))
                : curl(config, arguments);
    }

    private static Program.Ended curl(Path config, String... arguments) {
        // First -q: the user's own settings are none of the test's business.
        Stream<String> always = Stream.of(
                "-q",
                "--silent",
                "--show-error",
                "--max-time",
                "60",
                "--cacert",
                certificate.certificate().toString(),
                "--config",
                config.toString());
        return Program.installed("curl", "curl", dir)
                .run(Stream.concat(always, Stream.of(arguments)).toList());
    }
}
