package io.postern.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.forward.Inquiry.Step;
import io.postern.dns.message.QuestionKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** A server that is asked only where the one before it has no answer is no worse for what nobody answers. */
class ServersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicLong now = new AtomicLong();
    private final Servers servers = servers(2);

    private Servers servers(int count) {
        return new Servers(
                IntStream.range(0, count)
                        .mapToObj(each -> Server.plain(new InetSocketAddress("192.0.2." + each, 53)))
                        .toList(),
                PATIENCE,
                now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Inquiry inquiry(Servers servers, String domain) throws Exception {
        return new Inquiry(
                new QuestionKey(Name.fromString("www." + domain + ".").toWireCanonical(), Type.A, false, false),
                servers);
    }

    /** Whom it was asked of in vain, whoever was asked beside them not counted. */
    private List<Integer> inVain(Servers servers, String domain) throws Exception {
        Inquiry inquiry = inquiry(servers, domain);
        List<Integer> asked = new ArrayList<>();
        Step step = inquiry.begin();
        Optional<Inquiry> beside = inquiry.late();
        beside.ifPresent(Inquiry::begin);
        while (step instanceof Step.Send send) {
            asked.add(number(send));
            pass(PATIENCE);
            step = inquiry.timedOut();
        }
        beside.ifPresent(Inquiry::timedOut);
        return asked;
    }

    private static int number(Step.Send send) {
        return send.server().address().getAddress().getAddress()[3];
    }

    /** On a busy gateway too: the first one answers all others, and so nobody asks the second. */
    @Test
    void namesThatNobodyAnswersForTakeTheSecondNotAway() throws Exception {
        for (int each = 0; each < 10; each++) {
            assertThat(inVain(servers, "dead" + each + ".example")).containsExactly(0, 1, 0);
            servers.answered(0, servers.now());
            assertThat(servers.silent()).isZero();
        }
    }

    @Test
    void whoIsAskedFirstAndSaysNothingIsLeftAlone() throws Exception {
        for (int each = 0; each < 3; each++) {
            inVain(servers, "dead" + each + ".example");
        }
        assertThat(servers.silent()).isEqualTo(1);
        assertThat(inVain(servers, "dead4.example")).startsWith(1);
    }

    /** Nobody waits for it longer, and it is well with the first answer. */
    @Test
    void whoWasLeftAloneIsTriedBesideOneThatIsLate() throws Exception {
        servers.unreachable(1, servers.now());
        pass(Duration.ofMillis(999));
        assertThat(beside()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(beside()).isPresent();
        assertThat(beside()).as("one question tries it").isEmpty();
        servers.heard(1);
        assertThat(servers.silent()).isZero();
        assertThat(beside()).isPresent();
    }

    private Optional<Inquiry> beside() throws Exception {
        Inquiry inquiry = inquiry(servers, "acme.example");
        inquiry.begin();
        return inquiry.late();
    }

    @Test
    void aTrialByWhatNobodyAnswersMakesItsPauseNoLonger() throws Exception {
        servers.unreachable(1, servers.now());
        for (int each = 0; each < 10; each++) {
            pass(Duration.ofSeconds(1));
            inVain(servers, "dead" + each + ".example");
            servers.answered(0, servers.now());
        }
        pass(Duration.ofSeconds(1));
        assertThat(beside()).isPresent();
    }

    @Test
    void whoWasLeftAloneIsRatherAskedThanWhoHasJustFailed() throws Exception {
        servers.unreachable(1, servers.now());
        Inquiry inquiry = inquiry(servers, "acme.example");
        inquiry.begin();
        Step.Send second = (Step.Send) inquiry.failed();
        assertThat(number(second)).isEqualTo(1);
    }

    @Test
    void whoIsWellIsRatherAskedThanWhoWasLeftAlone() throws Exception {
        Servers three = servers(3);
        three.unreachable(1, three.now());
        Inquiry inquiry = inquiry(three, "acme.example");
        inquiry.begin();
        Step.Send beside = (Step.Send) inquiry.late().orElseThrow().begin();
        assertThat(number(beside)).isEqualTo(2);
        assertThat(number((Step.Send) inquiry.failed())).isEqualTo(2);
    }

    @Test
    void oneAloneIsAskedAgain() throws Exception {
        Servers one = servers(1);
        one.unreachable(0, one.now());
        assertThat(inVain(one, "acme.example")).containsExactly(0, 0, 0);
    }
}
