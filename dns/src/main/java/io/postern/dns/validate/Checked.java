package io.postern.dns.validate;

import io.postern.dns.message.DnsHead;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.message.Reply;
import io.postern.dns.message.ReplyReader;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A checked message, as it is told to who asked. */
final class Checked {

    private Checked() {}

    /** Empty where it cannot be written down again. */
    static Optional<Reply> reply(Message message, QuestionKey key) {
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : List.copyOf(message.getSection(section))) {
                if (!key.signatures() && onlyForThoseWhoCheck(record.getType(), key.type())) {
                    message.removeRecord(record, section);
                }
            }
        }
        message.removeAllRecords(Section.ADDITIONAL);
        message.getHeader().setFlag(Flags.QR);
        byte[] wire = message.toWire();
        return wire.length > DnsHead.LENGTH && ReplyReader.answers(wire, key)
                ? ReplyReader.read(wire, key).flatMap(ReplyReader.Read::reply)
                : Optional.empty();
    }

    /** Not told to whoever has not asked for it, RFC 4035 section 3.2.1. */
    private static boolean onlyForThoseWhoCheck(int type, int asked) {
        return type != asked && (type == Type.RRSIG || type == Type.NSEC || type == Type.NSEC3);
    }
}
