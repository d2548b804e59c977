package io.postern.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.forward.Inquiry.Step;
import io.postern.dns.forward.Server.Carriage;
import io.postern.dns.message.QuestionKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is believed of a server, and how often one is asked. */
class InquiryTest {

    @ParameterizedTest
    @CsvSource({"PLAIN, false", "TLS, true", "HTTPS, true"})
    void thatAServerHasCheckedIsBelievedInsideTlsAlone(Carriage carriage, boolean believed) throws Exception {
        Server server = new Server(new InetSocketAddress("192.0.2.53", 53), carriage, "dns.example", "/dns-query");
        Servers servers = new Servers(List.of(server), Duration.ofSeconds(2), System::nanoTime);
        byte[] name = Name.fromConstantString("www.example.").toWireCanonical();
        Inquiry inquiry = new Inquiry(new QuestionKey(name, Type.A, true, false), servers);
        Message query = new Message(((Step.Send) inquiry.begin()).message());
        assertThat(query.getHeader().getFlag(Flags.AD)).as("asked for").isEqualTo(believed);
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AD);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        assertThat(inquiry.received(reply.toWire()))
                .isInstanceOfSatisfying(
                        Step.Done.class,
                        done -> assertThat(done.reply().orElseThrow().authentic())
                                .isEqualTo(believed));
    }

    /** Who cuts every answer short, and has no more to say by TCP, is asked as often as who says nothing, and once more. */
    @Test
    void whoNeverTellsAllIsNotAskedForEver() throws Exception {
        assertThat(asked(cutShort(), cutShort(), cutShort(), cutShort(), cutShort(), cutShort(), cutShort()))
                .containsExactly("udp 1", "tcp 1", "udp 2", "tcp 2");
    }

    @Test
    void aLongAnswerIsFetchedAlsoByTheLastAttempt() throws Exception {
        Servers servers = servers();
        Inquiry inquiry = new Inquiry(key(), servers);
        inquiry.begin();
        inquiry.timedOut();
        Step.Send last = (Step.Send) inquiry.timedOut();
        Step.Send byTcp = (Step.Send) inquiry.received(cutShort().to(last));
        assertThat(byTcp.tcp()).isTrue();
        assertThat(inquiry.timedOut()).isInstanceOf(Step.Done.class);
    }

    /** Each of the two that a server may ask for itself comes once, whatever it says after that. */
    @Test
    void whoAsksForCookiesAndThenForTcpIsAskedOnceMoreForEach() throws Exception {
        Saying[] saysEachTime = new Saying[9];
        Arrays.fill(saysEachTime, cutShort());
        saysEachTime[0] = badCookie();
        assertThat(asked(saysEachTime)).containsExactly("udp 1", "udp 1", "tcp 1", "udp 2", "tcp 2");
        Arrays.fill(saysEachTime, badCookie());
        assertThat(asked(saysEachTime)).containsExactly("udp 1", "udp 1", "tcp 1", "udp 2", "tcp 2");
    }

    /** Help is one server's, and costs no more of it than the question itself would. */
    @Test
    void whoIsAskedBesideAnotherIsAskedOnceMoreForEachToo() throws Exception {
        Inquiry inquiry = new Inquiry(key(), servers());
        inquiry.begin();
        Inquiry beside = inquiry.late().orElseThrow();
        Step step = beside.begin();
        List<String> asked = new ArrayList<>();
        for (int each = 0; each < 9 && step instanceof Step.Send send; each++) {
            asked.add(named(send));
            step = beside.received((each == 0 ? badCookie() : cutShort()).to(send));
        }
        assertThat(asked).containsExactly("udp 2", "udp 2", "tcp 2");
        assertThat(step).isInstanceOf(Step.Done.class);
    }

    private static Saying badCookie() {
        return send -> {
            Message query = new Message(send.message());
            Message reply = new Message(query.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setRcode(Rcode.BADCOOKIE & 0xF);
            reply.addRecord(query.getQuestion(), Section.QUESTION);
            byte[] own = send.tcp()
                    ? new byte[8]
                    : query.getOPT().getOptions(EDNSOption.Code.COOKIE).get(0) instanceof CookieOption cookie
                            ? cookie.getClientCookie()
                            : new byte[8];
            reply.addRecord(
                    new OPTRecord(1232, Rcode.BADCOOKIE >> 4, 0, 0, List.of(new CookieOption(own, new byte[8]))),
                    Section.ADDITIONAL);
            return reply.toWire();
        };
    }

    private interface Saying {
        byte[] to(Step.Send send) throws Exception;
    }

    private static Saying cutShort() {
        return send -> {
            Message query = new Message(send.message());
            Message reply = new Message(query.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setFlag(Flags.TC);
            reply.addRecord(query.getQuestion(), Section.QUESTION);
            return reply.toWire();
        };
    }

    /** By what and whom, until it is over. */
    private static List<String> asked(Saying... says) throws Exception {
        Inquiry inquiry = new Inquiry(key(), servers());
        Step step = inquiry.begin();
        List<String> asked = new ArrayList<>();
        for (Saying each : says) {
            if (step instanceof Step.Send send) {
                asked.add(named(send));
                step = inquiry.received(each.to(send));
            }
        }
        assertThat(step).isInstanceOf(Step.Done.class);
        return asked;
    }

    private static String named(Step.Send send) {
        return (send.tcp() ? "tcp " : "udp ")
                + send.server().address().getAddress().getAddress()[3];
    }

    private static QuestionKey key() {
        byte[] name = Name.fromConstantString("www.example.").toWireCanonical();
        return new QuestionKey(name, Type.A, false, false);
    }

    private static Servers servers() {
        return new Servers(
                IntStream.rangeClosed(1, 3)
                        .mapToObj(each -> Server.plain(new InetSocketAddress("192.0.2." + each, 53)))
                        .toList(),
                Duration.ofSeconds(2),
                System::nanoTime);
    }
}
