package io.postern.gateway.evidence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppTag;
import io.postern.wire.ip.HostText;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which flows a finding is about: those of its device, profile and app towards its destination, by any name they go by, and
 * those whose record names the finding; from the first thing that it rests on.
 */
public final class FindingScope {

    private static final String STAR = "*.";
    private static final String[] NAMES = {
        "/dst_endpoint/hostname", "/dst_endpoint/ip", "/tls/sni", "/unmapped/postern/http_host",
    };

    private final Finding finding;
    private final UnaryOperator<String> registrable;
    private final boolean byAddress;
    private final List<String> devices;
    private final List<byte[]> marks;

    /**
     * @param devices all that lines may call its device
     * @param registrable the registrable domain of a name in lower case; empty if it has none
     */
    public FindingScope(Finding finding, List<String> devices, UnaryOperator<String> registrable) {
        this.devices = List.copyOf(devices);
        this.finding = finding;
        this.registrable = registrable;
        // Who is nobody's device is known by its address, see FlowFacts.
        this.byAddress = HostText.of(finding.key().device()) instanceof HostText.Literal;
        this.marks = devices.stream()
                .map(device -> ("\"" + device + "\"").getBytes(US_ASCII))
                .toList();
    }

    /** Whether a line may be of it; nearly all others are not, and need not be read. */
    public boolean mayHave(byte[] bytes, int from, int to) {
        return marks.stream().anyMatch(mark -> has(mark, bytes, from, to));
    }

    private static boolean has(byte[] mark, byte[] bytes, int from, int to) {
        for (int at = from; at <= to - mark.length; at++) {
            if (bytes[at] == mark[0] && matches(mark, bytes, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] mark, byte[] bytes, int at) {
        for (int i = 1; i < mark.length; i++) {
            if (bytes[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /** @param record of a flow, OCSF */
    public boolean has(JsonNode record) {
        return record.path("class_uid").asInt(0) == 4001
                && record.path("end_time").asLong(0) >= finding.firstMillis()
                && sameApp(record)
                && (named(record)
                        || Stream.of(NAMES)
                                .map(at -> record.at(at).asString(""))
                                .anyMatch(this::destination));
    }

    private boolean sameApp(JsonNode record) {
        String device = byAddress ? "/src_endpoint/ip" : "/device/uid";
        return devices.contains(record.at(device).asString(""))
                && record.at("/unmapped/postern/profile")
                        .asString(AppTag.NOBODY)
                        .equals(finding.key().profile())
                && record.at("/actor/app_uid").asString("").equals(finding.key().app());
    }

    private boolean named(JsonNode record) {
        return record.at("/unmapped/postern/findings")
                .valueStream()
                .anyMatch(one -> one.asString("").equals(finding.uid()));
    }

    private boolean destination(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        String wanted = finding.destination();
        return !name.isEmpty()
                && (wanted.startsWith(STAR)
                        ? registrable.apply(name).equals(wanted.substring(STAR.length()))
                        : name.equals(wanted));
    }
}
