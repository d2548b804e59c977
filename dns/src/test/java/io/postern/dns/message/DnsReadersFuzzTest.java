package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/** Certain stays certain at every cut; what is kept is capped, whatever a message holds. */
class DnsReadersFuzzTest {

    @FuzzTest
    void readsAnything(byte[] bytes) {
        ByteBuffer whole = ByteBuffer.wrap(bytes);
        capped(DnsDatagramReader.onAnyPort().parse(whole));
        capped(DnsDatagramReader.onItsPort().parse(whole));
        DnsStreamReader streams = new DnsStreamReader();
        Parse<DnsFacts> stream = streams.parse(whole);
        capped(stream);
        FuzzedCuts.agree(streams, bytes, stream);
        PortQuestion taken = new PortQuestion();
        FuzzedCuts.agree(taken, bytes, taken.parse(whole));
        // Whoever can be answered must not get past, and nobody but who asks is taken.
        if (QueryReader.read(bytes) instanceof Query.Read.Asks) {
            assertThat(PortQuestion.in(whole)).isTrue();
        } else if (PortQuestion.in(whole)) {
            assertThat(QueryReader.read(bytes)).isInstanceOf(Query.Read.Faulty.class);
        }
    }

    private static void capped(Parse<DnsFacts> parse) {
        if (parse instanceof Parse.Done<DnsFacts> done) {
            DnsFacts facts = done.value();
            assertThat(facts.addresses()).hasSizeLessThanOrEqualTo(DnsFacts.MOST_ADDRESSES);
            facts.question()
                    .ifPresent(
                            question -> assertThat(question.name()).hasSizeBetween(1, DnsFacts.Question.LONGEST_NAME));
        }
    }
}
