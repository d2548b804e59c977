package io.postern.dns.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Loss;
import io.postern.dns.forward.Resolver;
import io.postern.dns.forward.ResolverSettings;
import io.postern.dns.forward.Server;
import io.postern.dns.forward.Servers;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.message.ReplyReader;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What its owner has signed is told, what he has not is not. */
class ValidatorTest {

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    private final AtomicLong now = new AtomicLong();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Validation> counted = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private TestingZone zone;
    private Loss silent = Loss.SERVFAIL;
    private String silentFor = "";

    @BeforeEach
    void aZone() throws Exception {
        zone = new TestingZone("example.")
                .add(a("www.example.", "192.0.2.1"))
                .add(new CNAMERecord(name("alias.example."), DClass.IN, 300, name("www.example.")))
                .unsigned("plain.example.", a("www.plain.example.", "192.0.2.2"));
    }

    @AfterEach
    void end() {
        executor.shutdownNow();
        assertThat(faults).isEmpty();
    }

    private static Name name(String text) throws IOException {
        return Name.fromString(text);
    }

    private static Record a(String owner, String address) throws IOException {
        return new ARecord(name(owner), DClass.IN, 300, InetAddress.getByName(address));
    }

    @Test
    void whatIsSignedIsAuthentic() throws Exception {
        Resolver resolver = resolver();
        for (String name : List.of("www.example.", "alias.example.")) {
            Resolver.Answered answered = ask(resolver, name, Type.A);
            assertThat(answered.reply()).get().satisfies(reply -> {
                assertThat(reply.authentic()).isTrue();
                assertThat(reply.addresses()).containsExactly(InetAddress.getByName("192.0.2.1"));
                assertThat(new Message(reply.standalone(1)).getSection(Section.ANSWER))
                        .noneMatch(RRSIGRecord.class::isInstance);
            });
            assertThat(answered.seconds()).isBetween(1L, 300L);
        }
        assertThat(counted).containsOnly(Validation.SECURE);
    }

    @Test
    void whoAsksForSignaturesHasThem() throws Exception {
        Resolver.Answered answered = settled(resolver(), new QuestionKey(wire("www.example."), Type.A, true, false));
        assertThat(answered.reply()).get().satisfies(reply -> {
            assertThat(reply.authentic()).isTrue();
            assertThat(new Message(reply.standalone(1)).getSection(Section.ANSWER))
                    .anyMatch(RRSIGRecord.class::isInstance);
        });
    }

    @Test
    void thatThereIsNothingIsProven() throws Exception {
        Resolver resolver = resolver();
        Resolver.Answered missing = ask(resolver, "nowhere.example.", Type.A);
        assertThat(missing.reply()).get().satisfies(reply -> {
            assertThat(reply.rcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(reply.authentic()).isTrue();
            assertThat(reply.authorities()).isOne();
        });
        assertThat(ask(resolver, "www.example.", Type.AAAA).reply())
                .get()
                .satisfies(reply -> assertThat(reply.authentic()).isTrue());
    }

    @Test
    void whatIsProvenToBeUnsignedIsToldAndNotAuthentic() throws Exception {
        assertThat(ask(resolver(), "www.plain.example.", Type.A).reply()).get().satisfies(reply -> {
            assertThat(reply.authentic()).isFalse();
            assertThat(reply.addresses()).containsExactly(InetAddress.getByName("192.0.2.2"));
        });
        assertThat(counted).containsExactly(Validation.INSECURE);
    }

    @ParameterizedTest
    @CsvSource({
        "an address of somebody else, 6",
        "no signature, 10",
        "no key, 9",
        "another code for nothing, 6",
        "nothing instead, 12"
    })
    void whatIsForgedIsNotTold(String how, int code) throws Exception {
        zone.forged(forger(how));
        Resolver.Answered answered = ask(resolver(), "www.example.", Type.A);
        assertThat(answered.reply()).isEmpty();
        assertThat(answered.loss().bogus()).isTrue();
        assertThat(answered.loss().code()).isEqualTo(code);
        assertThat(counted).containsExactly(Validation.BOGUS);
    }

    private static Consumer<Message> forger(String how) throws IOException {
        Record other = a("www.example.", "192.0.2.66");
        return reply -> {
            boolean address = reply.getQuestion().getType() == Type.A;
            boolean key = reply.getQuestion().getType() == Type.DNSKEY;
            List<Record> answers = List.copyOf(reply.getSection(Section.ANSWER));
            switch (how) {
                case "an address of somebody else" -> {
                    if (address) {
                        reply.removeRecord(answers.get(0), Section.ANSWER);
                        reply.addRecord(other, Section.ANSWER);
                    }
                }
                case "no signature" ->
                    answers.stream()
                            .filter(record -> address && record instanceof RRSIGRecord)
                            .forEach(record -> reply.removeRecord(record, Section.ANSWER));
                case "no key" ->
                    answers.stream()
                            .filter(record -> key)
                            .forEach(record -> reply.removeRecord(record, Section.ANSWER));
                case "another code for nothing" -> {
                    if (address) {
                        reply.removeAllRecords(Section.ANSWER);
                        reply.getHeader().setRcode(Rcode.NXDOMAIN);
                    }
                }
                default -> {
                    if (address) {
                        reply.removeAllRecords(Section.ANSWER);
                    }
                }
            }
        };
    }

    @Test
    void signaturesHaveTheirTime() throws Exception {
        Instant today = Instant.now();
        zone.signed(today.minus(Duration.ofDays(9)), today.minus(Duration.ofDays(8)));
        assertThat(ask(resolver(), "www.example.", Type.A).loss()).isEqualTo(Loss.SIGNATURE_EXPIRED);
        zone.signed(today.plus(Duration.ofDays(8)), today.plus(Duration.ofDays(9)));
        assertThat(ask(resolver(), "www.example.", Type.A).loss()).isEqualTo(Loss.SIGNATURE_NOT_YET_VALID);
        zone.signed(today.minus(Duration.ofDays(1)), today.plusSeconds(60));
        assertThat(ask(resolver(), "www.example.", Type.A).seconds()).isLessThanOrEqualTo(60);
    }

    @Test
    void whatWasForgedIsForgottenAndAskedAgain() throws Exception {
        zone.forged(forger("an address of somebody else"));
        Resolver resolver = resolver();
        assertThat(ask(resolver, "www.example.", Type.A).reply()).isEmpty();
        int questions = asked.size();
        zone.forged(reply -> {});
        assertThat(ask(resolver, "www.example.", Type.A).reply()).isEmpty();
        assertThat(asked).hasSize(questions);
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(ask(resolver, "www.example.", Type.A).reply()).isPresent();
    }

    @Test
    void anAnswerThatWasGoodIsNotToldInsteadOfAForgedOne() throws Exception {
        Resolver resolver = resolver();
        assertThat(ask(resolver, "www.example.", Type.A).reply()).isPresent();
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        zone.forged(forger("an address of somebody else"));
        assertThat(ask(resolver, "www.example.", Type.A).reply()).isEmpty();
    }

    @Test
    void whoChecksHimselfIsToldUnchecked() throws Exception {
        zone.forged(forger("an address of somebody else"));
        assertThat(settled(resolver(), new QuestionKey(wire("www.example."), Type.A, true, true))
                        .reply())
                .get()
                .satisfies(reply -> {
                    assertThat(reply.authentic()).isFalse();
                    assertThat(reply.addresses()).containsExactly(InetAddress.getByName("192.0.2.66"));
                });
        assertThat(counted).containsExactly(Validation.UNCHECKED);
    }

    @Test
    void zonesOfTheOperatorsChoiceAreNotChecked() throws Exception {
        zone.forged(forger("an address of somebody else"));
        assertThat(ask(resolver(".example"), "www.example.", Type.A).reply())
                .get()
                .satisfies(reply -> assertThat(reply.authentic()).isFalse());
    }

    @Test
    void aKeyThatNobodyTellsIsNotForged() throws Exception {
        silent = Loss.TIMEOUT;
        silentFor = "DNSKEY";
        Resolver.Answered answered = ask(resolver(), "www.example.", Type.A);
        assertThat(answered.reply()).isEmpty();
        assertThat(answered.loss()).isEqualTo(Loss.TIMEOUT);
        assertThat(counted).containsExactly(Validation.LOST);
    }

    @Test
    void moreSignaturesThanAnybodyNeedsAreNotChecked() throws Exception {
        zone.forged(reply -> List.copyOf(reply.getSection(Section.ANSWER)).stream()
                .filter(RRSIGRecord.class::isInstance)
                .map(RRSIGRecord.class::cast)
                .forEach(signature -> {
                    for (int i = 0; i < Work.MOST_SIGNATURES_EACH; i++) {
                        reply.addRecord(with(signature, i), Section.ANSWER);
                    }
                }));
        Resolver.Answered answered = ask(resolver(), "www.example.", Type.A);
        assertThat(answered.loss()).isEqualTo(Loss.BOGUS);
        // Not even a key was asked for.
        assertThat(asked).containsExactly("www.example. A");
    }

    private static RRSIGRecord with(RRSIGRecord signature, int tag) {
        return new RRSIGRecord(
                signature.getName(),
                DClass.IN,
                signature.getTTL(),
                signature.getTypeCovered(),
                signature.getAlgorithm(),
                signature.getOrigTTL(),
                signature.getExpire(),
                signature.getTimeSigned(),
                tag,
                signature.getSigner(),
                signature.getSignature());
    }

    @Test
    void whereThereIsNoRoomNothingIsChecked() throws Exception {
        Executor full = step -> {
            throw new RejectedExecutionException("full");
        };
        assertThat(ask(resolver(full), "www.example.", Type.A).loss()).isEqualTo(Loss.OVERLOAD);
        assertThat(counted).containsExactly(Validation.LOST);
    }

    @Test
    void oneQuestionOfManyIsCheckedOnce() throws Exception {
        Resolver resolver = resolver();
        List<CompletableFuture<Resolver.Answered>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(resolver.ask(new QuestionKey(wire("www.example."), Type.A, false, false))
                    .toCompletableFuture());
        }
        for (var each : all) {
            assertThat(each.get(20, TimeUnit.SECONDS).reply()).isPresent();
        }
        assertThat(counted).containsExactly(Validation.SECURE);
        assertThat(asked).containsExactlyInAnyOrder("www.example. A", "example. DNSKEY");
    }

    @Test
    void theRootsKeysAreReadable() {
        assertThat(TrustAnchor.ROOT)
                .hasSize(2)
                .allSatisfy(anchor -> assertThat(TrustAnchor.parse(anchor)).isPresent());
        assertThat(TrustAnchor.parse("$INCLUDE /etc/passwd")).isEmpty();
        assertThat(TrustAnchor.parse("www.example. A 192.0.2.1")).isEmpty();
    }

    private static byte[] wire(String name) throws IOException {
        return name(name).toWireCanonical();
    }

    private Resolver.Answered ask(Resolver resolver, String name, int type) throws Exception {
        return settled(resolver, new QuestionKey(wire(name), type, false, false));
    }

    private static Resolver.Answered settled(Resolver resolver, QuestionKey key) throws Exception {
        return resolver.ask(key).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Resolver resolver(String... excepted) {
        return resolver(executor, excepted);
    }

    private Resolver resolver(Executor checks, String... excepted) {
        Servers servers = new Servers(
                List.of(Server.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))),
                Duration.ofSeconds(1),
                now::get);
        Resolver behind = new Resolver(
                new ResolverSettings(1024 * 1024, Duration.ZERO, 100), servers, server(), executor, now::get);
        DomainTable.Builder<Boolean> unchecked = DomainTable.builder((one, same) -> one);
        for (String pattern : excepted) {
            unchecked.add(DomainPattern.parse(pattern).orElseThrow(), true);
        }
        Validator validator = new Validator(
                new Validator.Settings(List.of(zone.anchor()), Duration.ofSeconds(10)),
                behind,
                unchecked.build(),
                checks,
                executor,
                Clock.systemUTC(),
                counted::add,
                faults::add);
        return new Resolver(
                new ResolverSettings(1024 * 1024, Duration.ofDays(1), 100), servers, validator, executor, now::get);
    }

    /** Answers what the zone has to say, in the same breath. */
    private Carrier server() {
        return (inquiry, done) -> {
            QuestionKey key = inquiry.key();
            asked.add(key.text() + ". " + Type.string(key.type()));
            done.accept(
                    Type.string(key.type()).equals(silentFor)
                            ? new Inquiry.Step.Done(Optional.empty(), silent)
                            : new Inquiry.Step.Done(
                                    ReplyReader.read(reply(key), key).flatMap(ReplyReader.Read::reply), Loss.SERVFAIL));
        };
    }

    private byte[] reply(QuestionKey key) {
        try {
            Message reply = new Message(7);
            reply.getHeader().setFlag(Flags.QR);
            reply.addRecord(Record.newRecord(new Name(key.name()), key.type(), DClass.IN), Section.QUESTION);
            zone.answer(reply);
            return reply.toWire();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
