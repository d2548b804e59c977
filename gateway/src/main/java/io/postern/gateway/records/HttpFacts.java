package io.postern.gateway.records;

import io.postern.wire.http.PathClass;
import io.postern.wire.http.RequestFacts;
import java.util.Optional;

/**
 * What the first plain HTTP request said, and how many there were; its path only where somebody answers for that.
 *
 * @param host of the last request
 * @param path its kind; empty until the whole head was read
 * @param target path, and query where that is wanted too; empty unless {@code privacy.url-paths} says so
 * @param headerOrder a print of the order of its header names
 * @param requests seen so far
 * @param status of the first final response, 0 before it
 * @param websocket whether it asks to go on as a WebSocket
 */
public record HttpFacts(
        Optional<String> host,
        String method,
        Optional<PathClass> path,
        Optional<String> target,
        Optional<String> userAgent,
        Optional<String> headerOrder,
        int requests,
        int status,
        boolean websocket) {

    /** Of which no path is kept. */
    public HttpFacts(
            Optional<String> host,
            String method,
            Optional<PathClass> path,
            Optional<String> userAgent,
            Optional<String> headerOrder,
            int requests,
            int status,
            boolean websocket) {
        this(host, method, path, Optional.empty(), userAgent, headerOrder, requests, status, websocket);
    }

    /** The same of this path. */
    public HttpFacts to(Optional<String> kept) {
        return new HttpFacts(host, method, path, kept, userAgent, headerOrder, requests, status, websocket);
    }

    /** By the head's beginning alone. */
    public static HttpFacts of(Optional<String> host, String method, boolean websocket) {
        return new HttpFacts(host, method, Optional.empty(), Optional.empty(), Optional.empty(), 1, 0, websocket);
    }

    /** By a whole head. */
    public static HttpFacts of(RequestFacts request) {
        return new HttpFacts(
                request.authority(),
                request.method(),
                Optional.of(request.path()),
                request.userAgent(),
                Optional.of(request.headerOrder()),
                1,
                0,
                false);
    }

    /** The same, its whole head read. */
    public HttpFacts with(RequestFacts request) {
        return new HttpFacts(
                request.authority().or(() -> host),
                method,
                Optional.of(request.path()),
                target,
                request.userAgent(),
                Optional.of(request.headerOrder()),
                requests,
                status,
                websocket);
    }

    /** The same, asked of this host last: policy is asked of each. */
    public HttpFacts at(Optional<String> authority) {
        return authority.isEmpty() || authority.equals(host)
                ? this
                : new HttpFacts(authority, method, path, target, userAgent, headerOrder, requests, status, websocket);
    }

    /** The same after so many requests, the first of them answered so. */
    public HttpFacts counted(int allRequests, int firstStatus) {
        return new HttpFacts(host, method, path, target, userAgent, headerOrder, allRequests, firstStatus, websocket);
    }
}
