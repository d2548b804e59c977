package io.postern.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.baseline.Cause;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.baseline.Tainted;
import io.postern.analytics.baseline.Trait;
import io.postern.config.document.Reading;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import io.postern.gateway.http.Refused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code /v1/baselines}: what is usual for apps, and what somebody should look at. */
final class BaselinePages {

    /** What somebody should look at, and why not all of it can be approved. */
    private static final Set<Standing> OPEN =
            EnumSet.of(Standing.PROPOSED, Standing.PROVISIONAL, Standing.EXPIRED, Standing.TAINTED);

    private final BaselineDesk desk;
    private final Work work;
    private final Refusals refusals = new Refusals();
    private final BaselineSharing sharing;

    BaselinePages(BaselineDesk desk, Work work) {
        this.desk = desk;
        this.work = work;
        this.sharing = new BaselineSharing(desk, work);
    }

    /** @param next cursor of the next page; absent on the last */
    record Page(
            List<BaselineEntry> entries,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> next) {}

    /** @param next cursor of the next page; absent on the last */
    record Diffs(
            List<Diff> diffs,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> next) {}

    /**
     * What has come up since somebody decided last.
     *
     * @param version the newest that is about
     * @param counts of entries by how they stand
     * @param entries those to look at
     * @param tainted what speaks against destinations
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Diff(
            Optional<String> app,
            Optional<String> category,
            Optional<Long> version,
            Optional<String> signer,
            Map<String, Long> counts,
            List<BaselineEntry> entries,
            List<Against> tainted) {}

    /** @param destination never trusted: a peer may have chosen it */
    record Against(String destination, List<String> causes, String firstSeen, String lastSeen) {

        static Against of(Tainted tainted) {
            return new Against(
                    tainted.destination(),
                    tainted.causes().stream().map(Cause::toString).toList(),
                    BaselineEntry.time(tainted.firstMillis()),
                    BaselineEntry.time(tainted.lastMillis()));
        }
    }

    /** Where the page before ended: a subject, and perhaps an entry of it. */
    private record Place(Subject subject, String id) {

        static Optional<Place> parse(String text) {
            try {
                String[] words = new String(Base64.getUrlDecoder().decode(text), UTF_8).split("\n", -1);
                return words.length == 2
                        ? Subject.parse(words[0]).map(subject -> new Place(subject, words[1]))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        String cursor() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString((subject + "\n" + id).getBytes(UTF_8));
        }
    }

    /** What a page is asked for. */
    private record Asked(Predicate<Subject> subjects, Optional<Place> after, int limit) {

        static Asked of(Request request) throws Refused {
            Map<String, String> query = request.query();
            Optional<String> cursor = Optional.ofNullable(query.get("cursor"));
            Optional<Place> after = cursor.flatMap(Place::parse);
            if (cursor.isPresent() && after.isEmpty()) {
                throw refused("cursor must be one that a page gave");
            }
            Optional<Subject> app = Optional.ofNullable(query.get("app")).map(Subject::app);
            Optional<Subject> category =
                    Optional.ofNullable(query.get("category")).map(Subject::category);
            if (app.isPresent() && category.isPresent()) {
                throw refused("of app and category there can be one");
            }
            return new Asked(
                    subject -> app.or(() -> category)
                            .filter(one -> !one.equals(subject))
                            .isEmpty(),
                    after,
                    FlowQuery.limit(query));
        }
    }

    private static Refused refused(String what) {
        return new Refused(HttpResponseStatus.BAD_REQUEST, what);
    }

    CompletionStage<Answer> list(Request request) {
        try {
            Asked asked = Asked.of(request);
            Predicate<Known> wanted = filter(request.query());
            return work.off(() -> Answer.json(HttpResponseStatus.OK, entries(asked, wanted)));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private static Predicate<Known> filter(Map<String, String> query) throws Refused {
        Optional<String> trait = Optional.ofNullable(query.get("trait"));
        if (trait.isPresent() && trait.flatMap(Trait::of).isEmpty()) {
            throw refused("trait must be one of "
                    + Arrays.stream(Trait.values()).map(Trait::label).collect(Collectors.joining(", ")));
        }
        Optional<String> standing = Optional.ofNullable(query.get("standing"));
        Set<String> standings = Arrays.stream(Standing.values())
                .filter(one -> one != Standing.ABSENT)
                .map(Standing::label)
                .collect(Collectors.toSet());
        if (standing.isPresent() && !standings.contains(standing.get())) {
            throw refused("standing must be one of "
                    + String.join(", ", standings.stream().sorted().toList()));
        }
        return known -> (trait.isEmpty() || trait.get().equals(known.trait().label()))
                && (standing.isEmpty() || standing.get().equals(known.standing().label()));
    }

    private Page entries(Asked asked, Predicate<Known> wanted) {
        List<BaselineEntry> found = new ArrayList<>();
        Optional<Place> last = Optional.empty();
        for (Subject subject : from(asked)) {
            for (Known known : behind(subject, asked, desk.view(subject))) {
                if (!wanted.test(known)) {
                    continue;
                }
                if (found.size() == asked.limit()) {
                    return new Page(found, last.map(Place::cursor));
                }
                found.add(BaselineEntry.of(subject, known));
                last = Optional.of(new Place(subject, known.id()));
            }
        }
        return new Page(found, Optional.empty());
    }

    private List<Subject> from(Asked asked) {
        return desk.subjects().stream()
                .filter(asked.subjects())
                .filter(subject -> asked.after()
                        .filter(place -> subject.compareTo(place.subject()) < 0)
                        .isEmpty())
                .toList();
    }

    /** What stands behind the cursor, whether the entry it names is still there or not. */
    private static List<Known> behind(Subject subject, Asked asked, Optional<Learner.View> view) {
        List<Known> all = view.map(Learner.View::entries).orElse(List.of());
        Optional<String> last =
                asked.after().filter(place -> place.subject().equals(subject)).map(Place::id);
        return last.isEmpty()
                ? all
                : all.stream().filter(known -> behind(known, last.get())).toList();
    }

    /** In the order in which views have them: trait, text, situation. */
    private static boolean behind(Known known, String id) {
        String[] parts = id.split("/", 3);
        Optional<Trait> trait = Trait.of(parts[0]);
        Optional<Situation> situation = parts.length == 3 ? Situation.of(parts[1]) : Optional.empty();
        if (trait.isEmpty() || situation.isEmpty()) {
            return false;
        }
        int byTrait = known.trait().compareTo(trait.get());
        int byText = byTrait != 0 ? byTrait : known.text().compareTo(parts[2]);
        return (byText != 0 ? byText : known.situation().compareTo(situation.get())) > 0;
    }

    CompletionStage<Answer> diff(Request request) {
        try {
            Asked asked = Asked.of(request);
            return work.off(() -> Answer.json(HttpResponseStatus.OK, diffs(asked)));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private Diffs diffs(Asked asked) {
        List<Subject> subjects = from(asked).stream()
                .filter(subject -> asked.after()
                        .filter(place -> place.subject().equals(subject))
                        .isEmpty())
                .toList();
        List<Subject> page = subjects.subList(0, Math.min(asked.limit(), subjects.size()));
        return new Diffs(
                page.stream()
                        .flatMap(subject -> desk.view(subject).stream())
                        .map(BaselinePages::diff)
                        .toList(),
                subjects.size() > page.size()
                        ? Optional.of(new Place(page.get(page.size() - 1), "").cursor())
                        : Optional.empty());
    }

    private static Diff diff(Learner.View view) {
        Map<String, Long> counts = view.entries().stream()
                .collect(Collectors.groupingBy(known -> known.standing().label(), TreeMap::new, Collectors.counting()));
        return new Diff(
                BaselineEntry.name(view.subject(), Subject.Kind.APP),
                BaselineEntry.name(view.subject(), Subject.Kind.CATEGORY),
                BaselineEntry.version(view.build()),
                BaselineEntry.signer(view.build()),
                counts,
                view.entries().stream()
                        .filter(known -> OPEN.contains(known.standing()))
                        .map(known -> BaselineEntry.of(view.subject(), known))
                        .toList(),
                view.tainted().stream().map(Against::of).toList());
    }

    BaselineSharing sharing() {
        return sharing;
    }

    Route.Page approving() {
        return new Deciding(true);
    }

    Route.Page rejecting() {
        return new Deciding(false);
    }

    /** Those who may not are written down as well. */
    private final class Deciding implements Route.Page {

        private final boolean approve;

        Deciding(boolean approve) {
            this.approve = approve;
        }

        @Override
        public CompletionStage<Answer> answer(Request request) {
            return refusals.unlessTooMany(request.peer(), () -> work.off(() -> decide(request)));
        }

        private Answer decide(Request request) {
            Reading<BaselineBody> body = BaselineBody.read(request.body());
            return body.value()
                    .map(read -> BaselinePages.answer(read, desk.decide(read, approve, request.sender())))
                    .orElseGet(() -> told(
                            request.sender(),
                            Answer.problem(HttpProblem.of(
                                    HttpResponseStatus.UNPROCESSABLE_ENTITY,
                                    "the body does not say what is decided; nothing has changed",
                                    body.problems()))));
        }

        @Override
        public void forbidden(Sender sender, String tail, String query) {
            if (!refusals.tooMany(sender.peer())) {
                refusals.count(sender.peer());
                work.off(() ->
                        told(sender, Answer.problem(HttpResponseStatus.FORBIDDEN, "the role does not cover this")));
            }
        }

        private Answer told(Sender sender, Answer answer) {
            return desk.refused(approve, "", sender) ? answer : notAudited();
        }
    }

    /** How many it was, and for which version. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Done(Optional<String> app, Optional<String> category, int decided, Optional<Long> version) {}

    private static Answer answer(BaselineBody body, BaselineDesk.Result result) {
        return switch (result.end()) {
            case DECIDED ->
                Answer.json(
                        HttpResponseStatus.OK,
                        new Done(
                                BaselineEntry.name(body.subject(), Subject.Kind.APP),
                                BaselineEntry.name(body.subject(), Subject.Kind.CATEGORY),
                                result.decided(),
                                result.version() < 0 ? Optional.empty() : Optional.of(result.version())));
            case ABSENT ->
                Answer.problem(
                        HttpResponseStatus.NOT_FOUND,
                        result.which().isEmpty()
                                ? "there is nothing of it to decide; nothing has changed"
                                : "an entry that is named was not learnt of it; nothing has changed");
            case TAINTED ->
                Answer.problem(
                        HttpResponseStatus.CONFLICT,
                        "evidence speaks of an entry that is named: close its findings as benign first;"
                                + " nothing has changed");
            case NOT_STORED ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "it is in force, but could not be stored and ends with this run; the log says why");
            case NOT_AUDITED -> notAudited();
            case END_NOT_AUDITED ->
                Answer.problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "it is decided, but the audit log could not be told its end");
        };
    }

    private static Answer notAudited() {
        return Answer.problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "the audit log cannot be written; nothing has changed");
    }
}
