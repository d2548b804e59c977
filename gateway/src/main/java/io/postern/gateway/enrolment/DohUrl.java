package io.postern.gateway.enrolment;

import io.postern.gateway.identity.CompactTag;

/** Where one device, or one of its apps, asks for names by HTTPS: the listener's path and its tag, RFC 8484. */
final class DohUrl {

    /** What RFC 8484 shows, and nearly everybody has. */
    private static final String USUAL = "/dns-query";

    private DohUrl() {}

    static String of(Enrolment enrolment) {
        String app = enrolment.who().apps().get(0);
        CompactTag tag = enrolment.tag(app);
        GatewayAddress gateway = enrolment.offer().gateways().get(0);
        // Of a tag nothing must be escaped: RFC 3986 section 2.3 has all its characters.
        return "# " + tag.user() + ", app " + app + ", until "
                + enrolment.offer().until() + ". Holds a credential.\n" + gateway.url()
                + gateway.dohPath().orElse(USUAL) + "/" + tag.user() + "/" + tag.password() + "\n";
    }
}
