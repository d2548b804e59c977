package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A mail on its way: swaks gives it to aiosmtpd, and Python's imaplib takes it from Dovecot, each through the gateway and
 * with STARTTLS. Swaks knows no proxies; socat opens its tunnel, by a CONNECT of HTTP/1.0.
 */
@Tag("real")
class MailIT {

    private static final String NAME = "mail.acme.test";
    private static final String APP = "com.acme.mail";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path dir;

    @Test
    void aMailIsSentAndRead() throws Exception {
        int smtp = Ports.free();
        int imap = Ports.free();
        Path served = served();
        SelfSigned certificate = SelfSigned.mint(dir, NAME);
        copyFor(served, certificate.certificate(), "server.crt");
        copyFor(served, certificate.key(), "server.key");
        try (RunningProgram smtpServer = smtpServer(served, smtp);
                RunningProgram imapServer = imapServer(served, imap);
                ServedGateway gateway = ServedGateway.start(dir, """
                        listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                        upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'%s': '127.0.0.1'}}
                        """.formatted(NAME), "")) {
            awaitListening(smtp, smtpServer);
            awaitListening(imap, imapServer);
            send(gateway, smtp);
            expectStartTls(gateway, smtp, "smtp");
            assertThat(read(gateway, imap, certificate))
                    .singleElement()
                    .satisfies(text -> assertThat(text.asString()).contains("Grüße through the gateway"));
            expectStartTls(gateway, imap, "imap");
            gateway.stop();
        }
    }

    /** A folder of whom the servers run as. */
    private Path served() throws IOException {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Program.givenAway(Files.createDirectory(dir.resolve("served")));
    }

    private static void copyFor(Path served, Path file, String name) throws IOException {
        Program.givenAway(Files.copy(file, served.resolve(name)));
    }

    private RunningProgram smtpServer(Path served, int port) {
        return Program.ofDebian("/usr/bin/aiosmtpd", "/usr/share/doc/python3-aiosmtpd", dir)
                .unprivileged()
                .start(
                        "--nosetuid",
                        "--listen=127.0.0.1:" + port,
                        "--tlscert=" + served.resolve("server.crt"),
                        "--tlskey=" + served.resolve("server.key"),
                        "--class=aiosmtpd.handlers.Mailbox",
                        served.resolve("mail").toString());
    }

    private RunningProgram imapServer(Path served, int port) throws IOException {
        PosixFileAttributes owner = Files.readAttributes(served, PosixFileAttributes.class);
        String configuration = Files.readString(Scripts.copy(dir, "dovecot.conf"))
                .replace("DIR", served.toString())
                .replace("USER", owner.owner().getName())
                .replace("GROUP", owner.group().getName())
                .replace("PORT", Integer.toString(port));
        Path file = Program.givenAway(Files.writeString(served.resolve("dovecot.conf"), configuration));
        return Program.ofDebian("/usr/sbin/dovecot", "/usr/share/doc/dovecot-imapd", dir)
                .unprivileged()
                .start("-F", "-c", file.toString());
    }

    private void send(ServedGateway gateway, int smtp) throws IOException {
        try (RunningProgram tunnels = Program.installed("socat", "socat", dir)
                .start(
                        "-d",
                        "-d",
                        "TCP-LISTEN:0,bind=127.0.0.1,fork",
                        "PROXY:127.0.0.1:%s:%d,proxyport=%d,proxyauth=%s"
                                .formatted(NAME, smtp, gateway.port("apps"), gateway.tag(APP)))) {
            String port = tunnels.awaitOutput(Pattern.compile("listening on AF=2 127\\.0\\.0\\.1:(\\d+)"))
                    .group(1);
            Program.Ended ended = Program.installed("swaks", "swaks libnet-ssleay-perl", dir)
                    .run(
                            "--server=127.0.0.1:" + port,
                            "--helo=device",
                            "--from=a@acme.test",
                            "--to=me@acme.test",
                            "--tls",
                            "--tls-sni=" + NAME,
                            "--header=Subject: proof",
                            "--body=Grüße through the gateway");
            assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
        }
    }

    private List<JsonNode> read(ServedGateway gateway, int imap, SelfSigned certificate) throws IOException {
        Program.Ended ended = Program.installed("python3", "python3", dir)
                .run(
                        Scripts.copy(dir, "mailbox.py", "tunnel.py").toString(),
                        "127.0.0.1",
                        Integer.toString(gateway.port("apps")),
                        gateway.tag(APP),
                        NAME,
                        Integer.toString(imap),
                        certificate.certificate().toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        return List.copyOf(JSON.readTree(ended.out()).values());
    }

    private static void expectStartTls(ServedGateway gateway, int port, String protocol) {
        JsonNode record = gateway.record(each -> each.at("/dst_endpoint/port").asInt() == port);
        assertThat(record.at("/app_name").asString()).isEqualTo(protocol);
        assertThat(record.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo(APP);
        assertThat(record.at("/tls/sni").asString()).isEqualTo(NAME);
    }

    private static void awaitListening(int port, RunningProgram server) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(server.alive()).as(server.story("has ended")).isTrue();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (ConnectException notYet) {
                return false;
            }
        });
    }
}
