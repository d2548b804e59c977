package io.postern.gateway.context;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.postern.gateway.access.Failures;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Door;
import io.postern.gateway.http.Media;
import io.postern.gateway.http.Refused;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Lets sources in, each by what it shows, to the one form its path names. There is nothing else here: no administration, no
 * health, no metrics. For the listener's thread.
 */
final class ContextDoor implements Door {

    /** Of a body, before and after inflation: a Pub/Sub message with hundreds of apps has one. */
    static final int MAX_BODY = 4 << 20;

    private static final String MTD = "/v1/context/mtd/";
    private static final String SCHEME = "bearer ";

    private final Sources sources;
    private final Pages pages;
    private final Clock clock;
    private final Failures failures = new Failures();

    ContextDoor(Sources sources, Pages pages, Clock clock) {
        this.sources = sources;
        this.pages = pages;
        this.clock = clock;
    }

    /** A form that events come in. */
    private enum Form {
        NATIVE("/v1/context/events"),
        AMAPI("/v1/context/amapi"),
        OTLP("/v1/context/otlp/v1/logs"),
        WEBHOOK(MTD);

        private final String path;

        Form(String path) {
            this.path = path;
        }

        List<String> types() {
            return switch (this) {
                case NATIVE -> List.of("application/json", "application/x-ndjson");
                case OTLP -> List.of("application/json", "application/x-protobuf");
                case AMAPI, WEBHOOK -> List.of("application/json");
            };
        }

        static Optional<Form> of(String path) {
            for (Form form : values()) {
                if (form == WEBHOOK ? path.startsWith(MTD) && path.length() > MTD.length() : form.path.equals(path)) {
                    return Optional.of(form);
                }
            }
            return Optional.empty();
        }
    }

    /** A request of a source that is known by its head. */
    private record OfSource(Source source, Function<byte[], CompletionStage<Answer>> page) implements Admitted {

        @Override
        public CompletionStage<Answer> answer(byte[] body) {
            return page.apply(body);
        }

        @Override
        public Optional<String> whose() {
            return Optional.of(source.name());
        }
    }

    @Override
    public int maxBody() {
        return MAX_BODY;
    }

    @Override
    public Admitted admit(HttpRequest request, Peer peer, String id) throws Refused {
        String path = new QueryStringDecoder(request.uri()).rawPath();
        Form form = Form.of(path)
                .orElseThrow(() -> new Refused(HttpResponseStatus.NOT_FOUND, "there is nothing here for sources"));
        if (!request.method().equals(HttpMethod.POST)) {
            throw new Refused(Answer.problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "only POST is served here")
                    .with("allow", "POST"));
        }
        String type = type(request, form);
        boolean deflated = deflated(request);
        if (form == Form.WEBHOOK) {
            return webhook(request, path.substring(MTD.length()), peer, deflated);
        }
        Source source = known(form, request, peer);
        patient(source);
        return new OfSource(
                source,
                body -> inflated(body, deflated)
                        .map(bytes -> switch (form) {
                            case NATIVE -> pages.events(source, bytes);
                            case AMAPI -> pages.amapi(source, bytes);
                            case OTLP -> pages.otlp(source, bytes, type);
                            case WEBHOOK -> throw new IllegalStateException("a webhook is let in by itself");
                        })
                        .orElseGet(() -> BROKEN.done()));
    }

    private static final Answer BROKEN = Answer.problem(
            HttpResponseStatus.BAD_REQUEST, "the body is no gzip, or has more than " + MAX_BODY + " bytes inflated");

    private static Optional<byte[]> inflated(byte[] body, boolean deflated) {
        return deflated ? Inflation.of(body, MAX_BODY) : Optional.of(body);
    }

    private static String type(HttpRequest request, Form form) throws Refused {
        String given = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        for (String type : form.types()) {
            if (Media.is(given, type)) {
                return type;
            }
        }
        throw new Refused(
                HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be " + String.join(" or ", form.types()));
    }

    private static boolean deflated(HttpRequest request) throws Refused {
        List<String> codings = request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING);
        String coding = codings.isEmpty() ? "identity" : codings.get(0);
        boolean gzip = coding.equalsIgnoreCase("gzip");
        if (codings.size() > 1 || (!gzip && !coding.equalsIgnoreCase("identity"))) {
            throw new Refused(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "the only content coding here is gzip");
        }
        if (HttpUtil.getContentLength(request, 0L) > MAX_BODY) {
            throw new Refused(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "the body must have at most " + MAX_BODY + " bytes");
        }
        return gzip;
    }

    private Source known(Form form, HttpRequest request, Peer peer) throws Refused {
        List<String> authorization = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        if (authorization.isEmpty()) {
            return sources.byCertificate(peer).orElseThrow(() -> unknown());
        }
        refuseGuessers(peer);
        // Two of them may be read differently by whoever stands between; neither counts.
        Optional<String> token = authorization.size() == 1 ? bearer(authorization.get(0)) : Optional.empty();
        Optional<Source> source = token.flatMap(sources::byToken);
        if (source.isEmpty() && form == Form.AMAPI) {
            source = token.flatMap(shown -> sources.byPush(shown, clock.millis()));
        }
        return source.orElseThrow(() -> guessed(peer));
    }

    private Admitted webhook(HttpRequest request, String name, Peer peer, boolean deflated) throws Refused {
        refuseGuessers(peer);
        // Who does not know a name learns nothing of which there are.
        Source named = sources.named(name)
                .filter(source -> source.settings().webhook().isPresent())
                .orElseThrow(() -> guessed(peer));
        Credentials credentials = sources.credentials(named);
        if (credentials.signature().isEmpty()) {
            if (known(Form.WEBHOOK, request, peer) != named) {
                throw guessed(peer);
            }
            patient(named);
            return new OfSource(
                    named,
                    body -> inflated(body, deflated)
                            .map(bytes -> pages.webhook(named, bytes))
                            .orElseGet(() -> BROKEN.done()));
        }
        String shown = request.headers().get(credentials.signature().get().header(), "");
        if (!credentials.mayBeSigned(shown)) {
            throw guessed(peer);
        }
        return body -> {
            if (!credentials.signed(shown, body)) {
                return guessed(peer).answer().done();
            }
            long seconds = named.rate().delaySeconds(System.nanoTime());
            return seconds > 0
                    ? tooMuch(seconds).done()
                    : inflated(body, deflated)
                            .map(bytes -> pages.webhook(named, bytes))
                            .orElseGet(() -> BROKEN.done());
        };
    }

    private static void patient(Source source) throws Refused {
        long seconds = source.rate().delaySeconds(System.nanoTime());
        if (seconds > 0) {
            throw new Refused(tooMuch(seconds));
        }
    }

    private static Answer tooMuch(long seconds) {
        return Answer.problem(HttpResponseStatus.TOO_MANY_REQUESTS, "this source tells more than it may a second")
                .with("retry-after", Long.toString(seconds));
    }

    private void refuseGuessers(Peer peer) throws Refused {
        if (failures.tooMany(peer.address(), System.nanoTime())) {
            throw new Refused(
                    Answer.problem(HttpResponseStatus.TOO_MANY_REQUESTS, "too many wrong credentials from this address")
                            .with("retry-after", "1"));
        }
    }

    private Refused guessed(Peer peer) {
        failures.count(peer.address(), System.nanoTime());
        return unknown();
    }

    private static Refused unknown() {
        return new Refused(
                Answer.problem(HttpResponseStatus.UNAUTHORIZED, "what a source shows is needed, and must be known here")
                        .with("www-authenticate", "Bearer realm=\"postern-context\""));
    }

    /** RFC 6750 section 2.1; the scheme in any case. */
    private static Optional<String> bearer(String field) {
        return field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(field.substring(SCHEME.length()).strip())
                : Optional.empty();
    }
}
