package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Whatever comes from a client or a server: what is told on, dnsjava can read, and it holds nothing that nobody asked. */
class AnsweringFuzzTest {

    @FuzzTest
    void answersAnyClient(byte[] bytes) throws IOException {
        Query.Read read = QueryReader.read(bytes);
        if (read instanceof Query.Read.Asks asks) {
            Query query = asks.query();
            readable(Replies.error(query, 5, OptionalInt.of(Replies.EDE_BLOCKED)));
            readable(Replies.noSuchName(query, OptionalInt.of(Replies.EDE_BLOCKED)));
            readable(Replies.everything(query));
            readable(Replies.addresses(query, List.of(), OptionalInt.empty()));
            // The question alone: what signs it is not read here, and need not be sound.
            byte[] question = Arrays.copyOf(bytes, query.questionEnd());
            DnsHead.put16(question, DnsHead.ADDITIONAL, 0);
            assertThat(new Message(question).getQuestion().getName().toWireCanonical())
                    .isEqualTo(query.key().name());
        } else if (read instanceof Query.Read.Faulty faulty) {
            readable(Replies.error(faulty.query(), faulty.rcode(), OptionalInt.empty()));
        }
    }

    /** The question of the bytes themselves, so that what is behind it is looked at. */
    @FuzzTest
    void believesNoServer(byte[] bytes) throws IOException {
        int end = bytes.length < 17 ? -1 : WireName.end(bytes, DnsHead.LENGTH, bytes.length);
        byte[] name = end < 0 ? new byte[0] : WireName.canonical(bytes, DnsHead.LENGTH, end);
        if (end < 0 || end + 4 > bytes.length || name.length != end - DnsHead.LENGTH) {
            return;
        }
        QuestionKey key = new QuestionKey(name, DnsHead.u16(bytes, end), false, false);
        if (!ReplyReader.answers(bytes, key)) {
            return;
        }
        ReplyReader.read(bytes, key).flatMap(ReplyReader.Read::reply).ifPresent(reply -> {
            byte[] told = reply.standalone(30);
            assertThat(told.length).isLessThanOrEqualTo(65_535);
            assertThat(ReplyReader.answers(told, key)).isTrue();
            assertThat(ReplyReader.read(told, key)).isPresent();
            assertThat(reply.ttl()).isNotNegative();
        });
    }

    private static void readable(byte[] message) throws IOException {
        Message read = new Message(message);
        for (Record record : read.getSection(Section.ANSWER)) {
            assertThat(record.getTTL()).isLessThanOrEqualTo(60);
        }
    }
}
