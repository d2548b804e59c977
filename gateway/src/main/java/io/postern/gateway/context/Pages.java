package io.postern.gateway.context;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.context.ContextEvent;
import io.postern.config.ContextSettings;
import io.postern.gateway.facts.AmapiPush;
import io.postern.gateway.facts.OtlpEvents;
import io.postern.gateway.facts.WebhookEvents;
import io.postern.gateway.http.Answer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What is done with a body, by its form; the answer waits until what was taken is on the disk. For the listener's thread. */
final class Pages {

    private final ContextSettings settings;
    private final Intake intake;
    private final Clock clock;

    Pages(ContextSettings settings, Intake intake, Clock clock) {
        this.settings = settings;
        this.intake = intake;
        this.clock = clock;
    }

    /**
     * Answers a request.
     *
     * @param accepted on the disk now
     * @param duplicates told before, and not again
     * @param refused of which {@code errors} tells the first
     */
    record Outcome(int accepted, int duplicates, int refused, List<?> errors) {}

    /** One that was refused, by its line in NDJSON. */
    record AtLine(int line, String pointer, String problem) {}

    /** By its index in an array. */
    record AtIndex(int index, String pointer, String problem) {}

    CompletionStage<Answer> events(Source source, byte[] body) {
        Sieve sieve = sieve(source);
        boolean array = source.reader().body(body, sieve::put);
        return stored(source, sieve, array);
    }

    CompletionStage<Answer> amapi(Source source, byte[] body) {
        Sieve sieve = sieve(source);
        AmapiPush push = new AmapiPush(source.name(), source.settings().profile(), source.uids());
        push.read(body, sieve::put);
        source.unused(push.unused());
        // What cannot be read now never can be: it is acknowledged, or it would come again for ever.
        return stored(source, sieve, true);
    }

    /** Answers as OTLP/HTTP asks: 200 with what was rejected, in the form of the request. */
    CompletionStage<Answer> otlp(Source source, byte[] body, String type) {
        Sieve sieve = sieve(source);
        OtlpEvents events = new OtlpEvents(source.inApp(), source.settings().profile());
        boolean whole = events.read(body, type.equals(Answer.JSON), sieve::put);
        source.unused(events.unused());
        if (!whole && sieve.taken().isEmpty()) {
            source.count(EventName.OTHER, EventResult.MALFORMED);
            return OtlpAnswers.failure(HttpResponseStatus.BAD_REQUEST, "the body is no logs of OTLP", type)
                    .done();
        }
        return stored(source, sieve, true)
                .thenApply(answer -> answer.status().equals(HttpResponseStatus.ACCEPTED)
                        ? OtlpAnswers.partly(sieve.refused(), sieve.errors(), type)
                        : OtlpAnswers.failure(answer.status(), "nothing of this could be stored", type)
                                .with("retry-after", "1"));
    }

    CompletionStage<Answer> webhook(Source source, byte[] body) {
        Sieve sieve = sieve(source);
        int unused = new WebhookEvents(
                        source.settings().webhook().orElseThrow(),
                        source.name(),
                        source.settings().profile())
                .read(body, sieve::put);
        source.unused(unused);
        return stored(source, sieve, true);
    }

    private Sieve sieve(Source source) {
        return new Sieve(source, settings, clock.millis());
    }

    private CompletionStage<Answer> stored(Source source, Sieve sieve, boolean array) {
        source.rate().spend(sieve.taken().size() + sieve.refused());
        if (sieve.taken().isEmpty()) {
            return answer(sieve, array, new Intake.Taken(List.of(), List.of())).done();
        }
        Optional<CompletionStage<Intake.Taken>> waiting = intake.take(sieve.taken());
        if (waiting.isEmpty()) {
            return unstored(source, sieve).done();
        }
        return waiting.get().handle((taken, failure) -> {
            if (failure != null) {
                return unstored(source, sieve);
            }
            count(source, taken.stored(), EventResult.ACCEPTED);
            count(source, taken.duplicates(), EventResult.DUPLICATE);
            return answer(sieve, array, taken);
        });
    }

    private static Answer unstored(Source source, Sieve sieve) {
        count(source, sieve.taken(), EventResult.UNSTORED);
        return Answer.problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "nothing of this could be stored; it must be sent again")
                .with("retry-after", "1");
    }

    private static void count(Source source, List<ContextEvent> events, EventResult result) {
        events.forEach(event -> source.count(EventName.of(event.said()), result));
    }

    private static Answer answer(Sieve sieve, boolean array, Intake.Taken taken) {
        List<?> errors = sieve.errors().stream()
                .map(error -> array
                        ? (Object) new AtIndex(error.place(), error.pointer(), error.problem())
                        : new AtLine(error.place(), error.pointer(), error.problem()))
                .toList();
        return Answer.json(
                HttpResponseStatus.ACCEPTED,
                new Outcome(taken.stored().size(), taken.duplicates().size(), sieve.refused(), errors));
    }
}
