package io.postern.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.Answer.Reason;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsNamesTest {

    private static final HostText.Name NAME = new HostText.Name("www.example");

    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "asking"));
    private final AtomicLong now = new AtomicLong();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void findsBothFamiliesAndTheirLeastTtl() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> (asked.is(Type.A)
                        ? asked.address("www.example", 300, "192.0.2.1").address("www.example", 200, "192.0.2.2")
                        : asked.address("www.example", 100, "2001:db8::1"))
                .send())) {
            Answer answer = ask(names(server));
            assertThat(addresses(answer)).containsExactly("2001:db8::1", "192.0.2.1", "192.0.2.2");
            assertThat(((Answer.Addresses) answer).ttl()).isEqualTo(Duration.ofSeconds(100));
        }
    }

    @Test
    void concurrentQuestionsShareOneLookup() throws Exception {
        BlockingQueue<TestingDnsServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingDnsServer server = TestingDnsServer.start(held::add)) {
            DnsNames names = names(server);
            List<CompletableFuture<Answer>> answers = IntStream.range(0, 50)
                    .mapToObj(each -> names.resolve(NAME).toCompletableFuture())
                    .toList();
            for (int family = 0; family < 2; family++) {
                TestingDnsServer.Asked asked = held.take();
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
        BlockingQueue<TestingDnsServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingDnsServer server = TestingDnsServer.start(held::add)) {
            DnsNames names = names(server);
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
        try (TestingDnsServer server = TestingDnsServer.bothFamilies(ttl, "192.0.2.1", "2001:db8::1")) {
            assertRemembered(server, names(server), seconds);
        }
    }

    @ParameterizedTest
    @CsvSource({"600, 30, 30", "20, 600, 20", "86400, 86400, 300", "0, 0, 5"})
    void remembersThatThereIsNothingByTheSoaWithinItsBounds(long ttl, long minimum, long seconds) throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(
                asked -> asked.rcode(Rcode.NXDOMAIN).soa(ttl, minimum).send())) {
            DnsNames names = names(server);
            assertThat(ask(names)).isEqualTo(new Answer.NoSuchName());
            assertRemembered(server, names, seconds);
        }
    }

    @Test
    void remembersAFailureForOneSecond() throws IOException {
        try (TestingDnsServer server =
                TestingDnsServer.start(asked -> asked.rcode(Rcode.SERVFAIL).send())) {
            DnsNames names = names(server);
            assertThat(ask(names)).isEqualTo(new Answer.Failed(Reason.SERVFAIL));
            assertRemembered(server, names, 1);
        }
    }

    @Test
    void whatIsRememberedIsAnsweredAtOnce() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = names(server);
            ask(names);
            assertThat(names.resolve(NAME).toCompletableFuture()).isCompleted();
        }
    }

    @ParameterizedTest
    @CsvSource({"SERVFAIL, SERVFAIL", "REFUSED, REFUSED", "FORMERR, SERVFAIL", "NOTIMP, SERVFAIL", "YXDOMAIN, SERVFAIL"
    })
    void saysWhatTheServerSaid(String rcode, Reason reason) throws IOException {
        try (TestingDnsServer server =
                TestingDnsServer.start(asked -> asked.rcode(Rcode.value(rcode)).send())) {
            assertThat(ask(names(server))).isEqualTo(new Answer.Failed(reason));
            assertThat(server.asked()).hasSize(6);
        }
    }

    @Test
    void aNameWithoutAddressesIsNotAMissingName() throws IOException {
        try (TestingDnsServer server =
                TestingDnsServer.start(asked -> asked.soa(60, 60).send())) {
            assertThat(ask(names(server))).isEqualTo(new Answer.NoAddress());
        }
    }

    @Test
    void oneFamilySufficesWhenTheOtherFails() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            if (asked.is(Type.AAAA)) {
                asked.rcode(Rcode.SERVFAIL).send();
            } else {
                asked.address("www.example", 3600, "192.0.2.1").send();
            }
        })) {
            Answer answer = ask(names(server));
            assertThat(addresses(answer)).containsExactly("192.0.2.1");
            assertThat(((Answer.Addresses) answer).ttl()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void aServerThatDropsIpv6QuestionsDoesNotHoldTheAnswer() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            if (asked.is(Type.A)) {
                asked.address("www.example", 60, "192.0.2.1").send();
            }
        })) {
            DnsNames names = new DnsNames(settings(server, Duration.ofMinutes(1)), executor, now::get);
            assertThat(addresses(ask(names))).containsExactly("192.0.2.1");
        }
    }

    @Test
    void theDeadlineHoldsForEverything() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {})) {
            DnsNames names = new DnsNames(settings(server, Duration.ofMillis(200)), executor, now::get);
            assertThat(ask(names)).isEqualTo(new Answer.Failed(Reason.TIMEOUT));
            assertThat(names.lookups()).isZero();
        }
    }

    @Test
    void aDroppedQuestionIsAskedAgain() throws IOException {
        Set<Integer> dropped = new HashSet<>();
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            if (!dropped.add(asked.query().getQuestion().getType())) {
                asked.address("www.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            }
        })) {
            DnsNames names = new DnsNames(settings(server, Duration.ofSeconds(3)), executor, now::get);
            assertThat(addresses(ask(names))).contains("192.0.2.1");
        }
    }

    @Test
    void aFailingServerIsPassedOverAndTheNextRemembered() throws IOException {
        try (TestingDnsServer failing = TestingDnsServer.start(
                        asked -> asked.rcode(Rcode.REFUSED).send());
                TestingDnsServer working = TestingDnsServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            List<String> upstreams = List.of(AddressText.of(failing.address()), AddressText.of(working.address()));
            DnsNames names =
                    new DnsNames(new DnsSettings(upstreams, Duration.ofSeconds(30), 100, 10), executor, now::get);
            assertThat(addresses(ask(names))).containsExactly("2001:db8::1", "192.0.2.1");
            int before = failing.asked().size();
            assertThat(addresses(ask(names, "other.example"))).hasSize(2);
            assertThat(failing.asked()).hasSize(before);
        }
    }

    @Test
    void aClosedPortIsTheNetworksFault() throws IOException {
        int closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        DnsSettings settings = new DnsSettings(List.of("127.0.0.1:" + closed), Duration.ofSeconds(30), 100, 10);
        assertThat(ask(new DnsNames(settings, executor, now::get))).isEqualTo(new Answer.Failed(Reason.NETWORK));
    }

    @Test
    void aTruncatedReplyIsAskedForByTcp() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            if (asked.tcp()) {
                asked.address("www.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1");
            } else {
                asked.flag(Flags.TC);
            }
            asked.send();
        })) {
            assertThat(addresses(ask(names(server)))).containsExactly("2001:db8::1", "192.0.2.1");
        }
    }

    /** Each is what somebody who forges answers could send; the real one is then fetched where forging is hard. */
    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "type", "case", "query", "opcode", "no question", "short", "garbage"})
    void aReplyThatIsNotToTheQuestionIsNotBelieved(String lie) throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            if (asked.tcp()) {
                asked.address(asked.name(), 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            } else {
                asked.sender().send(forged(lie, asked));
            }
        })) {
            // Long enough for every letter to come out as it was once in 2^40.
            Answer answer = ask(names(server), "a-name-with-more-than-forty-letters-in-it.www.example");
            assertThat(addresses(answer)).containsExactly("2001:db8::1", "192.0.2.1");
            assertThat(server.asked()).hasSize(4);
        }
    }

    @Test
    void liesByTcpTooAreMalformed() throws IOException {
        try (TestingDnsServer server =
                TestingDnsServer.start(asked -> asked.sender().send(forged("query", asked)))) {
            assertThat(ask(names(server))).isEqualTo(new Answer.Failed(Reason.MALFORMED));
        }
    }

    @Test
    void everyQuestionHasItsOwnIdPortAndCase() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = names(server);
            for (int each = 0; each < 50; each++) {
                ask(names, "a-name-with-more-than-forty-letters-in-it-" + each + ".example");
            }
            assertThat(distinct(server, asked -> asked.query().getHeader().getID()))
                    .hasSizeGreaterThan(90);
            assertThat(distinct(server, asked -> asked.from())).hasSizeGreaterThan(90);
            assertThat(distinct(
                            server,
                            asked -> asked.query().getQuestion().getName().toString()))
                    .hasSize(100);
        }
    }

    @Test
    void followsAliasesWithinAReply() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> asked.alias("www.example", 50, "a.example")
                .address("unasked.example", 60, asked.is(Type.A) ? "192.0.2.66" : "2001:db8::66")
                .alias("a.example", 60, "b.example")
                .address("b.example", 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                .send())) {
            Answer answer = ask(names(server));
            assertThat(addresses(answer)).containsExactly("2001:db8::1", "192.0.2.1");
            assertThat(((Answer.Addresses) answer).ttl()).isEqualTo(Duration.ofSeconds(50));
        }
    }

    @ParameterizedTest
    @CsvSource({"7, true", "8, true", "9, false", "1000, false"})
    void followsEightAliasesOverReplies(int length, boolean found) throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            String name = asked.name();
            int at = name.startsWith("alias") ? Integer.parseInt(name.substring(5, name.indexOf('.'))) : 0;
            if (at < length) {
                asked.alias(name, 60, "alias" + (at + 1) + ".example").send();
            } else {
                asked.address(name, 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            }
        })) {
            Answer answer = ask(names(server));
            assertThat(answer).isInstanceOf(found ? Answer.Addresses.class : Answer.Failed.class);
            assertThat(server.asked()).hasSizeLessThanOrEqualTo(18);
        }
    }

    @Test
    void aLoopOfAliasesIsMalformed() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> asked.alias("www.example", 60, "a.example")
                .alias("a.example", 60, "www.example")
                .send())) {
            assertThat(ask(names(server))).isEqualTo(new Answer.Failed(Reason.MALFORMED));
        }
    }

    @Test
    void believesNothingOutsideTheAnswerSection() throws Exception {
        Record elsewhere = Record.fromString(Name.fromString("www.example."), Type.A, 1, 60, "192.0.2.66", Name.root);
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            asked.soa(60, 60).reply().addRecord(elsewhere, Section.ADDITIONAL);
            asked.send();
        })) {
            assertThat(ask(names(server))).isEqualTo(new Answer.NoAddress());
        }
    }

    @Test
    void takesAtMostSixteenAddressesOfAFamily() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.start(asked -> {
            if (!asked.tcp()) {
                asked.flag(Flags.TC).send();
                return;
            }
            for (int each = 0; each < 1_000; each++) {
                asked.address(
                        "www.example",
                        60,
                        asked.is(Type.A) ? "10.0." + each / 250 + "." + each % 250 : "2001:db8::" + each);
            }
            asked.send();
        })) {
            assertThat(addresses(ask(names(server)))).hasSize(32);
        }
    }

    @Test
    void tooManyLookupsAreRefusedAndNotRemembered() throws Exception {
        BlockingQueue<TestingDnsServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingDnsServer server = TestingDnsServer.start(held::add)) {
            DnsSettings settings =
                    new DnsSettings(List.of(AddressText.of(server.address())), Duration.ofSeconds(30), 100, 1);
            DnsNames names = new DnsNames(settings, executor, now::get);
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

    @Test
    void aClosedExecutorIsOverload() throws IOException {
        try (TestingDnsServer server = TestingDnsServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = names(server);
            executor.shutdown();
            assertThat(ask(names)).isEqualTo(new Answer.Failed(Reason.OVERLOAD));
        }
    }

    @Test
    void closingTheExecutorEndsWhatIsUnderWay() throws Exception {
        BlockingQueue<TestingDnsServer.Asked> held = new LinkedBlockingQueue<>();
        try (TestingDnsServer server = TestingDnsServer.start(held::add)) {
            CompletableFuture<Answer> answer = names(server).resolve(NAME).toCompletableFuture();
            TestingDnsServer.Asked asked = held.take();
            executor.shutdownNow();
            asked.soa(60, 60).send();
            assertThat(settled(answer)).isEqualTo(new Answer.Failed(Reason.OVERLOAD));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a.b.localhost"})
    void localhostNeverLeaves(String name) throws IOException {
        try (TestingDnsServer server = TestingDnsServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            assertThat(addresses(ask(names(server), name))).containsExactly("::1", "127.0.0.1");
            assertThat(server.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.invalid", "expyuzz4wqqyqhjn.onion"})
    void namesThatCannotBeInDnsNeverLeave(String name) throws IOException {
        try (TestingDnsServer server = TestingDnsServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            assertThat(ask(names(server), name)).isEqualTo(new Answer.NoSuchName());
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void everyAnswerComesOnTheGivenExecutor() throws IOException {
        List<TestingDnsServer.Script> scripts = List.of(
                asked -> {},
                asked -> asked.rcode(Rcode.SERVFAIL).send(),
                asked -> asked.sender().send(new byte[1]),
                asked -> asked.soa(60, 60).send());
        for (TestingDnsServer.Script script : scripts) {
            try (TestingDnsServer server = TestingDnsServer.start(script)) {
                CompletableFuture<String> thread = new CompletableFuture<>();
                new DnsNames(settings(server, Duration.ofMillis(300)), executor, now::get)
                        .resolve(NAME)
                        .thenRun(() -> thread.complete(Thread.currentThread().getName()));
                assertThat(thread.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo("asking");
            }
        }
    }

    private void assertRemembered(TestingDnsServer server, DnsNames names, long seconds) {
        Answer answer = ask(names);
        // The answer's age begins in the task that completed it.
        CompletableFuture.runAsync(() -> {}, executor).join();
        int asked = server.asked().size();
        now.addAndGet(Duration.ofSeconds(seconds).minusMillis(1).toNanos());
        assertThat(ask(names)).isEqualTo(answer);
        assertThat(server.asked()).hasSize(asked);
        now.addAndGet(Duration.ofMillis(2).toNanos());
        assertThat(ask(names)).isEqualTo(answer);
        assertThat(server.asked()).hasSize(2 * asked);
    }

    private static byte[] forged(String lie, TestingDnsServer.Asked asked) throws IOException {
        Message reply = new Message(asked.query().getHeader().getID() ^ (lie.equals("id") ? 1 : 0));
        if (!lie.equals("query")) {
            reply.getHeader().setFlag(Flags.QR);
        }
        if (lie.equals("opcode")) {
            reply.getHeader().setOpcode(Opcode.NOTIFY);
        }
        Record question = asked.query().getQuestion();
        Name name = lie.equals("case")
                ? Name.fromString(asked.name() + ".")
                : lie.equals("name") ? Name.fromString("evil.example.") : question.getName();
        int type = lie.equals("type") ? Type.TXT : question.getType();
        if (!lie.equals("no question")) {
            reply.addRecord(Record.newRecord(name, type, question.getDClass()), Section.QUESTION);
        }
        String address = question.getType() == Type.A ? "192.0.2.66" : "2001:db8::66";
        reply.addRecord(Record.fromString(name, question.getType(), 1, 60, address, Name.root), Section.ANSWER);
        byte[] wire = reply.toWire();
        return switch (lie) {
            case "short" -> Arrays.copyOf(wire, 11);
            case "garbage" -> Arrays.copyOf(wire, 20);
            default -> wire;
        };
    }

    private static <T> Set<T> distinct(TestingDnsServer server, Function<TestingDnsServer.Asked, T> part) {
        Set<T> distinct = new HashSet<>();
        server.asked().forEach(asked -> distinct.add(part.apply(asked)));
        return distinct;
    }

    private DnsNames names(TestingDnsServer server) {
        return new DnsNames(settings(server, Duration.ofSeconds(30)), executor, now::get);
    }

    private static DnsSettings settings(TestingDnsServer server, Duration timeout) {
        return new DnsSettings(List.of(AddressText.of(server.address())), timeout, 100, 10);
    }

    private static Answer ask(DnsNames names) {
        return ask(names, NAME.name());
    }

    private static Answer ask(DnsNames names, String name) {
        return settled(names.resolve(new HostText.Name(name)).toCompletableFuture());
    }

    private static Answer settled(CompletableFuture<Answer> answer) {
        return answer.orTimeout(40, TimeUnit.SECONDS).join();
    }

    private static List<String> addresses(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Addresses.class);
        List<String> addresses = new ArrayList<>();
        ((Answer.Addresses) answer).addresses().forEach(address -> addresses.add(AddressText.of(address)));
        return addresses;
    }
}
