package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.real.SelfSigned;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Questions by HTTPS are answered as all others are, to whom a certificate, an address or a path of their own says. */
@Timeout(120)
class DohIT {

    private static final String MESSAGE = "application/dns-message";
    private static final String POLICY = """
            categories: {mail: {}}
            apps:
              com.acme.mail: {category: mail, approved: true, owner: o, justification: j, review-by: 2099-06-30}
            rules:
              - {name: no-ads, when: {destination: ["*.ads.example"]}, action: block, mode: enforce}
              - {name: mail-only, when: {category: mail, destination: [chat.example]}, action: block, mode: enforce}
            """;

    @TempDir
    private Path dir;

    private TestingNameServer server;
    private TestingGateway gateway;
    private SelfSigned device;

    @BeforeEach
    void start() throws Exception {
        SelfSigned ours = SelfSigned.mint(dir, "localhost");
        device = SelfSigned.mint(dir, "LC07");
        Files.writeString(dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.9,LC01,work,-\n");
        server = TestingNameServer.start(TestingNameServer.Asked::addresses);
        String listener = "{name: %s, type: dns, bind: '127.0.0.1:0', doh-path: /dns-query, %s tls: {certificate: '"
                + ours.certificate() + "', key: '" + ours.key() + "', client-ca: '" + device.certificate()
                + "', client-auth: optional}}";
        gateway = TestingGateway.start(
                dir,
                "listeners: [" + listener.formatted("open", "networks: [127.0.0.0/8],") + ", "
                        + listener.formatted("closed", "") + "]\n"
                        + "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv,"
                        + " renewal: [renew.example]}\n"
                        + "upstream: {allow-networks: [192.0.2.0/24]}\n"
                        + "dns: {upstreams: ['127.0.0.1:" + server.port() + "'], timeout: 10s}\n",
                POLICY);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void byGetAndByPost(Version version) throws Exception {
        HttpClient client = client(version, stranger());
        HttpResponse<byte[]> got = client.send(get("open", "", "wWw.acme.example."), BodyHandlers.ofByteArray());
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.version()).isEqualTo(version);
        assertThat(got.headers().firstValue("content-type")).contains(MESSAGE);
        assertThat(got.headers().firstValue("cache-control")).contains("private, max-age=60");
        Message answer = new Message(got.body());
        assertThat(TestingDns.addresses(answer)).containsExactly("192.0.2.1");
        assertThat(answer.getQuestion().getName()).hasToString("wWw.acme.example.");
        HttpResponse<byte[]> posted =
                client.send(post("open", "", MESSAGE, query("other.acme.example.")), BodyHandlers.ofByteArray());
        assertThat(TestingDns.addresses(new Message(posted.body()))).containsExactly("192.0.2.1");
        gateway.awaitMetric("postern_dns_queries_total{rcode=\"noerror\",transport=\"doh\",verdict=\"allow\"}", 2);
    }

    @ParameterizedTest
    @EnumSource
    void manyAtATime(Version version) throws Exception {
        HttpClient client = client(version, stranger());
        List<CompletableFuture<HttpResponse<byte[]>>> all = IntStream.range(0, 60)
                .mapToObj(each ->
                        client.sendAsync(get("open", "", "a" + each + ".acme.example."), BodyHandlers.ofByteArray()))
                .toList();
        for (CompletableFuture<HttpResponse<byte[]>> each : all) {
            assertThat(TestingDns.addresses(new Message(each.get().body()))).containsExactly("192.0.2.1");
        }
    }

    @Test
    void whatMayChangeWithPolicyIsNotKept() throws Exception {
        HttpResponse<byte[]> blocked =
                client(Version.HTTP_2, stranger()).send(get("open", "", "x.ads.example."), BodyHandlers.ofByteArray());
        assertThat(blocked.statusCode()).isEqualTo(200);
        assertThat(new Message(blocked.body()).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(blocked.headers().firstValue("cache-control")).contains("no-store");
        gateway.awaitMetric("postern_dns_queries_total{rcode=\"nxdomain\",transport=\"doh\",verdict=\"block\"}", 1);
    }

    @Test
    void nobodyIsRefusedAndACertificateIsKnown() throws Exception {
        Message refused = new Message(client(Version.HTTP_2, stranger())
                .send(get("closed", "", "www.acme.example."), BodyHandlers.ofByteArray())
                .body());
        assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(server.asked()).isEmpty();
        SSLContext known = SSLContext.getInstance("TLS");
        known.init(device.keys(), TestingClient.trusting(), null);
        for (Version version : Version.values()) {
            Message answer = new Message(client(version, known)
                    .send(get("closed", "", "www.acme.example."), BodyHandlers.ofByteArray())
                    .body());
            assertThat(TestingDns.addresses(answer)).as(version.name()).containsExactly("192.0.2.1");
        }
    }

    /** A path of its own says whose questions they are, down to the app. */
    @Test
    void aPathSaysWhoAsks() throws Exception {
        HttpClient client = client(Version.HTTP_2, stranger());
        String device = path(TestingGateway.tag("-"));
        assertThat(TestingDns.addresses(answer(client, device, "chat.example.")))
                .containsExactly("192.0.2.1");
        assertThat(TestingDns.addresses(answer(client, device.replace("~", "%7E"), "chat.example.")))
                .containsExactly("192.0.2.1");
        String app = path(TestingGateway.tag("com.acme.mail"));
        Message blocked = answer(client, app, "chat.example.");
        assertThat(blocked.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(TestingDns.ede(blocked)).isEqualTo(15);
        String forged = app.substring(0, app.length() - 2) + (app.endsWith("AA") ? "BB" : "AA");
        assertThat(client.send(get("closed", forged, "www.example."), BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(404);
        gateway.awaitMetric("postern_tags_rejected_total{reason=\"forged\"}", 1);
    }

    @Test
    void anOldPathFindsOnlyWhatRenewsIt() throws Exception {
        HttpClient client = client(Version.HTTP_2, stranger());
        String old = path(TestingGateway.tag("-", Duration.ofHours(-1)));
        Message refused = answer(client, old, "www.acme.example.");
        assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(TestingDns.ede(refused)).isEqualTo(18);
        assertThat(TestingDns.addresses(answer(client, old, "renew.example."))).containsExactly("192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /other?dns=AAAA                   |                         | 404
            GET    | /dns-query/pst1.acme.LC01.work    |                         | 404
            GET    | /dns-query                        |                         | 400
            GET    | /dns-query?dns=AAAA               |                         | 400
            GET    | /dns-query?dns=&dns=AAAA          |                         | 400
            GET    | /dns-query?dns=***                |                         | 400
            PUT    | /dns-query                        | application/dns-message | 405
            DELETE | /dns-query                        |                         | 405
            POST   | /dns-query                        | application/json        | 415
            POST   | /dns-query                        | application/dns-message | 400
            """)
    void whatIsNoQuestionIsHttpsAffair(String method, String target, String type, int status) throws Exception {
        for (Version version : Version.values()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri("open", target))
                    .method(
                            method,
                            method.equals("GET") || method.equals("DELETE")
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofString("short"));
            if (type != null) {
                request.header("content-type", type);
            }
            HttpClient client = client(version, stranger());
            HttpResponse<byte[]> refused = client.send(request.build(), BodyHandlers.ofByteArray());
            assertThat(refused.statusCode()).as(version.name()).isEqualTo(status);
            assertThat(refused.body()).isEmpty();
            // What one request did wrong ends nothing else.
            HttpResponse<byte[]> next = client.send(get("open", "", "www.acme.example."), BodyHandlers.ofByteArray());
            assertThat(next.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aQuestionThatIsTooLongIsRefused() throws Exception {
        for (Version version : Version.values()) {
            HttpResponse<byte[]> refused = client(version, stranger())
                    .send(post("open", "", MESSAGE, new byte[5_000]), BodyHandlers.ofByteArray());
            assertThat(refused.statusCode()).as(version.name()).isEqualTo(413);
        }
    }

    private Message answer(HttpClient client, String path, String name) throws Exception {
        HttpResponse<byte[]> response = client.send(get("closed", path, name), BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return new Message(response.body());
    }

    private static String path(CompactTag tag) {
        return "/" + tag.user() + "/" + tag.password();
    }

    private static SSLContext stranger() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, TestingClient.trusting(), null);
        return context;
    }

    private static HttpClient client(Version version, SSLContext tls) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(tls)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    private URI uri(String listener, String target) {
        return URI.create("https://localhost:" + gateway.address(listener).getPort() + target);
    }

    private HttpRequest get(String listener, String path, String name) {
        String dns = Base64.getUrlEncoder().withoutPadding().encodeToString(query(name));
        return HttpRequest.newBuilder(uri(listener, "/dns-query" + path + "?dns=" + dns))
                .timeout(Duration.ofSeconds(20))
                .header("accept", MESSAGE)
                .build();
    }

    private HttpRequest post(String listener, String path, String type, byte[] message) {
        return HttpRequest.newBuilder(uri(listener, "/dns-query" + path))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", type)
                .POST(BodyPublishers.ofByteArray(message))
                .build();
    }

    private static byte[] query(String name) {
        Message query = Message.newQuery(Record.newRecord(Name.fromConstantString(name), Type.A, DClass.IN));
        query.addRecord(new OPTRecord(1_232, 0, 0), Section.ADDITIONAL);
        return query.toWire();
    }
}
