package io.postern.dns.resolve;

import static io.postern.dns.resolve.TestingAsker.addresses;
import static io.postern.dns.resolve.TestingAsker.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.resolve.Answer.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsForgeryTest {

    private final TestingAsker asker = new TestingAsker();

    @AfterEach
    void stop() {
        asker.close();
    }

    /** Each is what somebody who forges answers could send; the real one is then fetched where forging is hard. */
    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "type", "case", "query", "opcode", "no question", "short", "garbage"})
    void aReplyThatIsNotToTheQuestionIsNotBelieved(String lie) throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            if (asked.tcp()) {
                asked.address(asked.name(), 60, asked.is(Type.A) ? "192.0.2.1" : "2001:db8::1")
                        .send();
            } else {
                asked.sender().send(forged(lie, asked));
            }
        })) {
            // Long enough for every letter to come out as it was once in 2^40.
            Answer answer = ask(asker.names(server), "a-name-with-more-than-forty-letters-in-it.www.example");
            assertThat(addresses(answer)).containsExactly("2001:db8::1", "192.0.2.1");
            assertThat(server.asked()).hasSize(4);
        }
    }

    @Test
    void liesByTcpTooAreMalformed() throws IOException {
        try (TestingNameServer server =
                TestingNameServer.start(asked -> asked.sender().send(forged("query", asked)))) {
            assertThat(ask(asker.names(server))).isEqualTo(new Answer.Failed(Reason.MALFORMED));
        }
    }

    @Test
    void everyQuestionHasItsOwnIdPortAndCase() throws IOException {
        try (TestingNameServer server = TestingNameServer.bothFamilies(60, "192.0.2.1", "2001:db8::1")) {
            DnsNames names = asker.names(server);
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
    void believesNothingOutsideTheAnswerSection() throws Exception {
        Record elsewhere = Record.fromString(Name.fromString("www.example."), Type.A, 1, 60, "192.0.2.66", Name.root);
        try (TestingNameServer server = TestingNameServer.start(asked -> {
            asked.soa(60, 60).reply().addRecord(elsewhere, Section.ADDITIONAL);
            asked.send();
        })) {
            assertThat(ask(asker.names(server))).isEqualTo(new Answer.NoAddress());
        }
    }

    @Test
    void takesAtMostSixteenAddressesOfAFamily() throws IOException {
        try (TestingNameServer server = TestingNameServer.start(asked -> {
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
            assertThat(addresses(ask(asker.names(server)))).hasSize(32);
        }
    }

    private static byte[] forged(String lie, TestingNameServer.Asked asked) throws IOException {
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

    private static <T> Set<T> distinct(TestingNameServer server, Function<TestingNameServer.Asked, T> part) {
        Set<T> distinct = new HashSet<>();
        server.asked().forEach(asked -> distinct.add(part.apply(asked)));
        return distinct;
    }
}
