package io.postern.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.forward.Inquiry.Step;
import io.postern.dns.message.QuestionKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** When a second server is asked, and how often at most. */
class HedgingTest {

    private static final QuestionKey KEY =
            new QuestionKey(Name.fromConstantString("www.example.").toWireCanonical(), Type.A, false, false);

    private final AtomicLong now = new AtomicLong();

    private Servers servers(int count) {
        return new Servers(
                IntStream.range(0, count)
                        .mapToObj(each -> Server.plain(new InetSocketAddress("192.0.2." + each, 53)))
                        .toList(),
                Duration.ofSeconds(2),
                now::get);
    }

    /** Answers of that many milliseconds, and then how long the next one is waited for. */
    private Duration learned(Servers servers, List<Integer> millis) throws Exception {
        for (int each : millis) {
            Inquiry inquiry = new Inquiry(KEY, servers);
            Step.Send send = (Step.Send) inquiry.begin();
            now.addAndGet(Duration.ofMillis(each).toNanos());
            assertThat(inquiry.received(answer(send))).isInstanceOf(Step.Done.class);
        }
        return ((Step.Send) new Inquiry(KEY, servers).begin()).late();
    }

    private static byte[] answer(Step.Send send) throws Exception {
        Message query = new Message(send.message());
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(org.xbill.DNS.Flags.QR);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        reply.addRecord(
                org.xbill.DNS.Record.fromString(
                        query.getQuestion().getName(), Type.A, DClass.IN, 60, "192.0.2.1", Name.root),
                Section.ANSWER);
        return reply.toWire();
    }

    @Test
    void whatIsLateIsWhatOneAnswerInTwentyIs() throws Exception {
        Servers servers = servers(2);
        // One in ten takes 300 ms: that is not rare enough to be late.
        List<Integer> often = IntStream.range(0, 4_000)
                .map(each -> each % 10 == 0 ? 300 : 20)
                .boxed()
                .toList();
        assertThat(learned(servers, often)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        List<Integer> seldom = IntStream.range(0, 4_000)
                .map(each -> each % 100 == 0 ? 300 : 20)
                .boxed()
                .toList();
        assertThat(learned(servers, seldom)).isBetween(Duration.ofMillis(15), Duration.ofMillis(40));
    }

    @Test
    void aLateServerIsHelpedOnceByAnother() {
        Servers servers = servers(2);
        Inquiry inquiry = new Inquiry(KEY, servers);
        Step.Send first = (Step.Send) inquiry.begin();
        Optional<Inquiry> beside = inquiry.late();
        Step.Send second = (Step.Send) beside.orElseThrow().begin();
        assertThat(second.server()).isNotEqualTo(first.server());
        assertThat(inquiry.late()).isEmpty();
        assertThat(beside.orElseThrow().late()).isEmpty();
        // It is help, and asks nobody else when it fails.
        assertThat(beside.orElseThrow().failed()).isEqualTo(new Step.Done(Optional.empty(), Loss.NETWORK));
    }

    @Test
    void oneServerAloneIsNeverLate() {
        Inquiry inquiry = new Inquiry(KEY, servers(1));
        Step.Send send = (Step.Send) inquiry.begin();
        assertThat(send.late()).isEqualTo(send.patience());
        assertThat(inquiry.late()).isEmpty();
    }

    @Test
    void whoFailsHelpsNobody() {
        Servers servers = servers(2);
        servers.unreachable(1, servers.now());
        Inquiry inquiry = new Inquiry(KEY, servers);
        inquiry.begin();
        assertThat(inquiry.late()).isEmpty();
    }

    /** One name that nobody has an answer to says nothing of a server. */
    @Test
    void whoHadNoAnswerToOneNameHelpsAllTheSame() {
        Servers servers = servers(2);
        servers.silent(1, KEY, servers.now());
        servers.silent(1, KEY, servers.now());
        servers.silent(1, KEY, servers.now());
        Inquiry inquiry = new Inquiry(KEY, servers);
        inquiry.begin();
        assertThat(inquiry.late()).isPresent();
    }

    @Test
    void slowServersAreNotAskedTwiceAsMuch() {
        Servers servers = servers(2);
        int asked = 10_000;
        for (int each = 0; each < asked; each++) {
            Inquiry inquiry = new Inquiry(KEY, servers);
            inquiry.begin();
            inquiry.late().ifPresent(Inquiry::begin);
        }
        assertThat(servers.hedged()).isBetween((long) asked / 20, (long) asked / 20 + 100);
    }
}
