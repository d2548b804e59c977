package io.postern.gateway.records;

import io.postern.wire.ip.AddressText;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log line for each flow that ended: logger {@code flow}, level DEBUG, which is off unless asked for, because it
 * holds names that peers sent. The keys are stable:
 *
 * <pre>
 * flow=… device=… profile=… app=… ingress=… client=… host=… address=… port=… transport=… protocol=… basis=…
 * verdict=… rule=… close=… out=… in=… ms=…
 * </pre>
 *
 * A value that is empty, long or anything but plain printable ASCII is quoted, escaped and cut.
 */
final class FlowLog {
    private static final Logger LOG = LoggerFactory.getLogger("flow");
    private static final int MAX_VALUE = 255;

    private FlowLog() {}

    static void log(FlowRecord flow) {
        if (LOG.isDebugEnabled() && flow.closeReason().isPresent()) {
            LOG.debug("{}", line(flow));
        }
    }

    static String line(FlowRecord flow) {
        StringBuilder line = new StringBuilder(320);
        add(line, "flow", flow.uid());
        add(line, "device", flow.tag().device());
        add(line, "profile", flow.tag().profile());
        add(line, "app", flow.tag().app());
        add(line, "ingress", flow.origin().ingress());
        add(line, "client", AddressText.of(flow.client().getAddress()));
        add(line, "host", flow.hostname().orElse("-"));
        add(
                line,
                "address",
                flow.destination()
                        .address()
                        .map(address -> AddressText.of(address))
                        .orElse("-"));
        add(line, "port", Integer.toString(flow.destination().port()));
        add(line, "transport", flow.transport().label());
        add(line, "protocol", flow.protocol().label());
        add(line, "basis", flow.basis().label());
        add(line, "verdict", flow.verdict().action().name().toLowerCase(Locale.ROOT));
        add(line, "rule", flow.verdict().reason());
        add(line, "close", closeReason(flow.closeReason()));
        add(line, "out", Long.toString(flow.bytesOut()));
        add(line, "in", Long.toString(flow.bytesIn()));
        add(
                line,
                "ms",
                Long.toString(flow.endedAt().toEpochMilli() - flow.startedAt().toEpochMilli()));
        return line.toString();
    }

    private static String closeReason(Optional<CloseReason> reason) {
        return reason.map(CloseReason::label).orElse("-");
    }

    private static void add(StringBuilder line, String key, String value) {
        if (!line.isEmpty()) {
            line.append(' ');
        }
        line.append(key).append('=');
        if (!value.isEmpty() && value.length() <= MAX_VALUE && value.chars().allMatch(FlowLog::plain)) {
            line.append(value);
        } else {
            quote(line, value);
        }
    }

    private static void quote(StringBuilder line, String value) {
        line.append('"');
        value.chars().limit(MAX_VALUE).forEach(character -> {
            if (plain(character) || character == ' ' || character == '=') {
                line.append((char) character);
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", character));
            }
        });
        line.append('"');
    }

    private static boolean plain(int character) {
        return character > ' ' && character < 0x7f && character != '"' && character != '\\' && character != '=';
    }
}
