package io.postern.wire.tcp;

import static io.postern.wire.packet.Packet.ACK;
import static io.postern.wire.packet.Packet.FIN;
import static io.postern.wire.packet.Packet.RST;
import static io.postern.wire.packet.Packet.SYN;
import static io.postern.wire.tcp.TestingStream.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpStreamTest {

    private static final int PATIENCE = TcpLimits.DEFAULTS.patience();

    private final TestingStream stream = new TestingStream();

    /** Also over the end of all numbers. */
    @ParameterizedTest
    @ValueSource(ints = {0, -3, Integer.MAX_VALUE - 2})
    void bytesComeInOrder(int start) {
        stream.segment(start, SYN, "");
        assertThat(stream.segment(start + 1, ACK, "ab")).isEqualTo(TcpAnswer.TAKEN);
        assertThat(stream.segment(start + 5, ACK, "ef")).isEqualTo(TcpAnswer.HELD);
        assertThat(stream.segment(start + 9, ACK | FIN, "i")).isEqualTo(TcpAnswer.HELD);
        assertThat(stream.given()).isEqualTo("ab");
        stream.segment(start + 7, ACK, "gh");
        stream.segment(start + 3, ACK, "cd");
        assertThat(stream.given()).isEqualTo("abcdefghi.");
        assertThat(stream.stream.ended()).isTrue();
        assertThat(stream.held()).isZero();
    }

    @Test
    void whatIsInOrderIsNotCopied() {
        stream.segment(0, SYN, "");
        stream.segment(1, ACK, "abcdef");
        assertThat(stream.calls()).isEqualTo(1);
    }

    @Test
    void ofBytesThatComeTwiceTheFirstCount() {
        stream.segment(0, SYN, "");
        stream.segment(1, ACK, "abc");
        assertThat(stream.segment(1, ACK, "xyz")).isEqualTo(TcpAnswer.OLD);
        assertThat(stream.segment(2, ACK, "xyd")).isEqualTo(TcpAnswer.TAKEN);
        stream.segment(7, ACK, "gh");
        stream.segment(11, ACK, "kl");
        stream.segment(6, ACK, "fXXijXXm");
        stream.segment(5, ACK, "eYYYYYYYYn");
        assertThat(stream.given()).isEqualTo("abcdefghijklmn");
        assertThat(stream.held()).isZero();
    }

    @Test
    void aStreamSeenFromItsMiddleBeginsWithItsFirstPayload() {
        stream.segment(1_000, ACK, "");
        stream.segment(1_004, ACK, "ef");
        stream.segment(1_006, ACK, "gh");
        assertThat(stream.segment(1_002, ACK, "cd")).isEqualTo(TcpAnswer.OLD);
        assertThat(stream.given()).isEqualTo("efgh");
    }

    @Test
    void theOtherSidesAnswerToASynSaysWhereAStreamBegins() {
        stream.acknowledged(101, SYN);
        stream.segment(103, ACK, "cd");
        stream.segment(101, ACK, "ab");
        assertThat(stream.given()).isEqualTo("abcd");
    }

    @Test
    void aSynMayCarryBytesAndComeLate() {
        stream.segment(0, SYN, "abc");
        stream.segment(0, SYN, "abc");
        stream.segment(4, ACK, "d");
        assertThat(stream.given()).isEqualTo("abcd");

        TestingStream late = new TestingStream();
        late.segment(1, ACK, "ab");
        assertThat(late.segment(0, SYN, "")).isEqualTo(TcpAnswer.TAKEN);
        late.segment(3, ACK, "c");
        assertThat(late.given()).isEqualTo("abc");
    }

    /** By which some hide from those who watch, and not from the host they talk to. */
    @Test
    void aFinBeforeTheSynIsNothing() {
        stream.segment(-9, FIN | ACK, "");
        assertThat(stream.segment(500, SYN | ACK, "")).isEqualTo(TcpAnswer.TAKEN);
        stream.segment(501, ACK, "ab");
        assertThat(stream.given()).isEqualTo("ab");
    }

    @Test
    void anotherSynIsAnotherConnection() {
        stream.segment(0, SYN, "");
        stream.segment(1, ACK, "ab");
        assertThat(stream.segment(70_000, SYN, "cd")).isEqualTo(TcpAnswer.RENEWED);
        assertThat(stream.segment(0, SYN, "")).isEqualTo(TcpAnswer.TAKEN);
        assertThat(stream.given()).isEqualTo("ab");

        TestingStream middle = new TestingStream();
        middle.segment(500_000, ACK, "ab");
        assertThat(middle.segment(500_001, SYN, "")).isEqualTo(TcpAnswer.RENEWED);
        assertThat(middle.segment(0, SYN, "")).isEqualTo(TcpAnswer.RENEWED);
    }

    @Test
    void keepAlivesAndResetsAreNoBytes() {
        stream.segment(0, SYN, "");
        stream.segment(1, ACK, "ab");
        assertThat(stream.segment(2, ACK, "\0")).isEqualTo(TcpAnswer.OLD);
        assertThat(stream.segment(2, ACK, "")).isEqualTo(TcpAnswer.TAKEN);
        stream.segment(3, RST, "no such service");
        stream.segment(3, ACK, "c");
        assertThat(stream.given()).isEqualTo("abc");
    }

    @Test
    void aGapIsGivenUpOnceItIsAcknowledgedAndPacketsHavePassed() {
        stream.segment(0, SYN, "");
        stream.segment(4, ACK, "de");
        for (int i = 0; i < 100; i++) {
            stream.acknowledged(3, NONE);
        }
        assertThat(stream.given()).isEmpty();
        for (int i = 0; i < PATIENCE; i++) {
            stream.acknowledged(6, NONE);
        }
        assertThat(stream.given()).isEmpty();
        stream.acknowledged(6, NONE);
        assertThat(stream.given()).isEqualTo("<3>de");
        stream.segment(1, ACK, "abc");
        stream.segment(6, ACK, "f");
        assertThat(stream.given()).isEqualTo("<3>def");
    }

    @Test
    void aLateSegmentFillsAGapThatIsAcknowledged() {
        stream.segment(0, SYN, "");
        stream.acknowledged(6, NONE);
        stream.segment(4, ACK, "de");
        stream.segment(1, ACK, "abc");
        assertThat(stream.given()).isEqualTo("abcde");
    }

    @Test
    void theEndIsToldThoughBytesBeforeItAreLost() {
        stream.segment(0, SYN, "");
        stream.segment(4, ACK | FIN, "");
        for (int i = 0; i <= PATIENCE + 1; i++) {
            stream.acknowledged(5, NONE);
        }
        assertThat(stream.given()).isEqualTo("<3>.");
        assertThat(stream.segment(4, ACK, "x")).isEqualTo(TcpAnswer.OLD);
    }

    @Test
    void closingGivesWhatWaits() {
        stream.segment(0, SYN, "");
        stream.segment(4, ACK, "de");
        stream.segment(8, ACK | FIN, "h");
        stream.close();
        assertThat(stream.given()).isEqualTo("<3>de<2>h.");
        assertThat(stream.held()).isZero();
    }

    @Test
    void boundsGiveUpGapsRatherThanBytes() {
        TestingStream segments = new TestingStream(new TcpLimits(100, 2, 8), Integer.MAX_VALUE);
        segments.segment(0, SYN, "");
        segments.segment(3, ACK, "c");
        segments.segment(5, ACK, "e");
        segments.segment(7, ACK, "g");
        assertThat(segments.given()).isEqualTo("<2>c");
        segments.segment(4, ACK, "d");
        assertThat(segments.given()).isEqualTo("<2>cde");

        TestingStream bytes = new TestingStream(new TcpLimits(4, 100, 8), Integer.MAX_VALUE);
        bytes.segment(0, SYN, "");
        bytes.segment(3, ACK, "cd");
        bytes.segment(7, ACK, "ghi");
        assertThat(bytes.given()).isEqualTo("<2>cd");
        bytes.segment(20, ACK, "lmnop");
        assertThat(bytes.given()).isEqualTo("<2>cd<2>ghi<10>lmnop");

        TestingStream budget = new TestingStream(TcpLimits.DEFAULTS, 3);
        budget.segment(0, SYN, "");
        budget.segment(3, ACK, "cd");
        budget.segment(7, ACK, "gh");
        assertThat(budget.given()).isEqualTo("<2>cd");
        budget.segment(5, ACK, "ef");
        assertThat(budget.given()).isEqualTo("<2>cdefgh");
        assertThat(budget.held()).isZero();
    }

    @Test
    void whatACaptureDidNotKeepIsAGapAtOnce() {
        stream.segment(0, SYN, "");
        stream.segment(1, ACK, "ab", 3);
        stream.segment(6, ACK, "fg", 0);
        assertThat(stream.given()).isEqualTo("ab<3>fg");
        stream.segment(10, ACK, "", 5);
        stream.segment(8, ACK, "h", 1);
        stream.segment(15, ACK, "o");
        stream.close();
        assertThat(stream.given()).isEqualTo("ab<3>fgh<1><5>o");
    }

    @Test
    void whatIsNowhereNearIsOld() {
        stream.segment(0, SYN, "");
        assertThat(stream.segment(0x5000_0000, ACK, "x")).isEqualTo(TcpAnswer.OLD);
        assertThat(stream.segment(0x8000_0000, ACK, "x")).isEqualTo(TcpAnswer.OLD);
        assertThat(stream.given()).isEmpty();
    }
}
