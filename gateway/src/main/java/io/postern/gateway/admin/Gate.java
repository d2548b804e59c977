package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.postern.config.AdminRole;
import io.postern.gateway.access.Access;
import io.postern.gateway.access.Actor;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Door;
import io.postern.gateway.http.Media;
import io.postern.gateway.http.Refused;
import io.postern.gateway.privacy.Pseudonyms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets requests in, each with its route and its sender, or says why not. */
final class Gate implements Door {

    /** Of a body. */
    static final int MAX_BODY = 1 << 20;

    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final List<Route> routes;
    private final Hosts hosts;
    private final Optional<Access> access;
    private final Pseudonyms names;

    Gate(List<Route> routes, Hosts hosts, Optional<Access> access) {
        this(routes, hosts, access, Pseudonyms.NONE);
    }

    /** @param names what devices are called by those who ask */
    Gate(List<Route> routes, Hosts hosts, Optional<Access> access, Pseudonyms names) {
        this.names = names;
        this.routes = List.copyOf(routes);
        this.hosts = hosts;
        this.access = access;
    }

    @Override
    public int maxBody() {
        return MAX_BODY;
    }

    @Override
    public Admitted admit(HttpRequest request, Peer peer, String id) throws Refused {
        Target asked = Target.of(request.uri());
        String host = host(request, asked);
        QueryStringDecoder target = new QueryStringDecoder(asked.path());
        Route route = route(request.method(), target.rawPath());
        if (route.role().isEmpty()) {
            body(request, route);
            return admitted(request, peer, id, route, "", Map.of(), Optional.empty());
        }
        String tail = decoded(route.tail(target.rawPath()).orElseThrow());
        notFromOtherSites(request.headers(), host);
        Actor actor = actor(request.headers(), peer);
        if (!actor.role().covers(route.role().get())) {
            access.ifPresent(Access::forbidden);
            route.page().forbidden(new Sender(actor, peer.address(), id), tail, target.rawQuery());
            throw new Refused(
                    HttpResponseStatus.FORBIDDEN,
                    "the role is " + actor.role().label() + ", must be at least "
                            + route.role().get().label());
        }
        Map<String, String> query = meant(query(target, route), actor);
        body(request, route);
        if (!route.makes().isEmpty()
                && Media.wanted(request.headers().getAll(HttpHeaderNames.ACCEPT), route.makes())
                        .isEmpty()) {
            throw new Refused(
                    HttpResponseStatus.NOT_ACCEPTABLE, "there is " + String.join(" and ", route.makes()) + " here");
        }
        return admitted(request, peer, id, route, tail, query, Optional.of(actor));
    }

    private static Admitted admitted(
            HttpRequest head,
            Peer peer,
            String id,
            Route route,
            String tail,
            Map<String, String> query,
            Optional<Actor> actor) {
        return body -> route.page()
                .answer(new Request(
                        id, head.method(), route.path(), tail, query, head.headers(), body, peer.address(), actor));
    }

    /**
     * RFC 9112 section 3.2.
     *
     * @param authority of the absolute form, which counts instead of Host
     */
    private record Target(Optional<String> authority, String path) {

        private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#]*)(.*)");

        static Target of(String uri) {
            Matcher absolute = ABSOLUTE.matcher(uri);
            if (!absolute.matches()) {
                return new Target(Optional.empty(), uri);
            }
            String path = absolute.group(2);
            return new Target(Optional.of(absolute.group(1)), path.startsWith("/") ? path : "/" + path);
        }
    }

    private String host(HttpRequest request, Target asked) throws Refused {
        List<String> given = request.headers().getAll(HttpHeaderNames.HOST);
        boolean needed = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        if (given.size() > 1 || (needed && given.isEmpty())) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "there must be one Host");
        }
        Optional<String> host = asked.authority().or(() -> given.stream().findFirst());
        if (host.isPresent() && !hosts.takes(host.get())) {
            throw new Refused(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "this listener has another name, must be localhost, a loopback address or one of admin.hosts");
        }
        return host.orElse("");
    }

    private Route route(HttpMethod method, String path) throws Refused {
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (route.tail(path).isPresent()) {
                if (route.method().equals(method) || (method.equals(HttpMethod.HEAD) && reads(route))) {
                    return route;
                }
                methods.add(route.method().name());
                if (reads(route)) {
                    methods.add("HEAD");
                }
            }
        }
        if (methods.isEmpty()) {
            throw new Refused(HttpResponseStatus.NOT_FOUND, "there is nothing here; /openapi.yaml says what there is");
        }
        String allowed = String.join(", ", methods);
        throw new Refused(Answer.problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "only " + allowed + " are served here")
                .with("allow", allowed));
    }

    private static String decoded(String tail) throws Refused {
        try {
            return QueryStringDecoder.decodeComponent(tail.replace("+", "%2B"));
        } catch (IllegalArgumentException notEncoded) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "the path is not percent-encoded as RFC 3986 has it");
        }
    }

    private static boolean reads(Route route) {
        return route.method().equals(HttpMethod.GET);
    }

    /** A browser shows client certificates by itself, so a page of another site must not be able to make it ask. */
    private static void notFromOtherSites(HttpHeaders headers, String host) throws Refused {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        String site = headers.get("sec-fetch-site", "none");
        boolean own = origin == null
                || origin.equalsIgnoreCase("https://" + host)
                || origin.equalsIgnoreCase("http://" + host);
        if (!own || !OWN_SITE.contains(site)) {
            throw new Refused(HttpResponseStatus.FORBIDDEN, "this API is not for pages of other sites");
        }
    }

    private Actor actor(HttpHeaders headers, Peer peer) throws Refused {
        Access.Attempt attempt = access.orElseThrow()
                .attempt(
                        peer.address(),
                        headers.getAll(HttpHeaderNames.AUTHORIZATION),
                        peer.certificate(),
                        System.nanoTime());
        if (attempt.outcome() == Access.Outcome.TOO_MANY) {
            throw new Refused(
                    Answer.problem(HttpResponseStatus.TOO_MANY_REQUESTS, "too many wrong credentials from this address")
                            .with("retry-after", "1"));
        }
        if (attempt.actor().isEmpty()) {
            throw new Refused(Answer.problem(
                            HttpResponseStatus.UNAUTHORIZED, "a token or a client certificate that is known is needed")
                    .with("www-authenticate", "Bearer realm=\"postern\""));
        }
        return attempt.actor().get();
    }

    private static Map<String, String> query(QueryStringDecoder target, Route route) throws Refused {
        Map<String, String> query = new HashMap<>();
        try {
            for (Map.Entry<String, List<String>> parameter : target.parameters().entrySet()) {
                if (!route.parameters().contains(parameter.getKey())
                        || parameter.getValue().size() != 1) {
                    throw new Refused(
                            HttpResponseStatus.BAD_REQUEST,
                            "parameters here are, each at most once: " + new TreeSet<>(route.parameters()));
                }
                query.put(parameter.getKey(), parameter.getValue().get(0));
            }
        } catch (IllegalArgumentException notEncoded) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "the query is not percent-encoded as RFC 3986 has it");
        }
        return query;
    }

    /** Inside, devices have their ids; so who asks for a pseudonym asks for the device. */
    private Map<String, String> meant(Map<String, String> query, Actor actor) throws Refused {
        String device = query.get("device");
        if (device != null) {
            Optional<String> meant = names.meant(device, actor.role().covers(AdminRole.ADMIN));
            if (meant.isEmpty()) {
                throw new Refused(HttpResponseStatus.FORBIDDEN, "device " + Pseudonyms.REFUSED);
            }
            query.put("device", meant.get());
        }
        return query;
    }

    private static void body(HttpRequest request, Route route) throws Refused {
        boolean chunked = HttpUtil.isTransferEncodingChunked(request);
        long length = HttpUtil.getContentLength(request, 0L);
        if (route.takes().isEmpty()) {
            if (chunked || length > 0) {
                throw new Refused(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "no body is read here");
            }
            return;
        }
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!Media.is(type, route.takes().get()) || request.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
            throw new Refused(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the body must be " + route.takes().get() + " without a content coding");
        }
        if (length > MAX_BODY) {
            throw new Refused(Answer.problem(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "the body must have at most " + MAX_BODY + " bytes"));
        }
        if (request.headers().contains(HttpHeaderNames.EXPECT) && !HttpUtil.is100ContinueExpected(request)) {
            throw new Refused(HttpResponseStatus.EXPECTATION_FAILED, "only 100-continue can be expected");
        }
    }
}
