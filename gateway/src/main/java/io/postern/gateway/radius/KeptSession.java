package io.postern.gateway.radius;

import io.postern.gateway.identity.CompactTag;
import io.postern.wire.ip.Prefix;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was said last of a session, as a line of a file.
 *
 * <pre>
 * client,nas,session,event,heard,device,prefix prefix ...      nas and session are base64, for they may be any text
 * client,nas,session,event,heard,,                             it has ended
 * </pre>
 *
 * @param client name in the settings
 * @param device empty when the session has ended
 * @param prefixes that it holds
 */
record KeptSession(
        String client,
        String nas,
        String session,
        long eventMillis,
        long heardMillis,
        Optional<String> device,
        List<Prefix> prefixes) {

    private static final int FIELDS = 7;
    private static final String NUMBER = "-?[0-9]{1,18}";

    KeptSession {
        prefixes = List.copyOf(prefixes);
    }

    String line() {
        return String.join(
                ",",
                client,
                coded(nas),
                coded(session),
                Long.toString(eventMillis),
                Long.toString(heardMillis),
                device.orElse(""),
                prefixes.stream().map(Prefix::toString).collect(Collectors.joining(" ")));
    }

    /** Empty when it is no such line. */
    static Optional<KeptSession> of(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != FIELDS || !fields[3].matches(NUMBER) || !fields[4].matches(NUMBER)) {
            return Optional.empty();
        }
        Optional<String> device = Optional.of(fields[5]).filter(id -> !id.isEmpty());
        if (device.filter(id -> !CompactTag.DEVICE.matcher(id).matches()).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new KeptSession(
                    fields[0],
                    plain(fields[1]),
                    plain(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    device,
                    prefixes(fields[6])));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static List<Prefix> prefixes(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ", -1)).map(Prefix::parse).toList();
    }

    private static String coded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String plain(String coded) {
        return new String(Base64.getUrlDecoder().decode(coded), StandardCharsets.UTF_8);
    }
}
