package io.postern.dns.resolve;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads a reply: follows the aliases from the name asked, inside the answer section only. Nothing is believed that does
 * not hang on that chain, and nothing at all of the additional section.
 */
final class AnswerReader {

    /** Addresses of one family that are used; a reply by TCP has room for thousands. */
    static final int MAX_ADDRESSES = 16;

    /** Aliases from the name to its addresses, over all replies. */
    static final int MAX_ALIASES = 8;

    private AnswerReader() {}

    /** What a reply says. */
    sealed interface Read {

        record End(Found found) implements Read {}

        /**
         * The chain leaves this reply.
         *
         * @param aliases followed so far
         * @param ttl seconds, the least so far
         */
        record GoOn(Name target, int aliases, long ttl) implements Read {}
    }

    /**
     * Reads one reply with code NOERROR or NXDOMAIN.
     *
     * @param aliases followed in earlier replies
     * @param ttl seconds, the least of earlier replies
     */
    static Read read(Message reply, Record question, int aliases, long ttl) {
        List<Record> answers = reply.getSection(Section.ANSWER);
        Name name = question.getName();
        int followed = aliases;
        long least = ttl;
        Optional<CNAMERecord> alias = alias(answers, name);
        while (alias.isPresent()) {
            if (++followed > MAX_ALIASES) {
                return new Read.End(new Found.Failed(Answer.Reason.MALFORMED));
            }
            least = Math.min(least, alias.get().getTTL());
            name = alias.get().getTarget();
            alias = alias(answers, name);
        }
        List<Record> last = records(answers, name, question.getType())
                .filter(record -> record instanceof ARecord || record instanceof AAAARecord)
                .toList();
        if (!last.isEmpty()) {
            return new Read.End(some(last, least));
        }
        return nothing(reply, name, followed, followed > aliases, least);
    }

    private static Read nothing(Message reply, Name name, int followed, boolean moved, long least) {
        Optional<SOARecord> soa = reply.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .findFirst();
        boolean noSuchName = reply.getRcode() == Rcode.NXDOMAIN;
        // A resolver gives the whole chain or says with its SOA that there is nothing; only then is it the end.
        if (moved && soa.isEmpty() && !noSuchName) {
            return new Read.GoOn(name, followed, least);
        }
        long negative = soa.map(record -> Math.min(record.getTTL(), record.getMinimum()))
                .orElse(0L);
        return new Read.End(new Found.None(noSuchName, Math.min(negative, least)));
    }

    private static Found some(List<Record> records, long least) {
        List<InetAddress> addresses = records.stream()
                .map(AnswerReader::address)
                .distinct()
                .limit(MAX_ADDRESSES)
                .toList();
        long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(0);
        return new Found.Some(addresses, Math.min(ttl, least));
    }

    private static InetAddress address(Record address) {
        return address instanceof ARecord ipv4 ? ipv4.getAddress() : ((AAAARecord) address).getAddress();
    }

    private static Optional<CNAMERecord> alias(List<Record> answers, Name name) {
        return records(answers, name, Type.CNAME)
                .filter(CNAMERecord.class::isInstance)
                .map(CNAMERecord.class::cast)
                .findFirst();
    }

    private static Stream<Record> records(List<Record> answers, Name name, int type) {
        Predicate<Record> wanted = record -> record.getType() == type
                && record.getDClass() == DClass.IN
                && record.getName().equals(name);
        return answers.stream().filter(wanted);
    }
}
