package io.postern.dns.message;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Which addresses does an answer lead to? */
public final class Addresses {

    private Addresses() {}

    /** Those of its A and AAAA records, and the hints of HTTPS and SVCB (RFC 9460 section 7.3), which clients connect to likewise. */
    public static List<InetAddress> of(Reply reply, QuestionKey key) {
        return key.type() == Type.HTTPS || key.type() == Type.SVCB ? hints(reply) : reply.addresses();
    }

    private static List<InetAddress> hints(Reply reply) {
        List<InetAddress> addresses = new ArrayList<>(reply.addresses());
        try {
            for (Record record : new Message(reply.standalone(0)).getSection(Section.ANSWER)) {
                if (record instanceof SVCBBase service) {
                    add(service, addresses);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            // What we cannot read may be read by others; it names nothing here.
        }
        return addresses;
    }

    private static void add(SVCBBase service, List<InetAddress> addresses) throws IOException {
        if (service.getSvcParamValue(SVCBBase.IPV4HINT) instanceof SVCBBase.ParameterIpv4Hint four) {
            addresses.addAll(four.getAddresses());
        }
        if (service.getSvcParamValue(SVCBBase.IPV6HINT) instanceof SVCBBase.ParameterIpv6Hint six) {
            addresses.addAll(six.getAddresses());
        }
    }
}
