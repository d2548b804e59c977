package io.postern.gateway.ingress;

import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Credentials;
import io.postern.gateway.identity.DeviceId;
import io.postern.wire.http.Field;
import io.postern.wire.proxy.ProxyHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a concentrator says of a flow, in fields of a PROXY header or of a request. Whether it may be believed has been
 * asked before. What is there twice is nobody's word; a package or a user without a device neither. The packages of one
 * UID are one value, with commas between.
 */
final class ConcentratorWord {

    /** Android gives each user a range of this many UIDs. */
    private static final long UIDS_PER_USER = 100_000;

    private static final int MAX_UID_DIGITS = 10;

    private ConcentratorWord() {}

    static Credentials of(ListenSettings.Tlv types, ProxyHeader.Proxied header) {
        List<String> tag = header.values(types.tag());
        if (!tag.isEmpty()) {
            return tag.size() == 1 ? compact(tag.get(0)) : Credentials.MALFORMED;
        }
        List<String> profile = header.values(types.profile());
        List<String> uid = header.values(types.uid());
        if (uid.size() > 1 || !uid.stream().allMatch(ConcentratorWord::number)) {
            return Credentials.MALFORMED;
        }
        List<String> user = uid.stream().map(ConcentratorWord::user).toList();
        return word(header.values(types.device()), profile.isEmpty() ? user : profile, header.values(types.pkg()));
    }

    static Credentials of(ListenSettings.TrustedHeaders names, List<Field> fields) {
        return word(Field.values(fields, names.device()), values(fields, names.profile()), values(fields, names.pkg()));
    }

    /** The device it names, also where a credential says who it is. */
    static Optional<String> device(ListenSettings.Tlv types, ProxyHeader.Proxied header) {
        return header.values(types.device()).stream().findFirst().map(DeviceId::of);
    }

    /** As above, of header fields. */
    static Optional<String> device(ListenSettings.TrustedHeaders names, List<Field> fields) {
        return Field.values(fields, names.device()).stream().findFirst().map(DeviceId::of);
    }

    private static List<String> values(List<Field> fields, Optional<String> name) {
        return name.map(some -> Field.values(fields, some)).orElse(List.of());
    }

    private static Credentials word(List<String> device, List<String> profile, List<String> app) {
        if (device.isEmpty() && profile.isEmpty() && app.isEmpty()) {
            return Credentials.NONE;
        }
        if (device.size() != 1 || profile.size() > 1 || app.size() > 1) {
            return Credentials.MALFORMED;
        }
        return new Credentials.Word(DeviceId.of(device.get(0)), only(profile), packages(only(app)));
    }

    private static String only(List<String> values) {
        return values.isEmpty() ? AppTag.NOBODY : values.get(0);
    }

    /** As a list of a field's value has them (RFC 9110 section 5.6.1). */
    private static List<String> packages(String value) {
        return Arrays.stream(value.split(",", -1)).map(String::strip).toList();
    }

    private static Credentials compact(String pair) {
        int colon = pair.indexOf(':');
        return colon < 0
                ? Credentials.MALFORMED
                : new Credentials.Tag(new CompactTag(pair.substring(0, colon), pair.substring(colon + 1)));
    }

    private static boolean number(String uid) {
        return !uid.isEmpty() && uid.length() <= MAX_UID_DIGITS && uid.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String user(String uid) {
        return Long.toString(Long.parseLong(uid) / UIDS_PER_USER);
    }
}
