package io.postern.dns.validate;

import io.postern.dns.forward.Loss;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/** Why the validator does not believe an answer, RFC 8914 section 4. */
final class Bogus {

    private Bogus() {}

    static Loss why(Message message) {
        @Nullable OPTRecord options = message.getOPT();
        if (options == null) {
            return Loss.BOGUS;
        }
        for (EDNSOption option : options.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)) {
            if (option instanceof ExtendedErrorCodeOption error) {
                return why(error.getErrorCode());
            }
        }
        return Loss.BOGUS;
    }

    private static Loss why(int code) {
        return Arrays.stream(Loss.values())
                .filter(loss -> loss.bogus() && loss.code() == code)
                .findFirst()
                .orElse(Loss.BOGUS);
    }
}
