package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingDns.addresses;
import static io.postern.gateway.e2e.TestingDns.ask;
import static io.postern.gateway.e2e.TestingDns.ede;
import static io.postern.gateway.e2e.TestingDns.query;
import static io.postern.gateway.e2e.TestingDns.received;
import static io.postern.gateway.e2e.TestingDns.send;
import static io.postern.gateway.e2e.TestingDns.socket;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.TestingNameServer;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What servers say is told from one memory, and nobody else is believed. */
@Timeout(120)
class DnsResolvingIT {

    @TempDir
    Path dir;

    @Test
    void anAnswerOutlivesItsServers() throws Exception {
        TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
        try (TestingGateway gateway = gateway(server, "timeout: 2s")) {
            server.ttl(0);
            assertThat(addresses(ask(gateway, false, "www.acme.example.", Type.A)))
                    .containsExactly("192.0.2.1");
            server.close();
            // Five seconds are the least that an answer is good for.
            Message stale = eventually(() -> {
                Message answer = ask(gateway, false, "www.acme.example.", Type.A);
                return ede(answer) == 3 ? answer : null;
            });
            assertThat(addresses(stale)).containsExactly("192.0.2.1");
            Message lost = ask(gateway, false, "other.acme.example.", Type.A);
            assertThat(lost.getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(ede(lost)).isEqualTo(22);
        }
    }

    @Test
    void equalQuestionsAreOne() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {});
                TestingGateway gateway = gateway(server, "timeout: 1m");
                DatagramSocket socket = socket(gateway)) {
            byte[] query = query("www.acme.example.", Type.A).toWire();
            for (int each = 0; each < 50; each++) {
                send(socket, query);
            }
            server.awaitAsked(1);
            server.asked().get(0).addresses();
            socket.setSoTimeout(20_000);
            for (int each = 0; each < 50; each++) {
                assertThat(addresses(new Message(received(socket)))).containsExactly("192.0.2.1");
            }
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void everyQuestionToAServerHasItsOwnIdPortAndCase() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = gateway(server)) {
            Set<Integer> ids = new HashSet<>();
            Set<Object> ports = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (int each = 0; each < 50; each++) {
                ask(gateway, false, "a-name-with-more-than-forty-letters-in-it-" + each + ".example.", Type.A);
            }
            for (TestingNameServer.Asked asked : server.asked()) {
                ids.add(asked.query().getHeader().getID());
                ports.add(asked.from());
                names.add(asked.query().getQuestion().getName().toString());
            }
            assertThat(ids).hasSizeGreaterThan(45);
            assertThat(ports).hasSizeGreaterThan(45);
            assertThat(IntStream.range(0, 50)
                            .filter(each ->
                                    names.contains("a-name-with-more-than-forty-letters-in-it-" + each + ".example."))
                            .count())
                    .isLessThan(3);
        }
    }

    /** Somebody who guesses fast and wrong changes nothing but the way that the answer is fetched. */
    @Test
    void guessesAreNotBelieved() throws Exception {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    if (!asked.tcp()) {
                        for (int each = 1; each <= 3; each++) {
                            asked.forged(each);
                        }
                    }
                    asked.addresses();
                });
                TestingGateway gateway = gateway(server)) {
            assertThat(addresses(ask(gateway, false, "www.acme.example.", Type.A)))
                    .containsExactly("192.0.2.1");
            assertThat(server.asked().stream().filter(TestingNameServer.Asked::tcp))
                    .hasSize(1);
        }
    }

    @Test
    void whatNobodyAskedForIsNotToldOn() throws Exception {
        Name elsewhere = Name.fromString("bank.example.");
        Record poison = new ARecord(elsewhere, DClass.IN, 3600, InetAddress.getByName("192.0.2.66"));
        try (TestingNameServer server = TestingNameServer.start(asked -> {
                    asked.reply().addRecord(poison, Section.ANSWER);
                    asked.reply().addRecord(poison, Section.ADDITIONAL);
                    asked.addresses();
                });
                TestingGateway gateway = gateway(server)) {
            Message answer = ask(gateway, false, "www.acme.example.", Type.A);
            assertThat(addresses(answer)).containsExactly("192.0.2.1");
            assertThat(answer.getSection(Section.ADDITIONAL)).allMatch(OPTRecord.class::isInstance);
        }
    }

    private TestingGateway gateway(TestingNameServer server) throws Exception {
        return TestingDns.gateway(dir, server, "", "timeout: 10s", "");
    }

    private TestingGateway gateway(TestingNameServer server, String dns) throws Exception {
        return TestingDns.gateway(dir, server, "", dns, "");
    }

    private interface Look<T> {
        @Nullable
        T look() throws Exception;
    }

    private static <T> T eventually(Look<T> look) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(500))
                .until(look::look, Objects::nonNull);
    }
}
