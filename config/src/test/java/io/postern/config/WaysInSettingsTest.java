package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listeners, whoever tells of identities, collectors and the admin API may be given, and what is warned of. */
class WaysInSettingsTest {

    @TempDir
    Path folder;

    private TestingSettings settings;

    @BeforeEach
    void aKeyWhereTheDefaultLooks() throws IOException {
        settings = new TestingSettings(folder);
    }

    @Test
    void refusesKeysThatAreNotSecret() throws IOException {
        settings.secret("short", "x".repeat(31) + "\n");
        settings.secret("open", "x".repeat(32));
        Files.setPosixFilePermissions(folder.resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.createDirectory(folder.resolve("dir"));

        assertThat(settings.problems("""
                        identity:
                          tag-keys:
                            - {id: k1, secret-file: short}
                            - {id: k1, secret-file: open}
                            - {id: k3, secret-file: dir}
                        """))
                .containsExactly(
                        "postern.yaml:3:29: identity.tag-keys[0].secret-file: " + folder.resolve("short")
                                + " has 31 bytes, must have 32 to 65536",
                        "postern.yaml:4:12: identity.tag-keys[1].id: 'k1' is taken by identity.tag-keys[0].id",
                        "postern.yaml:4:29: identity.tag-keys[1].secret-file: " + folder.resolve("open")
                                + " can be read by everybody, must not (chmod o= " + folder.resolve("open") + ")",
                        "postern.yaml:5:29: identity.tag-keys[2].secret-file: " + folder.resolve("dir")
                                + " is not a file");
    }

    @Test
    void asksForTheAuthorityOfClientCertificates() throws IOException {
        settings.secret("gw.key", "key");
        settings.secret("gw.crt", "certificate");

        assertThat(settings.problems("""
                        listeners:
                          - name: tls
                            type: http-connect
                            bind: "[::1]:8443"
                            tls: {certificate: gw.crt, key: gw.key, client-auth: require}
                        """))
                .containsExactly(
                        "postern.yaml:5:58: listeners[0].tls.client-auth: needs client-ca, the certificates that"
                                + " sign the clients' ones");
    }

    @Test
    void questionsAreTakenWhereDatagramsAre() throws IOException {
        assertThat(settings.problems("""
                        listeners:
                          - {name: a, type: socks5, bind: "127.0.0.1:1", udp: true, take-dns: true}
                          - {name: b, type: transparent, bind: "127.0.0.1:2", take-dns: true}
                          - {name: c, type: transparent, bind: "127.0.0.1:3", take-dns: false}
                        """))
                .containsExactly(
                        "postern.yaml:2:61: listeners[0].take-dns: is only for transparent",
                        "postern.yaml:3:65: listeners[1].take-dns: needs udp: most questions come in datagrams");
    }

    @Test
    void eachWayInHasItsOwnSettings() throws IOException {
        assertThat(settings.problems("""
                        listeners:
                          - {name: a, type: http-connect, bind: "127.0.0.1:1", udp: true}
                          - {name: b, type: socks5, bind: "127.0.0.1:2", trusted-sources: [10.0.0.0/8], tlv: {}}
                          - {name: c, type: http-connect, bind: "127.0.0.1:3", trusted-sources: [10.0.0.0/8]}
                          - {name: d, type: proxy-protocol, bind: "127.0.0.1:4"}
                          - {name: e, type: proxy-protocol, bind: "127.0.0.1:5", trusted-sources: [0.0.0.0/0, "::/0"]}
                          - {name: f, type: proxy-protocol, bind: "127.0.0.1:6", trusted-sources: [10.0.0.1/8],
                             tlv: {device: 0xE2, tag: 0xD0}, trusted-headers: {sources: [10.0.0.0/8]}}
                          - {name: g, type: http-connect, bind: "127.0.0.1:7", trusted-headers: {device: Host, sources: [0.0.0.0/0]}}
                          - {name: h, type: http-connect, bind: "127.0.0.1:8", trusted-headers: {}}
                        """))
                .containsExactly(
                        "postern.yaml:2:56: listeners[0].udp: is only for socks5 and transparent",
                        "postern.yaml:3:50: listeners[1].trusted-sources: is only for proxy-protocol",
                        "postern.yaml:3:81: listeners[1].tlv: is only for proxy-protocol",
                        "postern.yaml:4:56: listeners[2].trusted-sources: is only for proxy-protocol",
                        "postern.yaml:5:5: listeners[3]: has no trusted-sources, must say whose PROXY headers are believed",
                        "postern.yaml:6:76: listeners[4].trusted-sources[0]: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device",
                        "postern.yaml:6:87: listeners[4].trusted-sources[1]: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device",
                        "postern.yaml:7:76: listeners[5].trusted-sources[0]: '10.0.0.1/8' has bits beyond its length,"
                                + " must be 10.0.0.0/8",
                        "postern.yaml:8:11: listeners[5].tlv.package: 0xE2 is taken by listeners[5].tlv.device",
                        "postern.yaml:8:31: listeners[5].tlv.tag: '0xD0' is not a TLV type, must be 0xE0–0xF7",
                        "postern.yaml:8:38: listeners[5].trusted-headers: is only for http-connect",
                        "postern.yaml:9:82: listeners[6].trusted-headers.device: 'Host' is not a field name,"
                                + " must be X- and 1–62 of A-Z a-z 0-9 -",
                        "postern.yaml:9:98: listeners[6].trusted-headers.sources[0]: is everybody, must be the addresses"
                                + " of concentrators: they can speak for any device",
                        "postern.yaml:10:73: listeners[7].trusted-headers: has no sources, must have one");
    }

    @Test
    void aProxyListenerWithoutNumbersHasThoseOfTheSchema() throws IOException {
        String listener = "{name: a, type: proxy-protocol, bind: \"127.0.0.1:1\", trusted-sources: [10.0.0.0/8]";

        assertThat(settings.good("listeners: [" + listener + "}]").listeners())
                .isEqualTo(
                        settings.good("listeners: [" + listener + ", tlv: {}}]").listeners());
    }

    @Test
    void warnsOfTagsInClearText() throws IOException {
        Reading<GatewaySettings> reading = settings.read("""
                listeners:
                  - {name: a, type: socks5, bind: "0.0.0.0:1080"}
                  - {name: b, type: socks5, bind: "127.0.0.1:1081"}
                  - {name: c, type: proxy-protocol, bind: "0.0.0.0:7443", trusted-sources: [10.0.0.0/8]}
                """, Map.of());

        assertThat(reading.problems()).isEmpty();
        assertThat(settings.lines(reading.warnings()))
                .containsExactly(
                        "postern.yaml:2:35: listeners[0].bind: carries tags in clear text, which are good until"
                                + " they expire: have it inside a tunnel or set tls");
    }

    @Test
    void warnsOfWhatIsOpenOnPurpose() throws IOException {
        Reading<GatewaySettings> reading = settings.read("""
                listeners: [{name: a, type: http-connect, bind: "0.0.0.0:8080", allow-unauthenticated: true}]
                identity: {unattributed: admit}
                admin: {bind: "0.0.0.0:9090", api: false, tokens-file: var/keys/k1}
                """, Map.of());

        assertThat(reading.problems()).isEmpty();
        assertThat(settings.lines(reading.warnings()))
                .containsExactly(
                        "postern.yaml:1:49: listeners[0].bind: is open to others while identity.unattributed is admit",
                        "postern.yaml:3:15: admin.bind: shows health and metrics to others without TLS or token",
                        "postern.yaml:3:43: admin.tokens-file: is not used: admin.api is false");
    }

    @Test
    void whoTellsByRadiusIsNamedOneByOne() throws IOException {
        settings.secret("short", "s".repeat(31));
        settings.secret("long", "s".repeat(32));
        assertThat(settings.problems("""
                identity:
                  radius:
                    bind: "127.0.0.1:1813"
                    device: "vendor:0:256:uid"
                    clients:
                      - {name: a, sources: [0.0.0.0/0], secret-file: short}
                      - {name: a, sources: [10.0.0.1/32, 10.0.0.1/32], secret-file: long}
                """))
                .containsExactly(
                        "postern.yaml:4:13: identity.radius.device: 'vendor:0:256:uid' must have a vendor from 1 on and a"
                                + " type from 1 to 255",
                        "postern.yaml:6:29: identity.radius.clients[0].sources[0]: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device",
                        "postern.yaml:6:54: identity.radius.clients[0].secret-file: " + folder.resolve("short")
                                + " has 31 bytes, must have 32 to"
                                + " 65536",
                        "postern.yaml:7:16: identity.radius.clients[1].name: 'a' is taken by"
                                + " identity.radius.clients[0].name",
                        "postern.yaml:7:42: identity.radius.clients[1].sources[1]: 10.0.0.1/32 is taken by"
                                + " identity.radius.clients[1].sources[0]");
        assertThat(settings.good("""
                        identity:
                          radius:
                            bind: "127.0.0.1:1813"
                            device: class
                            clients: [{name: a, sources: [10.0.0.1/32], secret-file: long}]
                        """).identity().radius().orElseThrow().device())
                .isEqualTo(new GatewaySettings.DeviceAttribute(0, 25, ""));
    }

    @Test
    void collectorsKnowTheirDevices() throws IOException {
        String collector =
                "{name: %s, type: pcapdroid, protocol: udp, bind: '%s:1234', devices: [{source: %s, device: A}],"
                        + " labels: {}}";
        assertThat(settings.problems("collectors: [" + collector.formatted("apps", "127.0.0.1", "0.0.0.0/0") + "]"))
                .containsExactly(
                        "postern.yaml:1:21: collectors[0].name: 'apps' is taken by listeners[0].name",
                        "postern.yaml:1:102: collectors[0].devices[0].source: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device");
        Reading<GatewaySettings> open =
                settings.read("collectors: [" + collector.formatted("lab", "0.0.0.0", "10.0.0.1") + "]", Map.of());
        assertThat(open.problems()).isEmpty();
        assertThat(settings.lines(open.warnings()))
                .containsExactly("postern.yaml:1:64: collectors[0].bind: takes captures whoever sends them from an"
                        + " address of devices: have it inside a tunnel");
    }

    @Test
    void theAdminApiIsNotForEverybody() throws IOException {
        settings.secret("gw", "s".repeat(32));
        assertThat(settings.problems("admin: {bind: '0.0.0.0:9090'}"))
                .containsExactly("postern.yaml:1:15: admin.bind: is reachable by others without TLS, must be loopback,"
                        + " have admin.tls or admin.api: false");
        assertThat(settings.problems(
                        "admin: {client-certificates: [{name: a, role: boss}, {name: a, role: admin, san: 'x:y'}]}"))
                .contains(
                        "postern.yaml:1:47: admin.client-certificates[0].role: 'boss' is not known, must be viewer,"
                                + " operator, admin",
                        "postern.yaml:1:82: admin.client-certificates[1].san: 'x:y' is not an alternative name, must be"
                                + " dns:, uri: or email: and the name");
        assertThat(
                        settings.problems(
                                "admin: {client-certificates: [{name: a, role: admin}, {name: a, role: viewer, subject: ops}]}"))
                .containsExactly(
                        "postern.yaml:1:9: admin.client-certificates: needs admin.tls with client-auth optional or"
                                + " require, or nobody shows one",
                        "postern.yaml:1:31: admin.client-certificates[0]: names neither subject nor san, must name one",
                        "postern.yaml:1:62: admin.client-certificates[1].name: 'a' is taken by"
                                + " admin.client-certificates[0].name",
                        "postern.yaml:1:88: admin.client-certificates[1].subject: 'ops' is not a name as RFC 4514"
                                + " writes it");
        assertThat(settings.problems("admin: {tls: {certificate: gw, key: gw, client-auth: require}}"))
                .containsExactly("postern.yaml:1:54: admin.tls.client-auth: needs client-ca, the certificates that sign"
                        + " the clients' ones");
        assertThat(settings.good("admin: {bind: '0.0.0.0:9090', tls: {certificate: gw, key: gw}}")
                        .admin()
                        .tls())
                .isPresent();
    }
}
