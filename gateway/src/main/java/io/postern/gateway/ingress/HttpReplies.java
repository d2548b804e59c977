package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.gateway.flows.Refusal;
import java.nio.charset.StandardCharsets;

/** What this way in says to its clients. */
final class HttpReplies {

    /** Read-only, for all flows share its memory: TLS would append the next record to a buffer that has room for it. */
    private static final ByteBuf ESTABLISHED =
            direct("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    private HttpReplies() {}

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length, bytes.length)
                .writeBytes(bytes)
                .asReadOnly());
    }

    /** Exactly 200: sing-box takes no other 2xx for success. */
    static ByteBuf established() {
        return ESTABLISHED.duplicate();
    }

    /** The same for no tag and every kind of bad one: no oracle. */
    static ByteBuf authenticate() {
        return page(407, "Proxy-Authenticate: Basic realm=\"postern\"\r\n", "This gateway needs a tag.\n");
    }

    /** @param rule the rule the request broke; a fixed text, none of the peer's bytes */
    static ByteBuf badRequest(int status, String rule) {
        return page(status, "Proxy-Status: postern; error=http_request_error\r\n", "Refused: " + rule + ".\n");
    }

    static ByteBuf overloaded() {
        return page(
                503,
                "Proxy-Status: postern; error=connection_limit_reached\r\nRetry-After: 10\r\n",
                "The gateway has no room for this.\n");
    }

    /**
     * @param reason a rule's name or a label of ours
     * @param flow the flow's id, under which its record is found
     */
    static ByteBuf refused(Refusal refusal, String reason, String flow) {
        String retry = refusal == Refusal.OVERLOAD ? "Retry-After: 10\r\n" : "";
        return page(
                refusal.status(),
                "Proxy-Status: postern; error=" + refusal.error() + "\r\n" + retry,
                "Not allowed or not reachable.\nReason: " + reason + "\nFlow: " + flow + "\n");
    }

    /** RFC 9110 section 15.3.5: without a body, and without its length. */
    static byte[] noContent() {
        return "HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf page(int status, String fields, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " " + phrase(status) + "\r\n"
                + fields
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "X-Content-Type-Options: nosniff\r\n"
                + "Cache-Control: no-store\r\n"
                + "Content-Length: " + body.length + "\r\n"
                + "Connection: close\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.UTF_8), body);
    }

    private static String phrase(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 407 -> "Proxy Authentication Required";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 508 -> "Loop Detected";
            default -> "Refused";
        };
    }
}
