package io.postern.gateway.cli;

import io.postern.gateway.identity.CompactTag;

/** A file for {@code curl -K}: one app's proxy settings. */
final class CurlFile {

    private CurlFile() {}

    static String of(Enrolment enrolment) {
        CompactTag tag = enrolment.tag(enrolment.first());
        StringBuilder file = new StringBuilder();
        file.append("# ").append(tag.user()).append(", app ").append(enrolment.first());
        file.append(", until ").append(enrolment.until()).append(". Holds a credential.\n");
        option(file, "proxy", enrolment.gateway().url());
        option(file, "proxy-user", tag.user() + ":" + tag.password());
        enrolment
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
