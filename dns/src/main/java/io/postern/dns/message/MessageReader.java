package io.postern.dns.message;

import io.postern.wire.protocol.DnsForm;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Takes the facts out of a message whose form is sound. */
final class MessageReader {

    private static final int RESPONSE = 0;

    private MessageReader() {}

    /** When dnsjava cannot read it all, only header and question are told: its form makes it DNS, whatever it says. */
    static DnsFacts read(ByteBuffer bytes, int from, int length) {
        byte[] copy = new byte[length];
        bytes.get(from, copy);
        try {
            return facts(new Message(copy), Relatives.of(copy), PlainQuery.is(copy));
        } catch (IOException | RuntimeException unreadable) {
            return header(copy);
        }
    }

    private static DnsFacts facts(Message message, DnsFacts.Relative relative, boolean alone) {
        Record question = message.getQuestion();
        OPTRecord edns = message.getOPT();
        Header header = message.getHeader();
        return new DnsFacts(
                relative,
                header.getID(),
                header.getFlag(RESPONSE),
                question == null
                        ? Optional.empty()
                        : Optional.of(question(question.getName(), question.getType(), question.getDClass(), alone)),
                message.getRcode(),
                header.getCount(Section.ANSWER),
                addresses(message),
                edns == null ? OptionalInt.empty() : OptionalInt.of(edns.getPayloadSize()));
    }

    private static DnsFacts.Question question(Name asked, int type, int recordClass, boolean alone) {
        String name = asked.toString(true).toLowerCase(Locale.ROOT);
        String capped = name.length() <= DnsFacts.Question.LONGEST_NAME
                ? name
                : name.substring(0, DnsFacts.Question.LONGEST_NAME);
        return new DnsFacts.Question(capped.isEmpty() ? "." : capped, type, recordClass, alone);
    }

    private static List<InetAddress> addresses(Message message) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : message.getSection(Section.ANSWER)) {
            if (addresses.size() == DnsFacts.MOST_ADDRESSES) {
                break;
            }
            if (record instanceof ARecord ipv4) {
                addresses.add(ipv4.getAddress());
            } else if (record instanceof AAAARecord ipv6) {
                addresses.add(ipv6.getAddress());
            }
        }
        return addresses;
    }

    private static DnsFacts header(byte[] message) {
        Optional<DnsFacts.Question> question = firstQuestion(message);
        return new DnsFacts(
                Relatives.of(message),
                u16(message, 0),
                message[2] < 0,
                question,
                message[3] & 0x0F,
                u16(message, 6),
                List.of(),
                OptionalInt.empty());
    }

    private static Optional<DnsFacts.Question> firstQuestion(byte[] message) {
        try {
            DNSInput input = new DNSInput(message);
            input.jump(DnsForm.HEADER);
            Name name = new Name(input);
            return Optional.of(question(name, input.readU16(), input.readU16(), false));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static int u16(byte[] message, int at) {
        return (message[at] & 0xFF) << 8 | (message[at + 1] & 0xFF);
    }
}
