package io.postern.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.AdminRole;
import io.postern.config.document.Reading;
import io.postern.gateway.admin.QuarantineDesk.Change;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import io.postern.gateway.http.Refused;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.quarantine.Quarantine.End;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/** {@code /v1/quarantine}: who is contained, by whom, why and until when. */
final class QuarantinePages {

    /** Newest first; of the same moment in the order of their ids. */
    private static final Comparator<Quarantine> NEWEST_FIRST =
            Comparator.comparingLong(Quarantine::sinceMillis).reversed().thenComparing(Quarantine::id);

    private static final String STANDS = "active";
    private static final String RELEASED = "released";
    private static final String EXPIRED = "expired";
    private static final List<String> STATES = List.of(STANDS, RELEASED, EXPIRED, "all");

    private final QuarantineDesk desk;
    private final Work work;
    private final Pseudonyms names;
    private final Refusals refusals = new Refusals();

    QuarantinePages(QuarantineDesk desk, Work work) {
        this(desk, work, Pseudonyms.NONE);
    }

    /** @param names what devices are called */
    QuarantinePages(QuarantineDesk desk, Work work, Pseudonyms names) {
        this.desk = desk;
        this.work = work;
        this.names = names;
    }

    /**
     * One as it is shown.
     *
     * @param scope {@code device}, {@code profile} or {@code app}
     * @param automatic whether a rule began it
     * @param until RFC 3339; null: until it is released
     * @param stored false where a restart undoes what was just done
     * @param audited whether the audit log was told of that
     */
    record Shown(
            String id,
            String state,
            String scope,
            String device,
            Optional<String> profile,
            Optional<String> app,
            String actor,
            boolean automatic,
            String reason,
            String since,
            Optional<String> until,
            boolean sticky,
            long hits,
            Optional<String> ended,
            @JsonProperty("released_by") Optional<String> releasedBy,
            @JsonProperty("release_reason") Optional<String> releaseReason,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> stored,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> audited) {

        static Shown of(Quarantine one) {
            return of(one, Optional.empty(), Optional.empty());
        }

        private static Shown of(Quarantine one, Optional<Boolean> stored, Optional<Boolean> audited) {
            Optional<End> released = one.end().filter(end -> !end.actor().isEmpty());
            return new Shown(
                    one.id(),
                    stateOf(one),
                    one.scope().kind().label(),
                    one.scope().device(),
                    one.scope().profile(),
                    one.scope().app(),
                    one.actor(),
                    one.automatic(),
                    one.reason(),
                    time(one.sinceMillis()),
                    one.sticky() ? Optional.empty() : Optional.of(time(one.untilMillis())),
                    one.sticky(),
                    one.hits(),
                    one.end().map(end -> time(end.millis())),
                    released.map(End::actor),
                    released.map(End::reason),
                    stored,
                    audited);
        }
    }

    /** @param next cursor of the next page; absent on the last */
    record Page(
            List<Shown> quarantines,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> next) {}

    private static String stateOf(Quarantine one) {
        return one.end().map(end -> end.actor().isEmpty() ? EXPIRED : RELEASED).orElse(STANDS);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    CompletionStage<Answer> list(Request request) {
        try {
            int limit = FlowQuery.limit(request.query());
            Predicate<Quarantine> wanted = wanted(request.query());
            return work.read(() -> page(
                    desk.all().stream()
                            .filter(wanted)
                            .sorted(NEWEST_FIRST)
                            .limit(limit + 1L)
                            .toList(),
                    limit));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private static Predicate<Quarantine> wanted(Map<String, String> query) throws Refused {
        String state = query.getOrDefault("state", STANDS);
        if (!STATES.contains(state)) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "state must be one of " + String.join(", ", STATES));
        }
        Optional<String> device = Optional.ofNullable(query.get("device"));
        Optional<String> app = Optional.ofNullable(query.get("app"));
        Predicate<Quarantine> rest = rest(Optional.ofNullable(query.get("cursor")));
        return one -> (state.equals("all") || state.equals(stateOf(one)))
                && (device.isEmpty() || device.get().equals(one.scope().device()))
                && (app.isEmpty() || app.equals(one.scope().app()))
                && rest.test(one);
    }

    /** Those behind the last that was read. */
    private static Predicate<Quarantine> rest(Optional<String> cursor) throws Refused {
        if (cursor.isEmpty()) {
            return one -> true;
        }
        try {
            String[] last =
                    new String(Base64.getUrlDecoder().decode(cursor.get()), StandardCharsets.US_ASCII).split(" ", -1);
            long since = Long.parseLong(last[0]);
            String id = last[1];
            return one -> one.sinceMillis() < since
                    || (one.sinceMillis() == since && one.id().compareTo(id) > 0);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "cursor must be one that a page gave");
        }
    }

    private Answer page(List<Quarantine> found, int limit) {
        List<Quarantine> page = found.subList(0, Math.min(limit, found.size()));
        Optional<String> next = found.size() > limit
                ? Optional.of(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((page.get(limit - 1).sinceMillis() + " "
                                        + page.get(limit - 1).id())
                                .getBytes(StandardCharsets.US_ASCII)))
                : Optional.empty();
        return Answer.json(
                HttpResponseStatus.OK,
                new Page(page.stream().map(names::of).map(Shown::of).toList(), next));
    }

    CompletionStage<Answer> show(Request request) {
        return work.read(() -> desk.find(request.tail())
                .map(one -> Answer.json(HttpResponseStatus.OK, Shown.of(names.of(one))))
                .orElseGet(QuarantinePages::absent));
    }

    Route.Page containing() {
        return changing(Change.CONTAIN, request -> {
            Reading<QuarantineBody> body = QuarantineBody.read(request.body());
            Optional<QuarantineBody> meant = body.value()
                    .flatMap(read -> names.meant(read.scope().device(), request.covers(AdminRole.ADMIN))
                            .map(read::of));
            if (body.value().isPresent() && meant.isEmpty()) {
                return refused(
                        Change.CONTAIN,
                        request,
                        Answer.problem(HttpResponseStatus.FORBIDDEN, "device " + Pseudonyms.REFUSED));
            }
            return meant.map(read -> answer(desk.contain(read, request.sender())))
                    .orElseGet(() -> refused(
                            Change.CONTAIN,
                            request,
                            Answer.problem(HttpProblem.of(
                                    HttpResponseStatus.UNPROCESSABLE_ENTITY,
                                    "the body does not say whom to contain and why; nothing has changed",
                                    body.problems()))));
        });
    }

    Route.Page releasing() {
        return changing(Change.RELEASE, request -> {
            String reason = request.query().getOrDefault("reason", "not said");
            return JsonBody.isReason(reason)
                    ? answer(desk.release(request.tail(), reason, request.sender()))
                    : Answer.problem(HttpResponseStatus.BAD_REQUEST, "reason " + JsonBody.REASON);
        });
    }

    private Route.Page changing(Change change, Function<Request, Answer> how) {
        return new Audited(work, refusals, how, (sender, tail) -> desk.refused(change, tail, sender));
    }

    private Answer refused(Change change, Request request, Answer answer) {
        return desk.refused(change, request.tail(), request.sender()) ? answer : Audited.notAudited();
    }

    private Answer answer(QuarantineDesk.Result result) {
        return switch (result.end()) {
            case BEGUN -> Answer.json(HttpResponseStatus.CREATED, shown(result));
            case EXTENDED, RELEASED -> Answer.json(HttpResponseStatus.OK, shown(result));
            case NOT_STORED, NEITHER_STORED_NOR_AUDITED ->
                Answer.json(
                        HttpResponseStatus.OK,
                        Shown.of(
                                names.of(result.quarantine().orElseThrow()),
                                Optional.of(false),
                                Optional.of(result.end() == QuarantineDesk.End.NOT_STORED)));
            case ABSENT -> absent();
            case FULL ->
                Answer.problem(
                        HttpResponseStatus.INSUFFICIENT_STORAGE,
                        "there are as many as response.quarantine.entries; nothing has changed");
            case FAILED ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "it could not be stored, nothing has changed; the log says why, by the id");
            case NOT_AUDITED -> Audited.notAudited();
            case END_NOT_AUDITED -> Audited.endNotAudited();
        };
    }

    private Shown shown(QuarantineDesk.Result result) {
        return Shown.of(names.of(result.quarantine().orElseThrow()));
    }

    private static Answer absent() {
        return Answer.problem(
                HttpResponseStatus.NOT_FOUND, "no such quarantine stands, nor is it one of the last that ended");
    }
}
