package io.postern.wire.http;

/** What makes a readable response ambiguous or dangerous. The table is in the package's description. */
final class ResponseRules {

    static Conformance judge(ResponseHead head) {
        FramingFields framing = FramingFields.of(head.fields(), head.minorVersion());
        return framing.conformance()
                .and(content(head.status(), framing))
                .and(RequestRules.lookAlikes(head.fields()))
                .and(RequestRules.connection(head.fields()));
    }

    private static Conformance content(int status, FramingFields framing) {
        boolean framed = framing.chunked() || framing.length() >= 0;
        return framed && (status < 200 || status == 204)
                ? Conformance.ambiguous("framing field in a response that has no content, RFC 9110 section 8.6")
                : Conformance.COMPLIANT;
    }

    private ResponseRules() {}
}
