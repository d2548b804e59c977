package io.postern.dns.resolve;

import static io.postern.dns.resolve.TestingAsker.addresses;
import static io.postern.dns.resolve.TestingAsker.ask;
import static io.postern.dns.resolve.TestingAsker.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.Answer.Reason;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsMemoryTest {

    private static final HostText.Name NAME = TestingAsker.NAME;

    private final TestingAsker asker = new TestingAsker();

    @AfterEach
    void stop() {
        asker.close();
    }

    @Test
    void concurrentQuestionsShareOneLookup() throws Exception {
        BlockingQueue<TestingNameServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingNameServer server = TestingNameServer.start(held::add)) {
            DnsNames names = asker.names(server);
            List<CompletableFuture<Answer>> answers = IntStream.range(0, 50)
                    .mapToObj(each -> names.resolve(NAME).toCompletableFuture())
                    .toList();
            for (int family = 0; family < 2; family++) {
                TestingNameServer.Asked asked = held.take();
                asked.address("www.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            }
            for (CompletableFuture<Answer> answer : answers) {
                assertThat(addresses(settled(answer))).containsExactly("2001:db8::1", "192.0.2.1");
            }
            assertThat(server.asked()).hasSize(2);
        }
    }

    @Test
    void noAskerCanSpoilTheOthersAnswer() throws Exception {
        BlockingQueue<TestingNameServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingNameServer server = TestingNameServer.start(held::add)) {
            DnsNames names = asker.names(server);
            names.resolve(NAME).toCompletableFuture().cancel(true);
            CompletableFuture<Answer> second = names.resolve(NAME).toCompletableFuture();
            for (int family = 0; family < 2; family++) {
                held.take().soa(60, 60).send();
            }
            assertThat(settled(second)).isEqualTo(new Answer.NoAddress());
            assertThat(server.asked()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "60, 60", "1000000, 86400"})
    void remembersForTheTtlWithinItsBounds(long ttl, long seconds) throws IOException {
        try (TestingNameServer server = TestingNameServer.bothFamilies(ttl, "192.0.2.1", "2001:db8::1")) {
            assertRemembered(server, asker.names(server), seconds);
        }
    }

    @ParameterizedTest
    @CsvSource({"600, 30, 30", "20, 600, 20", "86400, 86400, 300", "0, 0, 5"})
    void remembersThatThereIsNothingByTheSoaWithinItsBounds(long ttl, long minimum, long seconds) throws IOException {
        try (TestingNameServer server = TestingNameServer.start(
                asked -> asked.rcode(Rcode.NXDOMAIN).soa(ttl, minimum).send())) {
            DnsNames names = asker.names(server);
            assertThat(ask(names)).isEqualTo(new Answer.NoSuchName());
            assertRemembered(server, names, seconds);
        }
    }

    @Test
    void remembersAFailureForOneSecond() throws IOException {
        try (TestingNameServer server =
                TestingNameServer.start(asked -> asked.rcode(Rcode.SERVFAIL).send())) {
            DnsNames names = asker.names(server);
            assertThat(ask(names)).isEqualTo(new Answer.Failed(Reason.SERVFAIL));
            assertRemembered(server, names, 1);
        }
    }

    @Test
    void whatIsRememberedIsAnsweredAtOnce() throws IOException {
        try (TestingNameServer server = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = asker.names(server);
            ask(names);
            assertThat(names.resolve(NAME).toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void tooManyLookupsAreRefusedAndNotRemembered() throws Exception {
        BlockingQueue<TestingNameServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingNameServer server = TestingNameServer.start(held::add)) {
            DnsSettings settings =
                    new DnsSettings(List.of(AddressText.of(server.address())), Duration.ofSeconds(30), 100, 1);
            DnsNames names = asker.names(settings);
            CompletableFuture<Answer> first = names.resolve(NAME).toCompletableFuture();
            assertThat(ask(names, "other.example")).isEqualTo(new Answer.Failed(Reason.OVERLOAD));
            for (int family = 0; family < 2; family++) {
                held.take().soa(60, 60).send();
            }
            assertThat(settled(first)).isEqualTo(new Answer.NoAddress());
            assertThat(names.lookups()).isZero();
            CompletableFuture<Answer> second =
                    names.resolve(new HostText.Name("other.example")).toCompletableFuture();
            for (int family = 0; family < 2; family++) {
                held.take().soa(60, 60).send();
            }
            assertThat(settled(second)).isEqualTo(new Answer.NoAddress());
        }
    }

    private void assertRemembered(TestingNameServer server, DnsNames names, long seconds) {
        Answer answer = ask(names);
        int asked = server.asked().size();
        asker.age(Duration.ofSeconds(seconds).minusMillis(1));
        assertThat(ask(names)).isEqualTo(answer);
        assertThat(server.asked()).hasSize(asked);
        asker.age(Duration.ofMillis(2));
        assertThat(ask(names)).isEqualTo(answer);
        assertThat(server.asked()).hasSize(2 * asked);
    }
}
