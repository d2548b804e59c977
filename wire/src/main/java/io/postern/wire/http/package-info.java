/**
 * What does this HTTP/1 message say, where does it end, and may it be passed on? (RFC 9110, RFC 9112.)
 *
 * <p>The gateway's own line of defence on the data path. In somebody else's stream
 * {@link io.postern.wire.http.HttpOpeningParser} only recognises; everything else here judges, and what goes on is
 * always written anew by {@link io.postern.wire.http.Forwarding}. Three things may become of a head:
 * {@link io.postern.wire.Parse.Malformed}, it cannot be read strictly;
 * {@link io.postern.wire.http.Conformance.Grade#SEVERE}, it can, but must be refused (both 400 or 502, and close);
 * {@link io.postern.wire.http.Conformance.Grade#AMBIGUOUS}, it goes on re-written and both connections close after it.
 *
 * <table>
 * <caption>What other parsers are known to let pass, and what becomes of it here</caption>
 * <tr><th>case</th><th>decision</th><th>why</th></tr>
 * <tr><td>bare LF, bare CR, NUL or other control bytes</td><td>malformed</td>
 *     <td>lines end elsewhere for others; 9112 section 2.2, 9110 section 5.5</td></tr>
 * <tr><td>obs-fold; whitespace before the first field or before a colon</td><td>malformed</td>
 *     <td>a field hides in another; 9112 sections 2.2, 5.1, 5.2</td></tr>
 * <tr><td>TAB, or more than one space, between the parts of the first line</td><td>malformed</td>
 *     <td>the target ends elsewhere for others; 9112 section 3</td></tr>
 * <tr><td>bytes in the target that are not visible ASCII</td><td>malformed</td><td>9112 section 3.2</td></tr>
 * <tr><td>any version but HTTP/1.0 and HTTP/1.1: HTTP/2.0, HTTP/1.2, http/1.1</td><td>malformed</td>
 *     <td>no rule says how to frame it; 9112 section 2.3</td></tr>
 * <tr><td>one empty line before a request; no space before an empty reason</td><td>read over</td>
 *     <td>old clients and many servers; moves no boundary; 9112 sections 2.2, 4</td></tr>
 * <tr><td>fragment, userinfo, https, wrong form for the method in the target</td><td>severe</td>
 *     <td>9112 section 3.2, 9110 section 4.2.4</td></tr>
 * <tr><td>no Host in 1.1; two; not host[:port]; other than the target's</td><td>severe</td>
 *     <td>who is asked must be one answer; 9112 sections 3.2, 3.2.2. A tunnel's Host may leave the port out</td></tr>
 * <tr><td>Content-Length that is a list, signed, empty, hexadecimal, over 18 digits, or there twice, even if equal</td>
 *     <td>severe</td><td>9110 section 8.6 allows to refuse, and nobody honest sends it</td></tr>
 * <tr><td>Transfer-Encoding with Content-Length, or in HTTP/1.0</td><td>severe</td><td>9112 section 6.1</td></tr>
 * <tr><td>Transfer-Encoding other than chunked once: identity, gzip, twice, with parameters, empty</td><td>severe</td>
 *     <td>we decode no other; identity is gone since RFC 7230; 9112 sections 6.1, 7</td></tr>
 * <tr><td>empty members: {@code ,chunked}</td><td>ambiguous</td>
 *     <td>to be read over by 9110 section 5.6.1.2, and not by all</td></tr>
 * <tr><td>names that are a framing field's but for punctuation: Content_Length</td><td>ambiguous, dropped</td>
 *     <td>gateways to CGI and WSGI fold them together; 9112 section 11.2</td></tr>
 * <tr><td>content in CONNECT or TRACE</td><td>severe</td><td>9110 sections 9.3.6, 9.3.8</td></tr>
 * <tr><td>content in GET or HEAD</td><td>ambiguous</td><td>some servers take it for the next request; 9110 section
 *     9.3.1</td></tr>
 * <tr><td>a known method in other case: get</td><td>ambiguous</td><td>a token by 9110 section 9.1, GET to some; head
 *     would differ in framing</td></tr>
 * <tr><td>Connection that names Host or a framing field, or is no list of tokens</td><td>ambiguous</td>
 *     <td>the next hop may lose the field; ours are written after removal; 9110 section 7.6.1</td></tr>
 * <tr><td>Content-Length or Transfer-Encoding in 1xx or 204</td><td>ambiguous, dropped</td>
 *     <td>some clients wait for the content; 9110 section 8.6</td></tr>
 * <tr><td>framing or routing fields, or names like them, in trailers</td><td>the body is broken</td>
 *     <td>9110 section 6.5.1</td></tr>
 * <tr><td>anything but hexadecimal digits before a chunk's {@code ;} or CRLF; control bytes in extensions</td>
 *     <td>the body is broken</td><td>the data begins elsewhere for others; 9112 section 7.1</td></tr>
 * </table>
 */
@NullMarked
package io.postern.wire.http;

import org.jspecify.annotations.NullMarked;
