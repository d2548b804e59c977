package io.postern.gateway.enrolment;

import io.postern.gateway.identity.CompactTag;

/** A file for {@code curl -K}: one app's proxy settings. */
final class CurlFile {

    private CurlFile() {}

    static String of(Enrolment enrolment) {
        String app = enrolment.who().apps().get(0);
        CompactTag tag = enrolment.tag(app);
        StringBuilder file = new StringBuilder();
        file.append("# ").append(tag.user()).append(", app ").append(app);
        file.append(", until ").append(enrolment.offer().until()).append(". Holds a credential.\n");
        option(file, "proxy", enrolment.offer().gateways().get(0).url());
        option(file, "proxy-user", tag.user() + ":" + tag.password());
        enrolment
                .offer()
                .ca()
                .ifPresent(ca -> option(
                        file, "proxy-cacert", ca.toAbsolutePath().normalize().toString()));
        return file.toString();
    }

    /** Quoted as curl reads it: a backslash before a backslash and a quote. */
    private static void option(StringBuilder file, String name, String value) {
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"");
        file.append(name).append(" = \"").append(escaped).append("\"\n");
    }
}
