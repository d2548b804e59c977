package io.postern.config;

import io.postern.config.ListenSettings.Ingress;
import io.postern.config.ListenSettings.Tlv;
import io.postern.config.ListenSettings.TrustedHeaders;
import io.postern.config.document.Setting;
import java.util.List;

/** One of {@code listeners}: from settings of the right shape to records. */
final class ListenerBinder {

    private final FileTexts files;
    private final NetworkTexts networks;

    ListenerBinder(FileTexts files, NetworkTexts networks) {
        this.files = files;
        this.networks = networks;
    }

    ListenSettings settings(Setting listener) {
        return new ListenSettings(
                listener.member("name").text(),
                SettingsBinder.constant(Ingress.class, listener.member("type")),
                networks.bind(listener.member("bind")),
                listener.find("tls").map(files::tls),
                listener.member("allow-unauthenticated").flag(),
                listener.find("trusted-sources").map(networks::prefixes).orElse(List.of()),
                listener.find("tlv").map(ListenerBinder::tlv).orElse(Tlv.DEFAULTS),
                listener.find("trusted-headers").map(this::trustedHeaders),
                listener.find("udp").map(Setting::flag).orElse(false),
                listener.find("strict").map(Setting::flag).orElse(false),
                listener.find("networks").map(networks::prefixes).orElse(List.of()),
                listener.find("doh-path").map(Setting::text),
                listener.find("take-dns").map(Setting::flag).orElse(false));
    }

    private static Tlv tlv(Setting tlv) {
        return new Tlv(
                number(tlv.member("device")),
                number(tlv.member("package")),
                number(tlv.member("uid")),
                number(tlv.member("profile")),
                number(tlv.member("tag")));
    }

    /** Of {@code 0xE1}. */
    private static int number(Setting hexadecimal) {
        return Integer.decode(hexadecimal.text());
    }

    private TrustedHeaders trustedHeaders(Setting headers) {
        return new TrustedHeaders(
                networks.prefixes(headers.member("sources")),
                headers.member("device").text(),
                headers.find("package").map(Setting::text),
                headers.find("profile").map(Setting::text));
    }
}
