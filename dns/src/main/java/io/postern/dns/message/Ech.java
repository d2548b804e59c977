package io.postern.dns.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.SVCBBase.ParameterBase;
import org.xbill.DNS.SVCBBase.ParameterMandatory;
import org.xbill.DNS.SVCBRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Takes what HTTPS and SVCB records say of Encrypted Client Hello out of an answer (RFC 9848), and the signatures that would not
 * hold any more. Whoever checks signatures himself takes what is left for forged.
 */
public final class Ech {

    private Ech() {}

    /** Whether an answer to such a question may have it. */
    public static boolean mayBeIn(QuestionKey key) {
        return key.type() == Type.HTTPS || key.type() == Type.SVCB;
    }

    /** The answer without it; the same where it has none, empty where it cannot be read. */
    public static Optional<Reply> without(Reply reply, QuestionKey key) {
        try {
            Message message = new Message(reply.standalone(Math.max(0, reply.ttl())));
            List<Record> answers = message.getSection(Section.ANSWER);
            if (answers.stream().noneMatch(Ech::has)) {
                return Optional.of(reply);
            }
            message.removeAllRecords(Section.ANSWER);
            for (Record record : answers) {
                if (record.getType() != Type.RRSIG) {
                    without(record).ifPresent(left -> message.addRecord(left, Section.ANSWER));
                }
            }
            return ReplyReader.read(message.toWire(), key).flatMap(ReplyReader.Read::reply);
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean has(Record record) {
        return record instanceof SVCBBase service && service.getSvcParamKeys().contains(SVCBBase.ECH);
    }

    /** Empty of one that nobody shall use who does not use it. */
    private static Optional<Record> without(Record record) {
        if (!has(record)) {
            return Optional.of(record);
        }
        SVCBBase service = (SVCBBase) record;
        List<ParameterBase> left = new ArrayList<>();
        for (int key : service.getSvcParamKeys()) {
            ParameterBase value = service.getSvcParamValue(key);
            if (value instanceof ParameterMandatory needed && needed.getValues().contains(SVCBBase.ECH)) {
                return Optional.empty();
            }
            if (key != SVCBBase.ECH) {
                left.add(value);
            }
        }
        return Optional.of(
                record instanceof HTTPSRecord
                        ? new HTTPSRecord(
                                record.getName(),
                                record.getDClass(),
                                record.getTTL(),
                                service.getSvcPriority(),
                                service.getTargetName(),
                                left)
                        : new SVCBRecord(
                                record.getName(),
                                record.getDClass(),
                                record.getTTL(),
                                service.getSvcPriority(),
                                service.getTargetName(),
                                left));
    }
}
