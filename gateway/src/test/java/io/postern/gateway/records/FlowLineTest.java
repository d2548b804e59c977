package io.postern.gateway.records;

import static io.postern.gateway.records.TestingFlows.END;
import static io.postern.gateway.records.TestingFlows.relayed;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.hello.ServerName;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a peer calls itself, it is told in one line and comes back as it was sent, up to the cap. */
class FlowLineTest {
    /** What breaks lines, quotes, terminals and decoders, and what does not. */
    private static final String ALPHABET =
            "ab1.-= \"\\'/\t\r\n\0\u0008\u001b\u007f\u0080\u009b\u00e9\u0130\u2028\u202e\ufeff\uffff\ud83d\ude00";

    @Test
    void anyNameStaysOneLine() {
        Random random = new Random(1_928);
        for (int run = 0; run < 2_000; run++) {
            check(name(random));
        }
    }

    private static String name(Random random) {
        int length = random.nextInt(10) == 0 ? random.nextInt(1_000) : random.nextInt(20);
        return random.ints(length, 0, ALPHABET.length())
                .mapToObj(index -> ALPHABET.substring(index, index + 1))
                .reduce("", String::concat);
    }

    private static void check(String name) {
        FlowRecord flow = relayed()
                .destination(Optional.of(name), 443)
                .spoken(Spoken.NOTHING
                        .with(TlsFacts.of(new TlsFacts.Hello(
                                Optional.of(new ServerName(name, ServerName.Form.INVALID)),
                                "1.3",
                                List.of(name),
                                Optional.of(name),
                                Optional.of(name),
                                true,
                                true,
                                true)))
                        .with(HttpFacts.of(Optional.of(name), name, false)))
                .ended(CloseReason.CLIENT_CLOSED, END);

        String line = TestingFlows.line(flow);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(line.strip().chars().allMatch(FlowLineTest::printable))
                .as(line)
                .isTrue();
        JsonNode json = JsonMapper.shared().readTree(line);
        assertThat(json.at("/dst_endpoint/hostname").asString())
                .isEqualTo(name.substring(0, Math.min(CappedText.HOST, name.length())));
        assertThat(json.at("/connection_info/uid").asString()).isEqualTo("f-01");

        String log = FlowLog.line(flow);
        assertThat(log.chars().allMatch(FlowLineTest::printable)).as(log).isTrue();
        assertThat(log).endsWith(" close=client-closed out=47100 in=1113 ms=30336");
    }

    private static boolean printable(int character) {
        return character >= ' ' && character < 0x7f;
    }
}
