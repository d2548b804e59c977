package io.postern.gateway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a connection TLS is shown, and when. */
class GoodbyeTest {

    private static final String QUESTION = "1703030024" + "aa".repeat(36);
    private static final String GOODBYE = "1703030013bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private final Goodbye goodbye = new Goodbye();
    private final EmbeddedChannel channel = new EmbeddedChannel(goodbye);
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private String shown() {
        channel.runPendingTasks();
        for (ByteBuf each = channel.readInbound(); each != null; each = channel.readInbound()) {
            shown.writeBytes(ByteBufUtil.getBytes(each));
            each.release();
        }
        return HexFormat.of().formatHex(shown.toByteArray());
    }

    @Test
    void aGoodbyeWaitsForTheAnswers() {
        goodbye.busy(true);
        receive(QUESTION + GOODBYE);
        assertThat(shown()).isEqualTo(QUESTION);
        goodbye.busy(false);
        assertThat(shown()).isEqualTo(QUESTION + GOODBYE);
    }

    /** As the JDK writes it. */
    @Test
    void soDoesOneWithPadding() {
        String padded = "1703030023" + "cc".repeat(35);
        goodbye.busy(true);
        receive(padded);
        assertThat(shown()).isEmpty();
        goodbye.busy(false);
        assertThat(shown()).isEqualTo(padded);
    }

    @Test
    void whereNothingIsUnderWayItIsSaidAtOnce() {
        receive(GOODBYE);
        assertThat(shown()).isEqualTo(GOODBYE);
    }

    /** It was the length of a question, say, in a record of its own. */
    @Test
    void whatHasMoreBehindItWasNone() {
        goodbye.busy(true);
        receive(GOODBYE);
        assertThat(shown()).isEmpty();
        receive(QUESTION);
        assertThat(shown()).isEqualTo(GOODBYE + QUESTION);
    }

    /** Asked again before the loop came to it. */
    @Test
    void whoIsBusyAgainIsWaitedForAgain() {
        goodbye.busy(true);
        receive(GOODBYE);
        goodbye.busy(false);
        goodbye.busy(true);
        assertThat(shown()).isEmpty();
        goodbye.busy(false);
        assertThat(shown()).isEqualTo(GOODBYE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1703030012" + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "1703030014" + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "1503030013" + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "1503030013" + "bbbbbb",
                "1703030024" + "bbbbbb",
                "1703030113" + "bbbbbb",
                "17030301",
                "15"
            })
    void nothingElseWaits(String hex) {
        goodbye.busy(true);
        receive(hex);
        assertThat(shown()).isEqualTo(hex);
    }

    /** Or TLS has the one part already when the other comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {GOODBYE, "1703030023cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"})
    void aGoodbyeWaitsHoweverItIsCut(String last) {
        for (int cut = 2; cut < last.length(); cut += 2) {
            for (int again = cut; again < last.length(); again += 2) {
                EmbeddedChannel each = new EmbeddedChannel();
                Goodbye one = new Goodbye();
                each.pipeline().addLast(one);
                one.busy(true);
                send(each, QUESTION + last.substring(0, cut));
                assertThat(told(each)).as("cut at %d", cut).isEqualTo(QUESTION);
                send(each, last.substring(cut, again));
                send(each, last.substring(again));
                assertThat(told(each)).as("cut at %d and %d", cut, again).isEmpty();
                one.busy(false);
                assertThat(told(each)).isEqualTo(last);
                each.finishAndReleaseAll();
            }
        }
    }

    /** What it was kept for comes, and it was the beginning of a question. */
    @Test
    void aHeadThatIsNoGoodbyesGoesOnWithItsRecord() {
        goodbye.busy(true);
        receive(QUESTION.substring(0, 6));
        assertThat(shown()).isEmpty();
        receive(QUESTION.substring(6, 20));
        assertThat(shown()).isEqualTo(QUESTION.substring(0, 20));
        receive(QUESTION.substring(20) + GOODBYE);
        assertThat(shown()).isEqualTo(QUESTION);
    }

    /** Half of one that went on for want of answers is followed by its other half. */
    @Test
    void whatWentOnInPartGoesOnWhole() {
        receive(GOODBYE.substring(0, 20));
        goodbye.busy(true);
        receive(GOODBYE.substring(20) + QUESTION + GOODBYE);
        assertThat(shown()).isEqualTo(GOODBYE + QUESTION);
    }

    private static void send(EmbeddedChannel channel, String hex) {
        if (!hex.isEmpty()) {
            channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        }
    }

    private static String told(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder told = new StringBuilder();
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            told.append(ByteBufUtil.hexDump(part));
            part.release();
        }
        return told.toString();
    }

    /** Wherever it is cut nothing is lost or turned round. */
    @Test
    void everyByteComesInItsOrder() {
        String all = QUESTION + GOODBYE + QUESTION + GOODBYE;
        for (int cut = 2; cut < all.length(); cut += 2) {
            EmbeddedChannel each = new EmbeddedChannel();
            Goodbye one = new Goodbye();
            each.pipeline().addLast(one);
            one.busy(true);
            each.writeInbound(
                    Unpooled.wrappedBuffer(HexFormat.of().parseHex(all.substring(0, cut))),
                    Unpooled.wrappedBuffer(HexFormat.of().parseHex(all.substring(cut))));
            one.busy(false);
            assertThat(told(each)).isEqualTo(all);
            each.finishAndReleaseAll();
        }
    }
}
